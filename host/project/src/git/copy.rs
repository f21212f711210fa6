//! What git needs of a repository to answer a question, copied as data into a private git
//! directory.

use std::io;
use std::path::Path;

use super::configuration::Format;
use super::folder::{Folder, too_large};
use super::layout::Repository;
use super::private::{Private, text_of, write};
use super::reference::{Head, Value, is_commit, is_reference, noted_as};
use super::user;
use crate::error::ProjectError;

/// The index of some million files.
const INDEX_BYTES: u64 = 1024 * 1024 * 1024;
/// Patterns, and the commits that a shallow clone ends at.
const LIST_BYTES: u64 = 16 * 1024 * 1024;
/// A table of references.
const TABLE_BYTES: u64 = 256 * 1024 * 1024;

/// What decides, beside the index, which files count as changed.
const LISTS: [&str; 2] = ["info/exclude", "info/attributes"];

impl Repository {
    /// An empty repository without files, stored as this one is.
    ///
    /// # Errors
    ///
    /// When there is no place for it.
    pub(crate) fn alike(&self) -> Result<Private, ProjectError> {
        let format = Format { promisor: None, ..self.format().clone() };
        Private::new(Some(self.root()), &format)
    }

    /// What git needs to answer about the commit that is checked out and its upstream.
    ///
    /// # Errors
    ///
    /// When it cannot be read or copied.
    pub(crate) fn copy(&self) -> Result<Private, ProjectError> {
        let mut private = Private::new(Some(self.root()), self.format())?;
        private.root = Some(self.root().to_owned());
        private.objects = self.objects();
        private.head = if self.format().has_tables {
            self.copy_tables(&mut private)?
        } else {
            self.copy_references(&private)?
        };
        let branch = private.head.branch.as_deref();
        let mut entries = self.configuration().for_a_copy(branch);
        private.write_settings(&mut entries, self.format())?;
        drop(entries);
        self.copy_file(self.common().0, "shallow", private.path())?;
        private.settings = user::settings_of(self, &private)?;
        Ok(private)
    }

    /// The same, and what git needs to compare files.
    ///
    /// # Errors
    ///
    /// As [`Self::copy`].
    pub(crate) fn copy_with_index(&self) -> Result<Private, ProjectError> {
        let mut private = self.copy()?;
        let ((own, path), (common, _)) = (self.own(), self.common());
        for name in LISTS {
            self.copy_file(common, name, private.path())?;
        }
        self.copy_file(own, "info/sparse-checkout", private.own())?;
        let reading = |source| ProjectError::Unreadable { path: path.join("index"), source };
        let mut found = self.copy_index(&private, "index").map_err(reading)?;
        for name in own.names().map_err(reading)? {
            // Of a split index: a part that changes seldom.
            if let Some(name) = name.to_str().filter(|name| name.starts_with("sharedindex.")) {
                found |= self.copy_index(&private, name).map_err(reading)?;
            }
        }
        private.has_submodules = found;
        Ok(private)
    }

    /// What is checked out.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub(crate) fn head(&self) -> Result<Head, ProjectError> {
        if self.format().has_tables {
            return Ok(self.copy()?.head);
        }
        let (head, chain) = self.references().head().map_err(|error| self.no_head(error))?;
        Ok(Head::of(&head, &chain))
    }

    /// The reference that another one names, if it is of that kind.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub(crate) fn named_by(&self, name: &str) -> Result<Option<String>, ProjectError> {
        if self.format().has_tables {
            let named = self.copy()?.ask(&["symbolic-ref", "--quiet", name])?;
            return Ok(Some(text_of(&named.stdout)).filter(|named| is_reference(named)));
        }
        match self.references().find(name).map_err(|error| self.no_head(error))? {
            Some(Value::Symbolic(named)) => Ok(Some(named)),
            _ => Ok(None),
        }
    }

    fn no_head(&self, source: io::Error) -> ProjectError {
        ProjectError::Unreadable { path: self.own().1.join("HEAD"), source }
    }

    /// `HEAD` with what it leads to, and the note of its upstream.
    fn copy_references(&self, private: &Private) -> Result<Head, ProjectError> {
        let references = self.references();
        let (value, mut all) = references.head().map_err(|error| self.no_head(error))?;
        let head = Head::of(&value, &all);
        private.write("HEAD", value.text().as_bytes())?;
        if let Some(noted) = head.branch.as_deref().and_then(|branch| self.noted_upstream(branch)) {
            // A note that makes no sense is none.
            all.extend(references.chain(&noted).unwrap_or_default());
        }
        for (name, value) in all {
            private.write(&name, value.text().as_bytes())?;
        }
        Ok(head)
    }

    /// Under which name git notes the upstream of a branch, `refs/remotes/origin/main`.
    pub(crate) fn noted_upstream(&self, branch: &str) -> Option<String> {
        let configuration = self.configuration();
        let remote = configuration.upstream(branch)?;
        noted_as(&configuration.fetch_patterns(remote), configuration.merge(branch)?)
    }

    /// All references, which are in tables.
    fn copy_tables(&self, private: &mut Private) -> Result<Head, ProjectError> {
        let (own, own_path) = self.own();
        let (common, common_path) = self.common();
        copy_stack(common, common_path, private.path())?;
        if own_path != common_path {
            let linked = private.path().join("linked");
            std::fs::create_dir_all(linked.join("refs")).map_err(|error| private.failed(error))?;
            for (name, text) in [("HEAD", "ref: refs/heads/.invalid\n"), ("commondir", "..\n")] {
                write(&linked.join(name), text.as_bytes())
                    .map_err(|error| private.failed(error))?;
            }
            copy_stack(own, own_path, &linked)?;
            private.linked = Some(linked);
        }
        private.write("HEAD", b"ref: refs/heads/.invalid\n")?;
        let commit = private.ask(&["rev-parse", "--verify", "--quiet", "HEAD"])?;
        let branch = private.ask(&["symbolic-ref", "--quiet", "HEAD"])?;
        Ok(Head {
            branch: text_of(&branch.stdout).strip_prefix("refs/heads/").map(str::to_owned),
            commit: Some(text_of(&commit.stdout)).filter(|commit| is_commit(commit)),
        })
    }

    fn copy_file(&self, from: &Folder, name: &str, to: &Path) -> Result<(), ProjectError> {
        let copy = || match from.read(name, LIST_BYTES) {
            Ok(None) => Ok(()),
            // `info` is something else than a folder: then there is no such file.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(()),
            Ok(Some(bytes)) => write(&to.join(name), &bytes),
            Err(error) => Err(error),
        };
        let path = || self.common().1.join(name);
        copy().map_err(|source| ProjectError::Unreadable { path: path(), source })
    }

    /// Copies an index, and says whether there may be a submodule in it. It keeps its time:
    /// a file that was changed after that may have been changed unseen (git's
    /// `Documentation/technical/racy-git`).
    fn copy_index(&self, private: &Private, name: &str) -> io::Result<bool> {
        use std::io::{Read as _, Write as _};
        let Some(file) = self.own().0.file(name.as_ref())? else { return Ok(false) };
        let metadata = file.metadata()?;
        if metadata.len() > INDEX_BYTES {
            return Err(too_large(INDEX_BYTES));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
        file.take(INDEX_BYTES).read_to_end(&mut bytes)?;
        let mut copy = std::fs::File::create_new(private.own().join(name))?;
        copy.write_all(&bytes)?;
        copy.set_modified(metadata.modified()?)?;
        Ok(names_a_submodule(&bytes))
    }
}

/// Whether the mode of a submodule (`gitformat-index(5)`: 160000, in four bytes) is somewhere
/// in an index. It may be there by chance, too.
fn names_a_submodule(index: &[u8]) -> bool {
    let mut rest = index;
    while let Some(at) = rest.iter().position(|byte| *byte == 0xe0) {
        let (before, after) = rest.split_at(at);
        if before.ends_with(&[0, 0]) && after.get(1) == Some(&0) {
            return true;
        }
        rest = after.get(1..).unwrap_or_default();
    }
    false
}

/// Copies the tables of references of one folder.
fn copy_stack(from: &Folder, path: &Path, to: &Path) -> Result<(), ProjectError> {
    let path = path.join("reftable");
    let copy = || -> io::Result<()> {
        let tables = from.folder("reftable".as_ref())?;
        let Some(list) = tables.text("tables.list", LIST_BYTES)? else { return Ok(()) };
        std::fs::create_dir_all(to.join("reftable"))?;
        for name in list.lines().filter(|name| is_table(name)) {
            let Some(bytes) = tables.read(name, TABLE_BYTES)? else { continue };
            write(&to.join("reftable").join(name), &bytes)?;
        }
        write(&to.join("reftable/tables.list"), list.as_bytes())
    };
    copy().map_err(|source| ProjectError::Unreadable { path, source })
}

/// `0x000000000001-0x000000000001-bdb0bca1.ref`
pub(super) fn is_table(name: &str) -> bool {
    name.ends_with(".ref")
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
        && !name.starts_with('.')
}
