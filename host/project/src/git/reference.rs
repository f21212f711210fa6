//! References as data: what HEAD is, which commit a branch is at. They are read out of the
//! files of a repository, so that a copy needs the few that a question is about.

use std::io::{self, BufRead as _, BufReader, Read as _};

use super::folder::{Folder, Kind, too_large};

/// More than one reference needs.
const REFERENCE_BYTES: u64 = 4 * 1024;
/// A line of `packed-refs`, likewise.
const LINE_BYTES: u64 = 8 * 1024;
/// `packed-refs` of a million branches.
const PACKED_BYTES: u64 = 128 * 1024 * 1024;
/// How often a reference may name another one.
const LONGEST_CHAIN: usize = 5;

/// What a reference is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// The name of another one.
    Symbolic(String),
    /// A commit, in hexadecimal digits.
    Commit(String),
}

impl Value {
    /// `ref: NAME`, or the digits of a commit.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim_end();
        match text.strip_prefix("ref:") {
            Some(name) => {
                let name = name.trim_start();
                is_reference(name).then(|| Self::Symbolic(name.to_owned()))
            }
            None => is_commit(text).then(|| Self::Commit(text.to_owned())),
        }
    }

    /// As it stands in a file.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Symbolic(name) => format!("ref: {name}\n"),
            Self::Commit(commit) => format!("{commit}\n"),
        }
    }
}

/// What is checked out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Head {
    /// The branch, without `refs/heads/`; none when HEAD is detached.
    pub(crate) branch: Option<String>,
    /// The commit; none before the first one.
    pub(crate) commit: Option<String>,
}

impl Head {
    /// Of what HEAD is, and the references that it leads to.
    pub(super) fn of(value: &Value, chain: &[(String, Value)]) -> Self {
        let name = match value {
            Value::Symbolic(name) => Some(name),
            Value::Commit(commit) => {
                return Self { branch: None, commit: Some(commit.clone()) };
            }
        };
        let commit = match chain.last() {
            Some((_, Value::Commit(commit))) => Some(commit.clone()),
            _ => None,
        };
        let branch = name.and_then(|name| name.strip_prefix("refs/heads/"));
        Self { branch: branch.map(str::to_owned), commit }
    }
}

/// Where the references of a worktree are.
pub(super) struct References<'a> {
    pub(super) own: &'a Folder,
    /// With `refs` and `packed-refs`.
    pub(super) common: &'a Folder,
}

impl References<'_> {
    /// What HEAD is, and the references that it leads to.
    ///
    /// # Errors
    ///
    /// When it cannot be read or makes no sense.
    pub(super) fn head(&self) -> io::Result<(Value, Vec<(String, Value)>)> {
        // Of old it may be a link.
        let text = match self.own.target("HEAD") {
            Ok(target) => Some(format!("ref: {target}")),
            Err(_) => self.own.text("HEAD", REFERENCE_BYTES)?,
        };
        let head = text.as_deref().and_then(Value::parse);
        let head = head.ok_or_else(|| io::Error::other("it names no branch and no commit"))?;
        let chain = match &head {
            Value::Symbolic(name) => self.chain(name)?,
            Value::Commit(_) => Vec::new(),
        };
        Ok((head, chain))
    }

    /// What a reference is; none when there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be read or makes no sense.
    pub(super) fn find(&self, name: &str) -> io::Result<Option<Value>> {
        if !is_reference(name) {
            return Err(io::Error::other(format!("`{name}` is not a valid name of a reference")));
        }
        let kind = match self.common.kind(name.as_ref()) {
            // One of its folders is a file, or a link, which leads nowhere.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => None,
            kind => kind?,
        };
        // git leaves empty folders behind.
        if matches!(kind, None | Some(Kind::Folder)) {
            return self.packed(name);
        }
        let text = self.common.text(name, REFERENCE_BYTES)?;
        let value = text.as_deref().and_then(Value::parse);
        let bad = || io::Error::other(format!("`{name}` holds no commit"));
        value.ok_or_else(bad).map(Some)
    }

    /// A reference with those that it leads to, in their order.
    ///
    /// # Errors
    ///
    /// As [`Self::find`].
    pub(super) fn chain(&self, name: &str) -> io::Result<Vec<(String, Value)>> {
        let mut found: Vec<(String, Value)> = Vec::new();
        let mut next = Some(name.to_owned());
        while let Some(name) = next.take()
            && found.len() < LONGEST_CHAIN
        {
            let Some(value) = self.find(&name)? else { break };
            if let Value::Symbolic(other) = &value {
                next = Some(other.clone());
            }
            found.push((name, value));
        }
        Ok(found)
    }

    /// The commit of a reference in `packed-refs`.
    fn packed(&self, name: &str) -> io::Result<Option<Value>> {
        let Some(file) = self.common.file("packed-refs".as_ref())? else { return Ok(None) };
        if file.metadata()?.len() > PACKED_BYTES {
            return Err(too_large(PACKED_BYTES));
        }
        let mut lines = BufReader::with_capacity(64 * 1024, file.take(PACKED_BYTES));
        let mut line = Vec::new();
        loop {
            line.clear();
            let length = (&mut lines).take(LINE_BYTES).read_until(b'\n', &mut line)?;
            if length == 0 {
                return Ok(None);
            }
            let text = String::from_utf8_lossy(&line);
            if let Some((commit, here)) = text.trim_end().split_once(' ')
                && here == name
                && is_commit(commit)
            {
                return Ok(Some(Value::Commit(commit.to_owned())));
            }
        }
    }
}

/// Whether this is the whole name of a reference (git-check-ref-format(1)), which as a path
/// leads down.
pub(super) fn is_reference(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with(".lock")
            && !part.ends_with('.')
    };
    let is_plain = |character: char| {
        !character.is_control()
            && !matches!(character, ' ' | '~' | '^' | ':' | '?' | '*' | '[' | '\\')
    };
    name.starts_with("refs/")
        && name.len() <= 1024
        && name.chars().all(is_plain)
        && !name.contains("..")
        && !name.contains("@{")
        && name.split('/').all(is_part)
}

/// Whether these are the digits of a commit, by SHA-1 or SHA-256.
pub(super) fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Under which name a branch of a remote is noted here: the first of the patterns
/// (`+refs/heads/*:refs/remotes/origin/*`) that has it.
pub(super) fn noted_as(patterns: &[&str], branch: &str) -> Option<String> {
    patterns.iter().find_map(|pattern| {
        let (from, to) = pattern.strip_prefix('+').unwrap_or(pattern).split_once(':')?;
        let name = match (from.split_once('*'), to.split_once('*')) {
            (Some((before, after)), Some((front, back))) => {
                let middle = branch.strip_prefix(before)?.strip_suffix(after)?;
                format!("{front}{middle}{back}")
            }
            (None, None) if from == branch => to.to_owned(),
            _ => return None,
        };
        is_reference(&name).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_lead_down_are_references() {
        for name in ["refs/heads/main", "refs/heads/a/b.c-d_e", "refs/remotes/origin/HEAD"] {
            assert!(is_reference(name), "{name}");
        }
        for name in [
            "HEAD",
            "refs/",
            "refs/heads/../../config",
            "refs//a",
            "refs/heads/.a",
            "refs/heads/a.lock",
            "refs/heads/a:b",
            "refs/heads/a b",
            "refs/heads/a\n",
            "/refs/heads/a",
            "refs/heads/*",
        ] {
            assert!(!is_reference(name), "{name}");
        }
    }

    #[test]
    fn a_branch_of_a_remote_is_noted_under_the_name_that_fetches_give_it() {
        let usual = ["+refs/heads/*:refs/remotes/origin/*"];
        let noted = noted_as(&usual, "refs/heads/a/b");
        assert_eq!(noted.as_deref(), Some("refs/remotes/origin/a/b"));
        assert_eq!(noted_as(&usual, "refs/tags/a"), None);
        let one = ["refs/heads/main:refs/remotes/x/main"];
        assert_eq!(noted_as(&one, "refs/heads/main").as_deref(), Some("refs/remotes/x/main"));
        assert_eq!(noted_as(&one, "refs/heads/other"), None);
        assert_eq!(noted_as(&[], "refs/heads/main"), None);
    }

    #[test]
    fn references_are_read_as_files_and_out_of_the_packed_ones() {
        let place = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = place.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let (one, two) = ("1".repeat(40), "2".repeat(40));
        write("HEAD", "ref: refs/heads/main\n");
        write(
            "packed-refs",
            &format!(
                "# pack-refs with: peeled\n{one} refs/heads/main\n^{two}\n{two} refs/heads/other\n"
            ),
        );
        write("refs/heads/deep/er", &format!("{one}\n"));
        std::fs::create_dir(place.path().join("refs/heads/other")).unwrap();
        write("refs/remotes/origin/HEAD", "ref: refs/heads/main\n");
        write("refs/heads/bad", "what\n");
        let folder = Folder::at(place.path()).unwrap();
        let all = References { own: &folder, common: &folder };
        let (head, chain) = all.head().unwrap();
        assert_eq!(head, Value::Symbolic("refs/heads/main".into()));
        assert_eq!(Head::of(&head, &chain).commit.as_ref(), Some(&one));
        let commit = |commit: &String| Some(Value::Commit(commit.clone()));
        assert_eq!(all.find("refs/heads/main").unwrap(), commit(&one));
        assert_eq!(all.find("refs/heads/other").unwrap(), commit(&two));
        assert_eq!(all.find("refs/heads/none").unwrap(), None);
        assert!(all.find("refs/heads/bad").is_err());
        assert_eq!(all.chain("refs/remotes/origin/HEAD").unwrap().len(), 2);
        // A link leads nowhere, be it the file or a folder on the way.
        std::os::unix::fs::symlink("deep/er", place.path().join("refs/heads/linked")).unwrap();
        std::os::unix::fs::symlink("heads", place.path().join("refs/links")).unwrap();
        assert!(all.find("refs/heads/linked").is_err());
        assert_eq!(all.find("refs/links/deep/er").unwrap(), None);
    }
}
