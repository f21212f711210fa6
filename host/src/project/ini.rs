//! Reads one section of an INI file as Python's `configparser` does without
//! interpolation, because these files are shared with the Python `renku`.
//!
//! `key = value` or `key: value`; keys in any case; whole-line comments with
//! `#` or `;`; a line indented deeper than its key continues the value. Unlike
//! there, sections that are not ours may hold anything.

/// A line that makes no sense, counted from 1, and why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadLine(pub(super) usize, pub(super) &'static str);

/// One key, its value, in the order of the file.
pub(super) type Entry = (String, String);

/// The entries of the section `wanted`. The old spelling `renku "wanted"` is the
/// same section; where both have a key, the plain one comes later and so wins.
///
/// # Errors
///
/// For a line of ours without a delimiter, and for a value outside any section.
pub(super) fn section(text: &str, wanted: &str) -> Result<Vec<Entry>, BadLine> {
    let legacy = format!("renku \"{wanted}\"");
    let mut old: Vec<Entry> = Vec::new();
    let mut plain: Vec<Entry> = Vec::new();
    let mut place = Place::Nowhere;
    // The indentation of the key above, when its value may go on.
    let mut key_indent: Option<usize> = None;

    for (index, line) in text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate() {
        let content = line.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let entries = match place {
            Place::Plain => Some(&mut plain),
            Place::Legacy => Some(&mut old),
            Place::Nowhere | Place::Elsewhere => None,
        };
        if key_indent.is_some_and(|above| indent > above) {
            if let Some((_, value)) = entries.and_then(|entries| entries.last_mut()) {
                value.push('\n');
                value.push_str(content);
            }
            continue;
        }
        if let Some(header) = header(content) {
            place = match header {
                name if name == wanted => Place::Plain,
                name if name == legacy => Place::Legacy,
                _ => Place::Elsewhere,
            };
            key_indent = None;
            continue;
        }
        key_indent = Some(indent);
        let Some(entries) = entries else {
            if matches!(place, Place::Nowhere) {
                return Err(BadLine(index + 1, "this stands before the first `[section]`"));
            }
            continue;
        };
        let Some((key, value)) =
            content.split_once(['=', ':']).filter(|(key, _)| !key.trim().is_empty())
        else {
            return Err(BadLine(index + 1, "this is not `key = value`"));
        };
        entries.push((key.trim().to_lowercase(), value.trim().to_owned()));
    }
    old.append(&mut plain);
    Ok(old)
}

enum Place {
    Nowhere,
    Plain,
    Legacy,
    Elsewhere,
}

fn header(content: &str) -> Option<&str> {
    let (name, _) = content.strip_prefix('[')?.rsplit_once(']')?;
    Some(name.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Entry>, BadLine> {
        section(text, "interactive")
    }

    fn entry(key: &str, value: &str) -> Entry {
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
        assert_eq!(
            read("image = x\n"),
            Err(BadLine(1, "this stands before the first `[section]`"))
        );
    }
}
