//! What we take from the configuration of a repository: a closed list of values, each one
//! checked. Why not git itself, with its dangerous settings switched off: that list would
//! always be one short (`docs/adr/0011-git-without-the-configuration-of-a-repository.md`).

use std::path::PathBuf;

use super::reference::is_reference;
use super::syntax::{self, GitSetting};
use crate::error::ProjectError;

/// The longest address, name or pattern that is taken.
const LONGEST: usize = 4096;

/// Extensions of the format that change nothing for who only reads
/// (gitformat-repository(5), "Extensions").
const HARMLESS: [&str; 4] = ["noop", "noop-v1", "preciousobjects", "relativeworktrees"];

/// How a repository is stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Format {
    /// `extensions.objectFormat`: the digest that objects are known by.
    pub(super) is_sha256: bool,
    /// `extensions.refStorage`: references are in tables instead of files.
    pub(super) has_tables: bool,
    /// `extensions.partialClone`: the remote that has what is missing here.
    pub(super) promisor: Option<String>,
}

/// The settings of a repository that count, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Configuration {
    entries: Vec<GitSetting>,
}

impl Configuration {
    /// What `text` says, the content of `file`.
    ///
    /// # Errors
    ///
    /// When git would not understand it.
    pub(super) fn parse(file: PathBuf, text: &str) -> Result<Self, ProjectError> {
        match syntax::parse(text) {
            Ok(entries) => Ok(Self { entries: entries.into_iter().filter(counts).collect() }),
            Err(bad) => Err(ProjectError::GitConfiguration { file, line: bad.0 }),
        }
    }

    /// With the settings of a file that counts more.
    pub(super) fn followed_by(mut self, other: Self) -> Self {
        self.entries.extend(other.entries);
        self
    }

    /// What is about submodules alone.
    pub(super) fn of_submodules(mut self) -> Self {
        self.entries.retain(|entry| entry.section == "submodule");
        self
    }

    /// How the repository is stored.
    ///
    /// # Errors
    ///
    /// In a way that we do not know.
    pub(super) fn format(&self) -> Result<Format, ProjectError> {
        let unknown = |what: String| ProjectError::UnknownFormat { what };
        let version = self.last("core", None, "repositoryformatversion").unwrap_or("0");
        if !matches!(version.trim(), "0" | "1") {
            return Err(unknown(format!("version {version}")));
        }
        let mut format = Format::default();
        for entry in self.entries.iter().filter(|entry| entry.section == "extensions") {
            let value = entry.value.as_deref().unwrap_or_default();
            match (entry.name.as_str(), value) {
                ("objectformat", "sha1" | "sha256") => format.is_sha256 = value == "sha256",
                ("refstorage", "files" | "reftable") => format.has_tables = value == "reftable",
                ("partialclone", _) => format.promisor = Some(value.to_owned()),
                ("worktreeconfig", _) => {}
                (name, _) if HARMLESS.contains(&name) => {}
                (name, value) => return Err(unknown(format!("extensions.{name} = {value}"))),
            }
        }
        Ok(format)
    }

    /// Whether a worktree has a file of settings of its own.
    pub(super) fn has_settings_of_worktrees(&self) -> bool {
        self.entry("extensions", None, "worktreeconfig").is_some_and(|entry| {
            entry.value.as_deref().is_none_or(|value| boolean(value) == Some(true))
        })
    }

    /// The folder that the repository says its files are in.
    pub(super) fn worktree(&self) -> Option<&str> {
        self.last("core", None, "worktree")
    }

    /// The remotes in their order, each with its first address.
    pub(crate) fn remotes(&self) -> Vec<(&str, &str)> {
        let mut remotes: Vec<(&str, &str)> = Vec::new();
        for entry in self.entries.iter().filter(|entry| entry.name == "url") {
            if let (Some(name), Some(address)) = (&entry.subsection, &entry.value)
                && !remotes.iter().any(|(known, _)| *known == name)
            {
                remotes.push((name, address));
            }
        }
        remotes
    }

    /// Where a push to a remote goes: its `pushurl`, else its `url`, each time all of them.
    pub(crate) fn push_addresses(&self, remote: &str) -> Vec<&str> {
        let own = self.all("remote", remote, "pushurl");
        if own.is_empty() { self.all("remote", remote, "url") } else { own }
    }

    /// Which branches of a remote are noted under which names.
    pub(super) fn fetch_patterns(&self, remote: &str) -> Vec<&str> {
        self.all("remote", remote, "fetch")
    }

    /// The remote that a branch follows.
    pub(crate) fn upstream(&self, branch: &str) -> Option<&str> {
        self.last("branch", Some(branch), "remote")
    }

    /// The branch of its remote that a branch follows, `refs/heads/main`.
    pub(crate) fn merge(&self, branch: &str) -> Option<&str> {
        self.last("branch", Some(branch), "merge")
    }

    /// What git may say about the submodule at `path` (`.gitmodules`, else this file):
    /// `submodule.NAME.ignore`.
    pub(super) fn ignored(&self, path: &str) -> Option<&str> {
        let mut all = self.entries.iter().filter(|entry| entry.section == "submodule");
        let is_at =
            |entry: &&GitSetting| entry.name == "path" && entry.value.as_deref() == Some(path);
        let name = all.find(is_at)?.subsection.as_deref();
        self.last("submodule", name, "ignore")
    }

    /// The configuration for git over the copy: how files compare with what is committed, who
    /// makes commits, and what `branch` follows. No address is among it.
    pub(super) fn for_a_copy(&self, branch: Option<&str>) -> impl Iterator<Item = &GitSetting> {
        let remote = branch.and_then(|branch| self.upstream(branch));
        self.entries.iter().filter(move |entry| {
            let sub = entry.subsection.as_deref();
            match entry.section.as_str() {
                "core" => !matches!(entry.name.as_str(), "worktree" | "repositoryformatversion"),
                "index" | "user" | "author" => true,
                "branch" => sub == branch,
                "remote" => sub == remote && entry.name == "fetch",
                _ => false,
            }
        })
    }

    fn entry(&self, section: &str, sub: Option<&str>, name: &str) -> Option<&GitSetting> {
        self.entries.iter().rev().find(|entry| {
            entry.section == section && entry.subsection.as_deref() == sub && entry.name == name
        })
    }

    fn last(&self, section: &str, sub: Option<&str>, name: &str) -> Option<&str> {
        self.entry(section, sub, name)?.value.as_deref()
    }

    fn all(&self, section: &str, sub: &str, name: &str) -> Vec<&str> {
        let wanted = self.entries.iter().filter(|entry| {
            entry.section == section
                && entry.subsection.as_deref() == Some(sub)
                && entry.name == name
        });
        wanted.filter_map(|entry| entry.value.as_deref()).collect()
    }
}

/// Whether a setting is one of those that count, with a value that can be meant. Every other
/// one is as if it were not there: what runs a program (`core.fsmonitor`, `core.hooksPath`,
/// `core.sshCommand`, `core.gitProxy`, `core.pager`, `core.askPass`, filters, `diff.*`, `merge.*`,
/// `credential.*`, `gpg.*`, `alias.*`, `remote.*.uploadpack|receivepack|vcs`), what leads to
/// another file (`include*`, `core.excludesFile`, `core.attributesFile`), to another server
/// (`url.*`, `remote.*.proxy`, `http.*`), and what nobody has asked for.
fn counts(entry: &GitSetting) -> bool {
    let sub = entry.subsection.as_deref();
    let value = entry.value.as_deref();
    // A name alone means yes.
    let is_switch = value.is_none_or(|value| boolean(value).is_some());
    match (entry.section.as_str(), sub, entry.name.as_str(), value) {
        (section, sub, name, _) if is_a_switch(section, sub, name) => is_switch,
        // How files compare with what is committed.
        ("core", None, "autocrlf", value) => is_switch || value == Some("input"),
        ("core", None, "eol", Some(value)) => matches!(value, "lf" | "crlf" | "native"),
        ("core", None, "checkstat", Some(value)) => matches!(value, "default" | "minimal"),
        // Read by us alone: a submodule and a separate repository name their folder in it.
        ("core", None, "worktree" | "repositoryformatversion", Some(value))
        | ("extensions", None, _, Some(value))
        | ("user" | "author", None, "name" | "email", Some(value)) => is_line(value),
        // Addresses are checked once more where one is used.
        ("remote", Some(remote), "url" | "pushurl", Some(value)) => {
            is_line(remote) && is_line(value)
        }
        ("remote", Some(remote), "fetch", Some(value)) => {
            is_line(remote) && is_fetch_pattern(value)
        }
        ("branch", Some(branch), "remote", Some(value)) => is_line(branch) && is_line(value),
        ("branch", Some(branch), "merge", Some(value)) => is_line(branch) && is_reference(value),
        ("submodule", Some(_), "path", Some(value)) => is_line(value),
        ("submodule", Some(_), "ignore", Some(value)) => {
            matches!(value, "all" | "dirty" | "untracked" | "none")
        }
        _ => false,
    }
}

/// Settings that are on or off.
fn is_a_switch(section: &str, sub: Option<&str>, name: &str) -> bool {
    matches!(
        (section, sub, name),
        (
            "core",
            None,
            "filemode"
                | "ignorecase"
                | "precomposeunicode"
                | "sparsecheckout"
                | "sparsecheckoutcone"
                | "symlinks"
                | "trustctime"
        ) | ("index", None, "sparse")
            | ("extensions", None, "worktreeconfig")
    )
}

/// As git understands it (git-config(1), "Values").
fn boolean(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "" | "false" | "no" | "off" => Some(false),
        number => number.parse::<i64>().ok().map(|number| number != 0),
    }
}

/// Something that stands in one line.
fn is_line(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST && !text.chars().any(char::is_control)
}

/// `+refs/heads/*:refs/remotes/origin/*`
fn is_fetch_pattern(text: &str) -> bool {
    let text = text.strip_prefix('+').unwrap_or(text);
    let Some((from, to)) = text.split_once(':') else { return false };
    let is_side = |side: &str| is_reference(&side.replacen('*', "x", 1));
    text.len() <= LONGEST && is_side(from) && is_side(to) && from.contains('*') == to.contains('*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Configuration {
        Configuration::parse("config".into(), text).unwrap()
    }

    /// What a git would be told, as `section.name`.
    fn told(text: &str, branch: Option<&str>) -> Vec<String> {
        let parsed = parsed(text);
        let all = parsed.for_a_copy(branch);
        all.map(|entry| format!("{}.{}", entry.section, entry.name)).collect()
    }

    #[test]
    fn the_last_value_counts_and_the_first_address_of_a_remote() {
        let configuration = parsed(
            "[remote \"a.b\"]\nurl = https://one\nurl = https://two\npushurl = x\npushurl = y\n\
             [remote \"other\"]\nurl = z\n[branch \"a/b\"]\nremote = x\nremote = a.b\n",
        );
        assert_eq!(configuration.remotes(), [("a.b", "https://one"), ("other", "z")]);
        assert_eq!(configuration.upstream("a/b"), Some("a.b"));
        assert_eq!(configuration.upstream("main"), None);
        assert_eq!(configuration.push_addresses("a.b"), ["x", "y"]);
        assert_eq!(configuration.push_addresses("other"), ["z"]);
    }

    #[test]
    fn a_git_is_told_how_files_compare_and_nothing_that_runs_or_leads_elsewhere() {
        let text = "[core]\nfilemode = false\nautocrlf = input\nfsmonitor = touch x\nhooksPath = h\n\
            sshCommand = touch x\nworktree = /etc\npager = less\nexcludesFile = /etc/passwd\n\
            [include]\npath = other\n[filter \"x\"]\nclean = touch x\n[url \"ext::touch x\"]\ninsteadOf = h\n\
            [credential]\nhelper = !touch x\n[gpg]\nprogram = touch\n[diff]\nexternal = touch\n\
            [remote \"origin\"]\nurl = u\nvcs = ext\nuploadpack = touch x\nreceivepack = touch\nproxy = p\n\
            fetch = +refs/heads/*:refs/remotes/origin/*\n[remote \"other\"]\nfetch = refs/heads/a:refs/heads/b\n\
            [branch \"main\"]\nremote = origin\nmerge = refs/heads/main\nrebase = true\n[user]\nname = Jane\n\
            signingKey = x\n[alias]\nstatus = !touch x\n[index]\nsparse\n[trace2]\neventTarget = /tmp/x\n";
        let always = ["core.filemode", "core.autocrlf", "user.name", "index.sparse"];
        assert_eq!(told(text, None), always);
        let expected = [
            "core.filemode",
            "core.autocrlf",
            "remote.fetch",
            "branch.remote",
            "branch.merge",
            "user.name",
            "index.sparse",
        ];
        assert_eq!(told(text, Some("main")), expected);
    }

    #[test]
    fn a_value_that_cannot_be_meant_is_no_value() {
        for line in [
            "[core]\nfileMode = maybe",
            "[core]\neol = \"lf\\nx\"",
            "[core]\nautocrlf = maybe",
            "[user]\nname = \"a\\nb\"",
            "[branch \"main\"]\nmerge = --upload-pack=x",
            "[branch \"main\"]\nmerge = refs/heads/../../x",
            "[branch \"main\"]\nremote = o\n[remote \"o\"]\nfetch = refs/heads/*:../*",
        ] {
            let told = told(line, Some("main"));
            assert!(told.iter().all(|key| key == "branch.remote"), "{line}: {told:?}");
        }
        assert_eq!(told("[core]\nautocrlf\nfilemode\nsymlinks = 0", None).len(), 3);
    }

    #[test]
    fn the_format_is_known_or_refused() {
        let format = |text: &str| parsed(text).format();
        assert_eq!(format("").unwrap(), Format::default());
        let text = "[core]\nrepositoryformatversion = 1\n[extensions]\nobjectFormat = sha256\n\
                    refStorage = reftable\nworktreeConfig = true\npartialClone = origin\n";
        let promisor = Some("origin".to_owned());
        let all = Format { is_sha256: true, has_tables: true, promisor };
        assert_eq!(format(text).unwrap(), all);
        assert!(parsed(text).has_settings_of_worktrees());
        for text in [
            "[core]\nrepositoryformatversion = 2",
            "[extensions]\nobjectFormat = sha512",
            "[extensions]\nfutureThing = true",
        ] {
            assert!(matches!(format(text), Err(ProjectError::UnknownFormat { .. })), "{text}");
        }
    }
}
