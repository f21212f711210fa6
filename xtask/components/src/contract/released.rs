//! The digests of everything that was released, in the format of `sha256sum`, so
//! that anybody can check them: `sha256sum --check wit/released/SHA256SUMS`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use xtask_common::{files_below, sha256};

/// The file's name.
pub(super) const FILE: &str = "SHA256SUMS";

/// Digests by path, relative to the workspace, with slashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sums(BTreeMap<String, String>);

impl Sums {
    /// Reads the list; nothing was released when there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be read or a line is no digest and path.
    pub(super) fn read(file: &Path) -> Result<Self> {
        if !file.exists() {
            return Ok(Self(BTreeMap::new()));
        }
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let mut sums = BTreeMap::new();
        for line in text.lines() {
            let (digest, path) = line
                .split_once("  ")
                .filter(|(digest, _)| digest.len() == 64)
                .with_context(|| format!("`{}`: `{line}` is not a digest", file.display()))?;
            sums.insert(path.to_owned(), digest.to_owned());
        }
        Ok(Self(sums))
    }

    /// The digests of all files in the version folders of `folders`.
    ///
    /// # Errors
    ///
    /// When a file cannot be read.
    pub(super) fn of(root: &Path, folders: &[&str]) -> Result<Self> {
        let mut sums = BTreeMap::new();
        for folder in folders {
            for file in files_below(&root.join(folder))? {
                let path = file.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
                if path == format!("{folder}/{FILE}") {
                    continue;
                }
                let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
                sums.insert(path, sha256(&bytes));
            }
        }
        Ok(Self(sums))
    }

    /// Writes the list.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub(super) fn write(&self, file: &Path) -> Result<()> {
        let lines: Vec<String> =
            self.0.iter().map(|(path, digest)| format!("{digest}  {path}\n")).collect();
        fs::write(file, lines.concat()).with_context(|| file.display().to_string())
    }

    /// Compares the list with the files that are there.
    ///
    /// # Errors
    ///
    /// Naming every file that was changed, added or removed.
    pub(super) fn check(&self, root: &Path, folders: &[&str]) -> Result<()> {
        let found = Self::of(root, folders)?;
        let mut wrong = Vec::new();
        for (path, digest) in &self.0 {
            match found.0.get(path) {
                None => wrong.push(format!("`{path}` was removed")),
                Some(now) if now != digest => wrong.push(format!("`{path}` was changed")),
                Some(_) => {}
            }
        }
        let added = found.0.keys().filter(|path| !self.0.contains_key(*path));
        wrong.extend(added.map(|path| format!("`{path}` was added")));
        if wrong.is_empty() {
            return Ok(());
        }
        bail!("what was released never changes: {}", wrong.join(", "));
    }
}
