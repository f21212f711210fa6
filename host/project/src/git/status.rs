//! What differs from the commit that is checked out, submodules with it.
//!
//! For a submodule git itself would start another git there, which obeys the configuration
//! of that repository. So git is kept out of them (`--ignore-submodules=dirty`: it still
//! compares their commit), and each is asked about in the same way as the project.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use super::layout::Repository;
use super::private::Private;
use crate::error::ProjectError;

/// How deep submodules have submodules.
const DEEPEST: usize = 8;

/// Which files count that git does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Untracked {
    All,
    /// A folder of them once.
    Folders,
    No,
}

/// The answer of `git status --porcelain=v2 -z` (git-status(1), "Porcelain Format Version
/// 2").
#[derive(Debug, Default)]
pub(crate) struct Status {
    /// What `--branch` tells, as `branch.head` and its value.
    pub(crate) headers: Vec<(String, String)>,
    /// How many files and submodules differ.
    pub(crate) changed: usize,
    /// The submodules among them.
    submodules: BTreeSet<Vec<u8>>,
}

impl Repository {
    /// What differs; with `branch`, how far its upstream is, as far as git knows.
    ///
    /// # Errors
    ///
    /// When git fails.
    pub(crate) fn status(
        &self,
        untracked: Untracked,
        branch: bool,
    ) -> Result<Status, ProjectError> {
        self.look(untracked, branch, 0)
    }

    fn look(
        &self,
        untracked: Untracked,
        branch: bool,
        depth: usize,
    ) -> Result<Status, ProjectError> {
        let copy = self.copy_with_index()?;
        let files = match untracked {
            Untracked::All => "--untracked-files=all",
            Untracked::Folders => "--untracked-files=normal",
            Untracked::No => "--untracked-files=no",
        };
        let mut arguments =
            vec!["status", "--porcelain=v2", "-z", "--no-renames", "--ignore-submodules=dirty"];
        arguments.push(files);
        if branch {
            arguments.push("--branch");
        }
        let mut status = Status::parse(&copy.output(&arguments)?);
        if copy.has_submodules() {
            for path in submodules(&copy)? {
                self.look_into(&path, &mut status, untracked, depth)?;
            }
        }
        Ok(status)
    }

    /// Counts a submodule, unless the project says that it does not count.
    fn look_into(
        &self,
        path: &[u8],
        status: &mut Status,
        untracked: Untracked,
        depth: usize,
    ) -> Result<(), ProjectError> {
        let is_listed = status.submodules.contains(path);
        let untracked = match self.configuration().ignored(&String::from_utf8_lossy(path)) {
            Some("all") => {
                status.changed -= usize::from(is_listed);
                return Ok(());
            }
            Some("dirty") => return Ok(()),
            Some("untracked") => Untracked::No,
            _ => untracked,
        };
        if is_listed || depth >= DEEPEST {
            return Ok(());
        }
        let path = Path::new(OsStr::from_bytes(path));
        let found = self.submodule(path).and_then(|inner| {
            inner.map_or(Ok(0), |inner| Ok(inner.look(untracked, false, depth + 1)?.changed))
        });
        let is_changed = match found {
            Ok(changed) => changed > 0,
            Err(error @ (ProjectError::Interrupted | ProjectError::GitMissing)) => {
                return Err(error);
            }
            // Nothing proves that it is as committed.
            Err(error) => {
                tracing::info!("the submodule `{}` counts as changed: {error}", path.display());
                true
            }
        };
        status.changed += usize::from(is_changed);
        Ok(())
    }
}

impl Status {
    fn parse(bytes: &[u8]) -> Self {
        let mut status = Self::default();
        for entry in bytes.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
            if let Some(header) = entry.strip_prefix(b"# ") {
                let header = String::from_utf8_lossy(header);
                let (name, value) = header.split_once(' ').unwrap_or((&header, ""));
                status.headers.push((name.to_owned(), value.to_owned()));
                continue;
            }
            status.changed += 1;
            // `1 XY SUB MODE MODE MODE OBJECT OBJECT PATH`, of a conflict two more.
            let fields = if entry.starts_with(b"u ") { 11 } else { 9 };
            let mut parts = entry.splitn(fields, |byte| *byte == b' ');
            if parts.nth(2).is_some_and(|sub| sub.starts_with(b"S"))
                && let Some(path) = parts.last()
            {
                status.submodules.insert(path.to_owned());
            }
        }
        status
    }
}

/// The paths of the submodules in an index.
fn submodules(copy: &Private) -> Result<Vec<Vec<u8>>, ProjectError> {
    let output = copy.output(&["ls-files", "--stage", "-z"])?;
    let entries = output.split(|byte| *byte == 0);
    // `MODE OBJECT STAGE TAB PATH`
    let paths = entries.filter_map(|entry| {
        let rest = entry.strip_prefix(b"160000 ")?;
        let tab = rest.iter().position(|byte| *byte == b'\t')?;
        Some(rest.get(tab + 1..)?.to_owned())
    });
    let paths: BTreeSet<Vec<u8>> = paths.collect();
    Ok(paths.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_counted_and_submodules_known() {
        let zero = "0".repeat(40);
        let text = format!(
            "# branch.oid {zero}\0# branch.head main\0\
             1 .M N... 100644 100644 100644 {zero} {zero} a b\0\
             1 .M SC.. 160000 160000 160000 {zero} {zero} sub with blanks\0\
             u UU S... 160000 160000 160000 160000 {zero} {zero} {zero} other\0? new\0"
        );
        let status = Status::parse(text.as_bytes());
        assert_eq!(
            status.headers,
            [("branch.oid".into(), zero), ("branch.head".into(), "main".into())]
        );
        assert_eq!(status.changed, 4);
        let submodules: Vec<_> = status.submodules.iter().map(Vec::as_slice).collect();
        assert_eq!(submodules, [&b"other"[..], b"sub with blanks"]);
    }
}
