//! Everything of the project that a build can see, in the order of names.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use crate::ImageError;
use crate::dockerfile::Sources;
use crate::ignore::{IgnoreFile, Matched};

/// A file, a directory, a link.
pub(crate) struct Entry<'a> {
    /// Where it is.
    pub(crate) path: &'a Path,
    /// The same from the root, with slashes.
    pub(crate) relative: &'a str,
    /// What it is; a link is not followed.
    pub(crate) metadata: &'a Metadata,
}

/// Calls `visit` for everything below `root` that is not ignored and that
/// `sources` take.
///
/// # Errors
///
/// [`ImageError::ProjectUnreadable`], also for what `visit` fails with.
pub(crate) fn walk(
    root: &Path,
    ignore: &IgnoreFile,
    sources: &Sources,
    visit: &mut dyn FnMut(&Entry<'_>) -> io::Result<()>,
) -> Result<(), ImageError> {
    // (directory, its path from the root, what matched it)
    let mut waiting = vec![(root.to_owned(), String::new(), Matched::new())];
    while let Some((directory, prefix, parent)) = waiting.pop() {
        let mut below = Vec::new();
        for (name, path) in sorted_entries(&directory)? {
            let relative = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
            let unreadable = |source| ImageError::ProjectUnreadable { path: path.clone(), source };
            let metadata = match path.symlink_metadata() {
                Ok(metadata) => metadata,
                // Gone since the directory was read.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(source) => return Err(unreadable(source)),
            };
            let (excluded, matched) = ignore.excludes(&relative, &parent);
            if !excluded && sources.take(&relative) {
                let entry = Entry { path: &path, relative: &relative, metadata: &metadata };
                visit(&entry).map_err(unreadable)?;
            }
            if metadata.is_dir()
                && (!excluded || ignore.may_contain_exception(&relative))
                && sources.may_take_below(&relative)
            {
                below.push((path, relative, matched));
            }
        }
        below.reverse();
        waiting.append(&mut below);
    }
    Ok(())
}

fn sorted_entries(directory: &Path) -> Result<Vec<(String, PathBuf)>, ImageError> {
    let unreadable = |source| ImageError::ProjectUnreadable { path: directory.to_owned(), source };
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(unreadable(source)),
    };
    let mut all = Vec::new();
    for entry in entries {
        let entry = entry.map_err(unreadable)?;
        all.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    all.sort();
    Ok(all)
}
