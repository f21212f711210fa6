//! A folder with providers, for computers that cannot reach where they come from.
//!
//! ```text
//! index.toml                       what is there, as in a lock
//! <name>-<version>.wasm            the files, and .wasm.minisig beside them
//! ```
//!
//! The index says which file belongs to a name and what its digest is. It is no
//! authority: a lock has digests of its own, and signatures are checked as ever.

mod error;

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::ProvidersError;
use super::lock_file::Locked;
use super::name::{Name, Versions};
use super::signing::beside;
use super::sources::FileAt;
use super::store::Installed;
use crate::domain::Digest;
use crate::files::below::Kind;
use crate::files::{self, Lock, ProjectTree, Readers};

pub use error::MirrorError;

/// The name of the index.
const INDEX: &str = "index.toml";
/// The version of its format.
const FORMAT: u32 = 1;
/// More than an index can be.
const INDEX_BYTES: usize = 1 << 20;

#[derive(Debug)]
pub struct Mirror {
    folder: PathBuf,
    /// The same, when it is in a project: then no link leads out of it.
    tree: Option<ProjectTree>,
    index: Index,
    /// While something is put in.
    _lock: Option<Lock>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    version: u32,
    #[serde(default, rename = "provider")]
    providers: Vec<Locked>,
}

impl Mirror {
    /// Whether `folder` is one.
    pub(super) fn is_at(folder: &Path) -> bool {
        folder.join(INDEX).is_file()
    }

    /// The mirror in `folder`.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn open(folder: &Path) -> Result<Self, MirrorError> {
        Self::read(folder.to_owned(), None)
    }

    /// The mirror that a project has in one of its folders; none when there is none.
    ///
    /// # Errors
    ///
    /// When it leads out of the project, or is no mirror.
    pub(super) fn in_project(
        project: &ProjectTree,
        folder: &Path,
    ) -> Result<Option<Self>, ProvidersError> {
        let Some(tree) = project.subtree(folder)? else { return Ok(None) };
        let index = tree.look(Path::new(INDEX))?;
        match index.is_some_and(|seen| seen.kind == Kind::File) {
            true => Ok(Some(Self::read(tree.path().to_owned(), Some(tree))?)),
            false => Ok(None),
        }
    }

    fn read(folder: PathBuf, tree: Option<ProjectTree>) -> Result<Self, MirrorError> {
        let malformed = |reason: String| MirrorError::Malformed { folder: folder.clone(), reason };
        let bytes = match read(&folder, tree.as_ref(), INDEX, |file| file.read(INDEX_BYTES)) {
            Ok(bytes) => bytes,
            Err(ProvidersError::Unreadable { path, source }) => {
                return Err(match source.kind() {
                    io::ErrorKind::NotFound => malformed(format!("it has no `{INDEX}`")),
                    _ => MirrorError::File { path, source },
                });
            }
            Err(error) => return Err(malformed(error.to_string())),
        };
        let text = String::from_utf8_lossy(&bytes);
        let index: Index =
            toml::from_str(&text).map_err(|error| malformed(error.message().to_owned()))?;
        if index.version != FORMAT {
            return Err(malformed(format!("it has the unknown version {}", index.version)));
        }
        Ok(Self { folder, tree, index, _lock: None })
    }

    /// The same, or a new one, to put something in; its folder need not exist. No
    /// other command changes it meanwhile.
    ///
    /// # Errors
    ///
    /// When what is there is no mirror, or the folder cannot be made.
    pub fn open_or_make(folder: &Path) -> Result<Self, MirrorError> {
        std::fs::create_dir_all(folder)
            .map_err(|source| MirrorError::File { path: folder.to_owned(), source })?;
        let lock = files::lock_folder(folder)?;
        let mirror = match Self::is_at(folder) {
            true => Self::open(folder)?,
            false => {
                let index = Index { version: FORMAT, providers: Vec::new() };
                Self { folder: folder.to_owned(), tree: None, index, _lock: None }
            }
        };
        Ok(Self { _lock: Some(lock), ..mirror })
    }

    /// What is there, by name, the oldest version first.
    #[must_use]
    pub fn entries(&self) -> &[Locked] {
        &self.index.providers
    }

    /// The names, each once.
    #[must_use]
    pub fn names(&self) -> Vec<Name> {
        let mut names: Vec<Name> = self.entries().iter().map(|it| it.name.clone()).collect();
        names.dedup();
        names
    }

    /// The newest file of a name that `versions` allow, with its signature. Without
    /// a name: of the only one there is.
    ///
    /// # Errors
    ///
    /// When there is none, or it is not what the index says.
    pub(super) fn fetch(
        &self,
        name: Option<&Name>,
        versions: &Versions,
        limit: usize,
    ) -> Result<(Name, Vec<u8>, Option<String>), ProvidersError> {
        let entry = self.find(name, versions)?;
        let file = file_name(entry);
        let tree = self.tree.as_ref();
        let bytes = read(&self.folder, tree, &file, |file| file.read(limit))?;
        let found = Digest::of(&bytes);
        if found != entry.digest {
            let (listed, found) = (Box::new(entry.digest), Box::new(found));
            let path = self.folder.join(file);
            return Err(MirrorError::Damaged { path, listed, found }.into());
        }
        let signature = read(&self.folder, tree, &file, |file| file.signature())?;
        Ok((entry.name.clone(), bytes, signature))
    }

    fn find(&self, name: Option<&Name>, versions: &Versions) -> Result<&Locked, ProvidersError> {
        let known = self.names();
        let name = match (name, known.as_slice()) {
            (Some(name), _) | (None, [name]) => name,
            _ => {
                let (folder, known) = (self.folder.clone(), self.names());
                return Err(MirrorError::Several { folder, known }.into());
            }
        };
        let there = || self.entries().iter().filter(|entry| entry.name == *name);
        let fitting = there().filter(|entry| versions.allow(&entry.version));
        if let Some(newest) = fitting.max_by(|left, right| left.version.cmp(&right.version)) {
            return Ok(newest);
        }
        Err(match there().next() {
            None => ProvidersError::Unknown {
                name: name.to_string(),
                known: known.iter().map(ToString::to_string).collect(),
            },
            Some(_) => ProvidersError::NoVersion {
                name: name.to_string(),
                wanted: versions.to_string(),
                there: there().map(|entry| entry.version.clone()).collect(),
            },
        })
    }

    /// Puts an installed provider in. The index is written by [`Self::save`].
    ///
    /// # Errors
    ///
    /// When this version is there with other contents, or cannot be written.
    pub fn put(
        &mut self,
        receipt: &Installed,
        bytes: &[u8],
        signature: Option<&str>,
    ) -> Result<(), MirrorError> {
        let entry = Locked::new(receipt, None);
        let same = |it: &&Locked| it.name == entry.name && it.version == entry.version;
        if self.entries().iter().find(same).is_some_and(|it| it.digest != entry.digest) {
            return Err(MirrorError::OtherBytes { name: entry.name, version: entry.version });
        }
        let path = self.folder.join(file_name(&entry));
        write(&path, bytes)?;
        if let Some(text) = signature {
            write(&beside(&path), text.as_bytes())?;
        }
        let providers = &mut self.index.providers;
        providers.retain(|it| !same(&it));
        providers.push(entry);
        providers.sort_by(|left, right| {
            left.name.cmp(&right.name).then_with(|| left.version.cmp(&right.version))
        });
        Ok(())
    }

    /// Writes the index.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written to.
    pub fn save(&self) -> Result<(), MirrorError> {
        let path = self.folder.join(INDEX);
        let text = toml::to_string(&self.index).map_err(|error| MirrorError::File {
            path: path.clone(),
            source: io::Error::other(error),
        })?;
        write(&path, format!("# Made by `renku session provider mirror`\n{text}").as_bytes())
    }
}

/// Names and versions hold nothing that leads elsewhere.
fn file_name(entry: &Locked) -> String {
    format!("{}-{}.wasm", entry.name.file_stem(), entry.version)
}

/// What `how` finds in a file of the mirror in `folder`.
fn read<T>(
    folder: &Path,
    tree: Option<&ProjectTree>,
    name: &str,
    how: impl FnOnce(FileAt<'_>) -> Result<T, ProvidersError>,
) -> Result<T, ProvidersError> {
    match tree {
        Some(tree) => how(FileAt::Below(tree, Path::new(name))),
        None => how(FileAt::Path(&folder.join(name))),
    }
}

/// For everybody to read.
fn write(path: &Path, bytes: &[u8]) -> Result<(), MirrorError> {
    Ok(files::put(path, Readers::Everybody, bytes)?)
}
