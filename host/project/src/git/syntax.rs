//! The syntax of git's configuration files (git-config(1), "Syntax"): read as data, and
//! written for a git of ours. Nothing is looked up, and no other file is read.

use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;

/// One setting, as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GitSetting {
    /// In lower case.
    pub(super) section: String,
    /// What stands in quotes behind the section.
    pub(super) subsection: Option<String>,
    /// In lower case.
    pub(super) name: String,
    /// None for a name alone, which means yes.
    pub(super) value: Option<String>,
}

/// A line that makes no sense, from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadLine(pub(super) usize);

/// All settings of a file in their order.
///
/// # Errors
///
/// Where git itself would give up.
pub(super) fn parse(text: &str) -> Result<Vec<GitSetting>, BadLine> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut reader = Reader { rest: text.chars().peekable(), line: 1 };
    let mut entries = Vec::new();
    let (mut section, mut subsection) = (String::new(), None);
    loop {
        match reader.next() {
            None => return Ok(entries),
            Some(character) if character.is_ascii_whitespace() => {}
            Some('#' | ';') => reader.comment(),
            Some('[') => (section, subsection) = reader.section()?,
            Some(first) if first.is_ascii_alphabetic() => {
                let (name, value) = reader.setting(first)?;
                let (section, subsection) = (section.clone(), subsection.clone());
                entries.push(GitSetting { section, subsection, name, value });
            }
            Some(_) => return Err(reader.bad()),
        }
    }
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    line: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.rest.next();
        if next == Some('\n') {
            self.line += 1;
        }
        next
    }

    fn bad(&self) -> BadLine {
        BadLine(self.line)
    }

    fn comment(&mut self) {
        while self.rest.next_if(|next| *next != '\n').is_some() {}
    }

    fn blanks(&mut self) {
        while self.rest.next_if(|next| matches!(next, ' ' | '\t' | '\r')).is_some() {}
    }

    /// `section]`, `section "Sub"]`, or of old `section.sub]`.
    fn section(&mut self) -> Result<(String, Option<String>), BadLine> {
        let mut name = String::new();
        loop {
            match self.rest.peek() {
                Some(']') => {
                    self.next();
                    return Ok(match name.split_once('.') {
                        Some((section, sub)) => (section.to_owned(), Some(sub.to_owned())),
                        None => (name, None),
                    });
                }
                Some(' ' | '\t') => break,
                Some(next) if next.is_ascii_alphanumeric() || matches!(next, '-' | '.') => {
                    name.push(next.to_ascii_lowercase());
                    self.next();
                }
                _ => return Err(self.bad()),
            }
        }
        self.blanks();
        if self.next() != Some('"') {
            return Err(self.bad());
        }
        let mut sub = String::new();
        loop {
            match self.rest.peek() {
                Some('"') => break,
                Some('\n') | None => return Err(self.bad()),
                Some('\\') => {
                    self.next();
                    match self.rest.peek() {
                        Some('\n') | None => return Err(self.bad()),
                        Some(next) => sub.push(*next),
                    }
                }
                Some(next) => sub.push(*next),
            }
            self.next();
        }
        self.next();
        match self.rest.peek() {
            Some(']') => self.next(),
            _ => return Err(self.bad()),
        };
        Ok((name, Some(sub)))
    }

    /// A name that begins with `first`, and its value.
    fn setting(&mut self, first: char) -> Result<(String, Option<String>), BadLine> {
        let mut name = first.to_ascii_lowercase().to_string();
        while let Some(next) =
            self.rest.next_if(|next| next.is_ascii_alphanumeric() || *next == '-')
        {
            name.push(next.to_ascii_lowercase());
        }
        self.blanks();
        match self.rest.peek() {
            None | Some('\n') => Ok((name, None)),
            Some('=') => {
                self.next();
                Ok((name, Some(self.value()?)))
            }
            _ => Err(self.bad()),
        }
    }

    fn value(&mut self) -> Result<String, BadLine> {
        let mut value = String::new();
        // What stands behind this is blank, and counts when something follows.
        let mut solid = 0;
        let mut is_quoted = false;
        self.blanks();
        loop {
            match self.rest.peek().copied() {
                None | Some('\n') if is_quoted => return Err(self.bad()),
                None | Some('\n') => break,
                Some('#' | ';') if !is_quoted => {
                    self.comment();
                    break;
                }
                Some('"') => {
                    is_quoted = !is_quoted;
                    solid = value.len();
                }
                Some('\\') => {
                    self.next();
                    match self.rest.peek() {
                        Some('\n') => {}
                        Some('n') => value.push('\n'),
                        Some('t') => value.push('\t'),
                        Some('b') => value.push('\u{8}'),
                        Some(next @ ('"' | '\\')) => value.push(*next),
                        _ => return Err(self.bad()),
                    }
                    solid = value.len();
                }
                Some(next) => {
                    value.push(next);
                    if is_quoted || !next.is_ascii_whitespace() {
                        solid = value.len();
                    }
                }
            }
            self.next();
        }
        value.truncate(solid);
        Ok(value)
    }
}

/// Adds a setting to a file.
pub(super) fn write(text: &mut String, entry: &GitSetting) {
    let GitSetting { section, subsection, name, value } = entry;
    // Writing to a string cannot fail.
    let _ = match subsection {
        Some(sub) => {
            writeln!(text, "[{section} \"{}\"]", sub.replace('\\', "\\\\").replace('"', "\\\""))
        }
        None => writeln!(text, "[{section}]"),
    };
    let _ = match value {
        Some(value) => writeln!(text, "\t{name} = \"{}\"", escaped(value)),
        None => writeln!(text, "\t{name}"),
    };
}

fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '\\' => text.push_str("\\\\"),
            '"' => text.push_str("\\\""),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn keys(text: &str) -> Vec<(String, Option<String>)> {
        let entries = parse(text).unwrap().into_iter();
        entries.map(|entry| (key(&entry), entry.value)).collect()
    }

    fn key(entry: &GitSetting) -> String {
        let sub = entry.subsection.as_ref().map_or_else(String::new, |sub| format!("{sub}."));
        format!("{}.{sub}{}", entry.section, entry.name)
    }

    /// What git itself finds in a file.
    fn by_git(text: &str) -> Vec<(String, Option<String>)> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let mut git = Command::new("git");
        git.args(["config", "--list", "--null", "--file"]).arg(file.path());
        let output = git.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let listed = String::from_utf8(output.stdout).unwrap();
        let entry = |entry: &str| match entry.split_once('\n') {
            Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
            None => (entry.to_owned(), None),
        };
        listed.split_terminator('\0').map(entry).collect()
    }

    const ODD: &str = "\u{feff}; comment\n[core]\n\tbare = false\r\n\tFileMode\n[Remote \"a \\\"b\\\" .c\\\\\"] url = \
        https://x/y # why\n\tpushURL = \"  spaces ; kept \" \n fetch = +refs/heads/*:refs/remotes/a/*\n\
        [branch.Main]\n merge = refs/heads/\\\n  main\n[a] b = \"one\\ttwo\\n\\\"three\\\"\" four  five \n c=\n d = x\"y z\"\n\
        e = it;no\n f =\n[last] x = end";

    #[test]
    fn files_are_understood_as_git_does() {
        assert_eq!(keys(ODD), by_git(ODD));
        assert_eq!(keys(ODD).len(), 12);
        assert_eq!(keys(""), []);
    }

    #[test]
    fn what_is_written_is_what_git_reads() {
        let entries = parse(ODD).unwrap();
        let mut text = String::new();
        entries.iter().for_each(|entry| write(&mut text, entry));
        assert_eq!(by_git(&text), keys(ODD));
        assert_eq!(parse(&text).unwrap(), entries);
    }

    #[test]
    fn a_line_that_git_does_not_understand_is_named() {
        for (text, line) in [
            ("[core\n", 1),
            ("[core]\n\n = x\n", 3),
            ("[core]\n a b\n", 2),
            ("[core]\n a = \"b\n", 2),
            ("[core]\n a = \\x\n", 2),
            ("[remote \"a\n\"]\n", 1),
            ("[remote a]\n", 1),
        ] {
            assert_eq!(parse(text), Err(BadLine(line)), "{text:?}");
        }
    }
}
