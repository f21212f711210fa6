//! What we want from git's configuration, read in one go: remotes, upstreams,
//! the author.

use std::path::Path;

use super::git;

/// Keys and values in git's order: system, user, project; includes resolved.
#[derive(Debug, Default)]
pub(super) struct Configuration(Vec<(String, String)>);

impl Configuration {
    /// Asks git. Nothing in it is worth failing for: when git fails it is empty,
    /// and who needs git for more than a name hears of it there.
    pub(super) fn read(root: &Path) -> Self {
        let wanted = r"^(remote\..*\.url|branch\..*\.(remote|merge)|(author|user)\.(name|email))$";
        let output = git::output(root, &["config", "--null", "--get-regexp", wanted]);
        output.map_or_else(|_| Self::default(), |bytes| Self::parse(&bytes))
    }

    /// `git config --null`: `KEY LF VALUE NUL`, or `KEY NUL` without a value.
    fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        Self(
            text.split_terminator('\0')
                .map(|entry| entry.split_once('\n').unwrap_or((entry, "")))
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    /// The remotes in their order, each with its first URL.
    pub(super) fn remotes(&self) -> Vec<(&str, &str)> {
        let mut remotes: Vec<(&str, &str)> = Vec::new();
        for (key, url) in &self.0 {
            let name = key.strip_prefix("remote.").and_then(|rest| rest.strip_suffix(".url"));
            if let Some(name) = name
                && !remotes.iter().any(|(known, _)| *known == name)
            {
                remotes.push((name, url));
            }
        }
        remotes
    }

    /// The remote a branch follows.
    pub(super) fn upstream(&self, branch: &str) -> Option<&str> {
        self.last(&format!("branch.{branch}.remote"))
    }

    /// The branch of its remote that a branch follows, `refs/heads/main`.
    pub(super) fn merge(&self, branch: &str) -> Option<&str> {
        self.last(&format!("branch.{branch}.merge"))
    }

    /// `name` or `email` of the author, with git's precedence: environment,
    /// `author.*`, `user.*` (`git-commit(1)`, "Commit information").
    pub(super) fn author(&self, what: &str) -> Option<String> {
        let variable = format!("GIT_AUTHOR_{}", what.to_uppercase());
        let given = std::env::var(variable).ok().filter(|value| !value.is_empty());
        given.or_else(|| {
            let set = ["author", "user"].into_iter().find_map(|section| {
                self.last(&format!("{section}.{what}")).filter(|value| !value.is_empty())
            });
            set.map(str::to_owned)
        })
    }

    fn last(&self, wanted: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == wanted).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_counts_and_the_first_url_of_a_remote() {
        let configuration = Configuration::parse(
            b"user.name\nGlobal\0user.name\nLocal\0remote.a.b.url\nhttps://one\0\
              remote.a.b.url\nhttps://two\0remote.other.url\nx\0branch.a/b.remote\na.b\0user.email\0",
        );
        assert_eq!(configuration.remotes(), [("a.b", "https://one"), ("other", "x")]);
        assert_eq!(configuration.upstream("a/b"), Some("a.b"));
        assert_eq!(configuration.upstream("main"), None);
        assert_eq!(configuration.last("user.name"), Some("Local"));
        assert_eq!(configuration.last("user.email"), Some(""));
    }
}
