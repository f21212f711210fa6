//! Changes one key of one section of an INI file and leaves every other byte as
//! it is: comments, order, other sections, line endings.
//!
//! The grammar is that of [`super::ini`].

use super::ini::{self, BadLine};

/// `text` with `key = value` in the section `wanted`. Every line that sets the
/// key (also in the old spelling of the section, which the Python `renku`
/// prefers) gets the value; without one, a line is added at the end of the
/// section, and without a section, that too.
///
/// # Errors
///
/// When the file is not understood: nothing is written into it then.
pub(super) fn set(text: &str, wanted: &str, key: &str, value: &str) -> Result<String, BadLine> {
    let file = File::read(text, wanted)?;
    let places = file.of(key);
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut lines = Vec::new();
    for (index, line) in file.lines.iter().enumerate() {
        match places.iter().find(|place| place.contains(index)) {
            None => lines.push((*line).to_owned()),
            Some(place) if place.first == index => lines.push(replaced(line, value, end)),
            // The rest of a value of several lines.
            Some(_) => {}
        }
    }
    if places.is_empty() {
        file.add(&mut lines, wanted, &format!("{key} = {value}{end}"), end);
    }
    Ok(lines.concat())
}

/// `text` without the lines that set `key`; none when there are none.
///
/// # Errors
///
/// As [`set`].
pub(super) fn unset(text: &str, wanted: &str, key: &str) -> Result<Option<String>, BadLine> {
    let file = File::read(text, wanted)?;
    let places = file.of(key);
    if places.is_empty() {
        return Ok(None);
    }
    let kept = file.lines.iter().enumerate();
    let kept = kept.filter(|(index, _)| !places.iter().any(|place| place.contains(*index)));
    Ok(Some(kept.map(|(_, line)| *line).collect()))
}

/// The lines of a file with their ends, and where our entries stand.
struct File<'a> {
    lines: Vec<&'a str>,
    layout: ini::Layout,
}

impl<'a> File<'a> {
    fn read(text: &'a str, wanted: &str) -> Result<Self, BadLine> {
        Ok(Self { lines: text.split_inclusive('\n').collect(), layout: ini::layout(text, wanted)? })
    }

    fn of(&self, key: &str) -> Vec<&ini::IniSetting> {
        self.layout.entries.iter().filter(|entry| entry.key == key).collect()
    }

    /// Adds a line behind the last one of the section that is not empty.
    fn add(&self, lines: &mut Vec<String>, wanted: &str, line: &str, end: &str) {
        if let Some(last) = lines.last_mut()
            && !last.ends_with('\n')
        {
            last.push_str(end);
        }
        match self.layout.last_line {
            Some(last) => lines.insert(last + 1, line.to_owned()),
            None => {
                if lines.last().is_some_and(|last| !last.trim().is_empty()) {
                    lines.push(end.to_owned());
                }
                lines.push(format!("[{wanted}]{end}"));
                lines.push(line.to_owned());
            }
        }
    }
}

/// The line up to its delimiter and the blanks behind it, then the value.
fn replaced(line: &str, value: &str, end: &str) -> String {
    let delimiter = line.find(['=', ':']).unwrap_or(line.len());
    let (key, rest) = line.split_at_checked(delimiter + 1).unwrap_or((line, ""));
    let content = rest.trim_end_matches(['\r', '\n']);
    let blanks = content.len() - content.trim_start().len();
    let blanks = content.get(..blanks).filter(|_| !content.trim().is_empty()).unwrap_or(" ");
    format!("{key}{blanks}{value}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str, key: &str, value: &str) -> String {
        set(text, "interactive", key, value).unwrap()
    }

    fn without(text: &str, key: &str) -> Option<String> {
        unset(text, "interactive", key).unwrap()
    }

    const FILE: &str = "# of the project\n[renku]\ncpu_request = no\n\n[interactive]\n; how much\ncpu_request=1\nimage:  a\n    b\n\n# the end\n[other]\nanything goes\n";

    #[test]
    fn a_value_is_replaced_where_it_stands_and_nothing_else_changes() {
        assert_eq!(with(FILE, "cpu_request", "2"), FILE.replace("cpu_request=1", "cpu_request=2"));
        assert_eq!(with(FILE, "image", "c"), FILE.replace("image:  a\n    b\n", "image:  c\n"));
    }

    #[test]
    fn a_new_key_goes_to_the_end_of_its_section() {
        assert_eq!(
            with(FILE, "provider", "docker"),
            FILE.replace("    b\n", "    b\nprovider = docker\n")
        );
        assert_eq!(with("[interactive]", "image", "a"), "[interactive]\nimage = a\n");
    }

    #[test]
    fn a_new_section_goes_to_the_end_of_the_file() {
        assert_eq!(with("", "image", "a"), "[interactive]\nimage = a\n");
        assert_eq!(
            with("[renku]\nx = 1", "image", "a"),
            "[renku]\nx = 1\n\n[interactive]\nimage = a\n"
        );
    }

    #[test]
    fn every_line_that_sets_the_key_agrees_afterwards() {
        let text =
            "[renku \"interactive\"]\nImage = old\n[interactive]\nimage = new\nimage = newer\n";
        assert_eq!(
            with(text, "image", "x"),
            "[renku \"interactive\"]\nImage = x\n[interactive]\nimage = x\nimage = x\n"
        );
        assert_eq!(without(text, "image").unwrap(), "[renku \"interactive\"]\n[interactive]\n");
    }

    #[test]
    fn the_old_section_is_used_where_it_is_the_only_one() {
        assert_eq!(
            with("[renku \"interactive\"]\nimage = a\n", "cpu_request", "2"),
            "[renku \"interactive\"]\nimage = a\ncpu_request = 2\n"
        );
    }

    #[test]
    fn line_endings_of_windows_and_marks_of_editors_stay() {
        assert_eq!(
            with("\u{feff}[interactive]\r\nimage = a\r\n", "image", "b"),
            "\u{feff}[interactive]\r\nimage = b\r\n"
        );
        assert_eq!(
            with("[interactive]\r\nimage = a\r\n", "cpu_request", "1"),
            "[interactive]\r\nimage = a\r\ncpu_request = 1\r\n"
        );
    }

    #[test]
    fn an_empty_value_gets_one() {
        assert_eq!(with("[interactive]\nimage =\n", "image", "a"), "[interactive]\nimage = a\n");
    }

    #[test]
    fn removing_what_is_not_there_changes_nothing() {
        assert_eq!(without(FILE, "provider"), None);
        assert_eq!(without(FILE, "image").unwrap(), FILE.replace("image:  a\n    b\n", ""));
    }

    #[test]
    fn a_file_that_is_not_understood_is_left_alone() {
        assert!(set("image = a\n", "interactive", "image", "b").is_err());
    }
}
