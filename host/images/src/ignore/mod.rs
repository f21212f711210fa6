//! `.dockerignore`: which files of the project are not sent.
//!
//! Rules: <https://docs.docker.com/build/concepts/context/#dockerignore-files>.
//! Lines are patterns for paths from the project's root; the last one that
//! matches decides; a pattern that matches a directory matches all below it;
//! `!` makes an exception.

use std::path::Path;

use crate::ImageError;
use crate::files::ProjectTree;
use crate::glob::Glob;

/// More than any such file has; what is compared with every path comes with a project.
const BYTES: u64 = 256 * 1024;
const PATTERNS: usize = 1000;

/// The rules of one build.
#[derive(Debug, Default)]
pub struct IgnoreFile {
    rules: Vec<Rule>,
    text: Vec<u8>,
    /// Whether the Dockerfile or the file itself is listed, and sent in spite of that.
    lists_needed: bool,
}

#[derive(Debug)]
struct Rule {
    exception: bool,
    glob: Glob,
    /// The path up to the first wildcard: most rules are done with it.
    literal: String,
    has_wildcard: bool,
}

impl Rule {
    fn matches(&self, path: &str) -> bool {
        match path.strip_prefix(&self.literal) {
            Some(rest) if !self.has_wildcard => rest.is_empty(),
            Some(_) => self.glob.matches(path),
            None => false,
        }
    }
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
    /// [`ImageError::IgnorePattern`], `IgnorePatterns`, `File`.
    pub fn read(tree: &ProjectTree, dockerfile: &str) -> Result<Self, ImageError> {
        for file in [format!("{dockerfile}.dockerignore"), ".dockerignore".to_owned()] {
            let read = tree.read(Path::new(&file), BYTES)?;
            let Some(bytes) = read else { continue };
            let mut rules = Self::parse(&String::from_utf8_lossy(&bytes))
                .map_err(|pattern| ImageError::IgnorePattern { file: file.clone(), pattern })?;
            if rules.rules.len() > PATTERNS {
                return Err(ImageError::IgnorePatterns { file, most: PATTERNS });
            }
            rules.lists_needed = [".dockerignore", dockerfile].iter().any(|path| rules.lists(path));
            for needed in [".dockerignore", dockerfile] {
                rules.rules.push(Rule {
                    exception: true,
                    glob: Glob::literal(needed),
                    literal: needed.to_owned(),
                    has_wildcard: false,
                });
            }
            rules.text = bytes;
            return Ok(rules);
        }
        Ok(Self::default())
    }

    /// Whether the Dockerfile or the file itself is to stay out of the image, although the
    /// builder needs it.
    #[must_use]
    pub fn lists_needed(&self) -> bool {
        self.lists_needed
    }

    /// Whether a path is left out, alone or with a folder above it.
    pub(crate) fn lists(&self, path: &str) -> bool {
        let mut matched = Matched::new();
        let mut excluded = false;
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        for part in ends.filter_map(|end| path.get(..end)) {
            (excluded, matched) = self.excludes(part, &matched);
        }
        excluded
    }

    /// The file as it is; empty when there is none.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// The rules of a file; the error is the line that is none.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
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
            let (glob, pattern) = Glob::parse(pattern).ok_or_else(|| line.to_owned())?;
            let end = pattern.find(['*', '?', '[', '\\']);
            let literal = pattern.get(..end.unwrap_or(pattern.len())).unwrap_or_default();
            let (literal, has_wildcard) = (literal.to_owned(), end.is_some());
            rules.push(Rule { exception, glob, literal, has_wildcard });
        }
        Ok(Self { rules, text: Vec::new(), lists_needed: false })
    }

    /// Whether `path` (from the root, with slashes) is left out, and which
    /// rules matched it. `parent` is that answer for its directory, empty for
    /// the root.
    pub(crate) fn excludes(&self, path: &str, parent: &[bool]) -> (bool, Matched) {
        let inherited = parent.iter().copied().chain(std::iter::repeat(false));
        let matched: Matched = self
            .rules
            .iter()
            .zip(inherited)
            .map(|(rule, inherited)| inherited || rule.matches(path))
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
            rule.literal.starts_with(&directory)
                || (rule.has_wildcard && directory.starts_with(&rule.literal))
        })
    }
}

#[cfg(test)]
mod tests;
