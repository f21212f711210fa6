//! `.dockerignore`: which files of the project are not sent.
//!
//! Rules: <https://docs.docker.com/build/concepts/context/#dockerignore-files>.
//! Lines are patterns for paths from the project's root; the last one that
//! matches decides; a pattern that matches a directory matches all below it;
//! `!` makes an exception.

use std::path::Path;

use crate::ImageError;

/// The rules of one build.
#[derive(Debug, Default)]
pub struct IgnoreFile {
    rules: Vec<Rule>,
    text: Vec<u8>,
}

/// A pattern for paths.
#[derive(Debug)]
pub(crate) struct Glob(Vec<Token>);

impl Glob {
    /// A pattern, and how it is written without `.`, `..` and outer slashes; none
    /// when it means nothing.
    pub(crate) fn parse(pattern: &str) -> Option<(Self, String)> {
        let pattern = normalise(pattern);
        Some((Self(tokens(&pattern)?), pattern))
    }

    /// Whether the whole of `path` matches.
    pub(crate) fn matches(&self, path: &str) -> bool {
        matches(&self.0, &path.chars().collect::<Vec<char>>())
    }
}

#[derive(Debug)]
struct Rule {
    exception: bool,
    glob: Vec<Token>,
    /// The path up to the first wildcard, for [`IgnoreFile::may_contain_exception`].
    literal: String,
}

/// One element of a pattern.
#[derive(Debug, PartialEq, Eq)]
enum Token {
    Literal(char),
    /// `?`: one character but a slash.
    AnyCharacter,
    /// `[a-z]`: ranges, and whether they are negated.
    Class(Vec<(char, char)>, bool),
    /// `*`: anything without a slash.
    Star,
    /// `**/`: any number of directories.
    Directories,
    /// `**` at the end: anything.
    Everything,
}

/// Which rules matched a directory; what is below it inherits them.
pub(crate) type Matched = Vec<bool>;

impl IgnoreFile {
    /// Reads `<Dockerfile>.dockerignore` beside the Dockerfile or, without it,
    /// `.dockerignore` of the root. The Dockerfile (a path from the root) and
    /// the file itself are always sent: the engine needs them.
    ///
    /// # Errors
    ///
    /// [`ImageError::IgnorePattern`], `ProjectUnreadable`.
    pub fn read(root: &Path, dockerfile: &str) -> Result<Self, ImageError> {
        for file in [format!("{dockerfile}.dockerignore"), ".dockerignore".to_owned()] {
            let path = root.join(&file);
            match std::fs::read(&path) {
                Ok(bytes) => {
                    let mut rules = Self::parse(&String::from_utf8_lossy(&bytes))
                        .map_err(|pattern| ImageError::IgnorePattern { file, pattern })?;
                    for needed in [".dockerignore", dockerfile] {
                        rules.rules.push(Rule {
                            exception: true,
                            glob: needed.chars().map(Token::Literal).collect(),
                            literal: needed.to_owned(),
                        });
                    }
                    rules.text = bytes;
                    return Ok(rules);
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(source) => return Err(ImageError::ProjectUnreadable { path, source }),
            }
        }
        Ok(Self::default())
    }

    /// The file as it is; empty when there is none.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// The rules of a file; the error is the line that is none.
    fn parse(text: &str) -> Result<Self, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut rules = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let line = line.trim();
            let (exception, pattern) = match line.strip_prefix('!') {
                Some(pattern) => (true, pattern.trim()),
                None => (false, line),
            };
            if pattern.is_empty() {
                if exception {
                    return Err(line.to_owned());
                }
                continue;
            }
            let pattern = normalise(pattern);
            let glob = tokens(&pattern).ok_or_else(|| line.to_owned())?;
            let end = pattern.find(['*', '?', '[', '\\']).unwrap_or(pattern.len());
            let literal = pattern.get(..end).unwrap_or_default().to_owned();
            rules.push(Rule { exception, glob, literal });
        }
        Ok(Self { rules, text: Vec::new() })
    }

    /// Whether `path` (from the root, with slashes) is left out, and which
    /// rules matched it. `parent` is that answer for its directory, empty for
    /// the root.
    pub(crate) fn excludes(&self, path: &str, parent: &[bool]) -> (bool, Matched) {
        let characters: Vec<char> = path.chars().collect();
        let inherited = parent.iter().copied().chain(std::iter::repeat(false));
        let matched: Matched = self
            .rules
            .iter()
            .zip(inherited)
            .map(|(rule, inherited)| inherited || matches(&rule.glob, &characters))
            .collect();
        let excluded = self
            .rules
            .iter()
            .zip(&matched)
            .rfind(|(_, matched)| **matched)
            .is_some_and(|(rule, _)| !rule.exception);
        (excluded, matched)
    }

    /// Whether an exception could match below an excluded directory, so that it
    /// has to be looked into.
    pub(crate) fn may_contain_exception(&self, directory: &str) -> bool {
        let directory = format!("{directory}/");
        self.rules.iter().filter(|rule| rule.exception).any(|rule| {
            let has_wildcard = rule.literal.chars().count() != rule.glob.len();
            rule.literal.starts_with(&directory)
                || (has_wildcard && directory.starts_with(&rule.literal))
        })
    }
}

/// Without `.`, `..`, double and outer slashes, as Go's `filepath.Clean`.
fn normalise(pattern: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in pattern.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// None when a class has no end or a backslash nothing to escape.
fn tokens(pattern: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let token = match c {
            '*' if chars.next_if_eq(&'*').is_some() => {
                while chars.next_if_eq(&'*').is_some() {}
                if chars.next_if_eq(&'/').is_some() {
                    Token::Directories
                } else if chars.peek().is_none() {
                    Token::Everything
                } else {
                    // `**.txt`: any directories, then a name that ends so.
                    tokens.push(Token::Directories);
                    Token::Star
                }
            }
            '*' => Token::Star,
            '?' => Token::AnyCharacter,
            '\\' => Token::Literal(chars.next()?),
            '[' => class(&mut chars)?,
            c => Token::Literal(c),
        };
        tokens.push(token);
    }
    Some(tokens)
}

fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Token> {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        let low = match chars.next()? {
            ']' if !ranges.is_empty() => return Some(Token::Class(ranges, negated)),
            ']' => return None,
            '\\' => chars.next()?,
            c => c,
        };
        let high = if chars.next_if_eq(&'-').is_some() {
            match chars.next()? {
                '\\' => chars.next()?,
                ']' => return None,
                c => c,
            }
        } else {
            low
        };
        ranges.push((low, high));
    }
}

fn matches(glob: &[Token], path: &[char]) -> bool {
    let Some((token, rest)) = glob.split_first() else { return path.is_empty() };
    let one = |fits: &dyn Fn(char) -> bool| {
        path.split_first().is_some_and(|(c, after)| fits(*c) && matches(rest, after))
    };
    match token {
        Token::Literal(wanted) => one(&|c| c == *wanted),
        Token::AnyCharacter => one(&|c| c != '/'),
        Token::Class(ranges, negated) => one(&|c| {
            c != '/' && ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated
        }),
        Token::Everything => true,
        Token::Star => {
            let mut after = path;
            loop {
                if matches(rest, after) {
                    return true;
                }
                match after.split_first() {
                    Some((c, next)) if *c != '/' => after = next,
                    _ => return false,
                }
            }
        }
        Token::Directories => {
            let mut after = path;
            loop {
                if matches(rest, after) {
                    return true;
                }
                match after.iter().position(|c| *c == '/') {
                    Some(slash) => after = after.get(slash + 1..).unwrap_or_default(),
                    None => return false,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
