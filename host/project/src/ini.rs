//! Reads one section of an INI file as Python's `configparser` does without
//! interpolation, because these files are shared with the Python `renku`.
//!
//! `key = value` or `key: value`; keys in any case; whole-line comments with
//! `#` or `;`; a line indented deeper than its key continues the value. Unlike
//! there, sections that are not ours may hold anything.

/// A line that makes no sense, counted from 1, and why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadLine(pub(super) usize, pub(super) &'static str);

/// One entry of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IniSetting {
    /// In lower case.
    pub(super) key: String,
    /// Without the blanks around it; further lines of it behind line breaks.
    pub(super) value: String,
    /// Its first line, counted from 0.
    pub(super) first: usize,
    last: usize,
}

impl IniSetting {
    /// Whether this line of the file belongs to it.
    pub(super) fn contains(&self, line: usize) -> bool {
        (self.first..=self.last).contains(&line)
    }
}

/// A section in its file.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Its entries; of two with the same key the later one wins.
    pub(super) entries: Vec<IniSetting>,
    /// The last line of it that says anything, counted from 0: that of the plain
    /// section, else that of the old spelling; none when there is no section.
    pub(super) last_line: Option<usize>,
}

/// The entries of the section `wanted`. The old spelling `renku "wanted"` is the
/// same section; where both have a key, the plain one comes later and so wins.
///
/// # Errors
///
/// For a line of ours without a delimiter, and for a value outside any section.
pub(super) fn layout(text: &str, wanted: &str) -> Result<Layout, BadLine> {
    let legacy = format!("renku \"{wanted}\"");
    let mut old = Layout::default();
    let mut plain = Layout::default();
    let mut place = Place::Nowhere;
    // The indentation of the key above, when its value may go on.
    let mut key_indent: Option<usize> = None;

    for (index, line) in text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate() {
        let content = line.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let section = match place {
            Place::Plain => Some(&mut plain),
            Place::Legacy => Some(&mut old),
            Place::Nowhere | Place::Elsewhere => None,
        };
        if key_indent.is_some_and(|above| indent > above) {
            if let Some(section) = section {
                section.last_line = Some(index);
                if let Some(entry) = section.entries.last_mut() {
                    entry.value.push('\n');
                    entry.value.push_str(content);
                    entry.last = index;
                }
            }
            continue;
        }
        if let Some(header) = header(content) {
            (place, key_indent) = (Place::of(header, wanted, &legacy), None);
            match place {
                Place::Plain => plain.last_line = Some(index),
                Place::Legacy => old.last_line = Some(index),
                Place::Nowhere | Place::Elsewhere => {}
            }
            continue;
        }
        key_indent = Some(indent);
        let Some(section) = section else {
            if matches!(place, Place::Nowhere) {
                return Err(BadLine(index + 1, "this comes before the first `[section]`"));
            }
            continue;
        };
        let Some((key, value)) =
            content.split_once(['=', ':']).filter(|(key, _)| !key.trim().is_empty())
        else {
            return Err(BadLine(index + 1, "this is not `key = value`"));
        };
        let (key, value) = (key.trim().to_lowercase(), value.trim().to_owned());
        section.last_line = Some(index);
        section.entries.push(IniSetting { key, value, first: index, last: index });
    }
    old.entries.append(&mut plain.entries);
    Ok(Layout { entries: old.entries, last_line: plain.last_line.or(old.last_line) })
}

enum Place {
    Nowhere,
    Plain,
    Legacy,
    Elsewhere,
}

impl Place {
    fn of(header: &str, wanted: &str, legacy: &str) -> Self {
        match header {
            name if name == wanted => Self::Plain,
            name if name == legacy => Self::Legacy,
            _ => Self::Elsewhere,
        }
    }
}

/// The names of all sections.
pub(super) fn sections(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| header(line.trim()))
}

fn header(content: &str) -> Option<&str> {
    let (name, _) = content.strip_prefix('[')?.rsplit_once(']')?;
    Some(name.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, String)>, BadLine> {
        let entries = layout(text, "interactive")?.entries;
        Ok(entries.into_iter().map(|entry| (entry.key, entry.value)).collect())
    }

    fn entry(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn both_delimiters_comments_and_any_case_are_read_raw() {
        let text = "\u{feff}# a comment\n[other]\nanything goes\n[interactive]\n\
            Default_URL: /lab?a=%(b)s\n; another\nimage=reg:5000/x:1 # raw\n\n[renku]\nimage = no\n";
        assert_eq!(
            read(text).unwrap(),
            [entry("default_url", "/lab?a=%(b)s"), entry("image", "reg:5000/x:1 # raw")]
        );
    }

    #[test]
    fn the_old_section_is_merged_and_the_plain_one_wins() {
        let text =
            "[interactive]\nimage = new\n[renku \"interactive\"]\nimage = old\ncpu_request = 2\n";
        assert_eq!(
            read(text).unwrap(),
            [entry("image", "old"), entry("cpu_request", "2"), entry("image", "new")]
        );
    }

    #[test]
    fn indented_keys_are_keys_and_deeper_lines_go_on() {
        let text = "[interactive]\n  image = a\n  provider = b\n    c\n  [renku]\n";
        assert_eq!(read(text).unwrap(), [entry("image", "a"), entry("provider", "b\nc")]);
    }

    #[test]
    fn a_line_without_sense_is_named_by_its_number() {
        assert_eq!(read("[interactive]\n\nimage\n"), Err(BadLine(3, "this is not `key = value`")));
        assert_eq!(read("[interactive]\n= x\n"), Err(BadLine(2, "this is not `key = value`")));
        assert_eq!(read("image = x\n"), Err(BadLine(1, "this comes before the first `[section]`")));
    }
}
