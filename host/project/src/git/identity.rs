//! Who makes commits: what the user or the repository says (git-commit(1), "Commit
//! information"). A name and an address are data; git is asked which of them counts.

use super::layout::Repository;
use crate::error::ProjectError;

/// Keys and values in git's order: system, user, repository, command line.
#[derive(Debug, Default)]
pub(crate) struct Identity(Vec<(String, String)>);

impl Repository {
    /// Who makes commits here.
    ///
    /// # Errors
    ///
    /// When git cannot be asked.
    pub(crate) fn identity(&self) -> Result<Identity, ProjectError> {
        let wanted = r"^(author|user)\.(name|email)$";
        let answer = self.copy()?.ask(&["config", "--null", "--get-regexp", wanted])?;
        Ok(Identity::parse(&answer.stdout))
    }
}

impl Identity {
    /// `git config --null`: `KEY LF VALUE NUL`, or `KEY NUL` without a value.
    fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let entries = text.split_terminator('\0').filter_map(|entry| entry.split_once('\n'));
        Self(entries.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
    }

    /// `name` or `email` of the author: of `author.*`, else of `user.*`, the last one each.
    pub(crate) fn author(&self, what: &str) -> Option<&str> {
        ["author", "user"].into_iter().find_map(|section| {
            let wanted = format!("{section}.{what}");
            let found = self.0.iter().rev().find(|(key, _)| *key == wanted);
            found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_author_counts_more_than_the_user_and_the_last_one_most() {
        let identity = Identity::parse(
            b"user.name\nGlobal\0user.name\nLocal\0author.email\na@x\0user.email\nu@x\0author.name\n\0",
        );
        assert_eq!(identity.author("name"), Some("Local"));
        assert_eq!(identity.author("email"), Some("a@x"));
        assert_eq!(Identity::default().author("name"), None);
    }
}
