//! Where a path of a project leads, with links followed as long as they stay inside.
//!
//! The system is never asked for `..`: the folders on the way are held open, and one is
//! let go instead. So nothing that is moved meanwhile leads out.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::folder::{Folder, Inner};
use super::seen::{Kind, Seen};
use super::tree::ProjectTree;
use crate::error::Reason;

/// How many links a path may go through, as in Linux.
const LINKS: usize = 40;

/// The end of a path.
pub(super) struct Place {
    /// The folder that it is in.
    pub(super) folder: Arc<Folder>,
    /// Its name there; no link.
    pub(super) name: OsString,
    /// What it is; none when there is nothing yet.
    pub(super) seen: Option<Seen>,
    /// The path without links, from the root.
    pub(super) path: PathBuf,
}

enum Step {
    Down(OsString),
    Up,
}

/// What is on the way still, the next one last.
#[derive(Default)]
struct Way(Vec<Step>);

impl Way {
    /// Goes along `path` before everything else. Whether it begins at the root of the
    /// project; none when it begins at another one.
    fn insert(&mut self, path: &Path, root: &Path) -> Option<bool> {
        let below = if path.is_absolute() { path.strip_prefix(root).ok()? } else { path };
        let steps = below.components().filter_map(|part| match part {
            Component::Normal(name) => Some(Step::Down(name.to_owned())),
            Component::ParentDir => Some(Step::Up),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => None,
        });
        let steps: Vec<Step> = steps.collect();
        self.0.extend(steps.into_iter().rev());
        Some(path.is_absolute())
    }
}

/// The folders that the way went through, from the root.
struct Held<'a> {
    root: &'a Arc<Folder>,
    folders: Vec<(OsString, Arc<Folder>)>,
}

impl Held<'_> {
    fn last(&self) -> Arc<Folder> {
        Arc::clone(self.folders.last().map_or(self.root, |(_, folder)| folder))
    }

    fn path(&self) -> PathBuf {
        self.folders.iter().map(|(name, _)| name).collect()
    }
}

/// Walks `path`; none when one of its folders is not there.
///
/// # Errors
///
/// When it leads out or in a circle, or a folder may not be opened.
pub(super) fn resolve(tree: &ProjectTree, path: &Path) -> Result<Option<Place>, Reason> {
    let mut way = Way::default();
    let mut held = Held { root: &tree.root, folders: Vec::new() };
    let mut link = None;
    let mut links = 0;
    let outside = |link: &Option<PathBuf>| Reason::Outside { link: link.clone() };
    way.insert(path, &tree.path).ok_or_else(|| outside(&link))?;
    while let Some(step) = way.0.pop() {
        let name = match step {
            Step::Down(name) => name,
            Step::Up => {
                held.folders.pop().ok_or_else(|| outside(&link))?;
                continue;
            }
        };
        let folder = held.last();
        let is_last = way.0.is_empty();
        let seen = match is_last {
            true => folder.look(&name).map_err(Reason::Unreadable)?,
            false => match folder.inner(&name).map_err(Reason::Unreadable)? {
                Inner::Folder(inner) => {
                    held.folders.push((name, Arc::new(inner)));
                    continue;
                }
                Inner::Other(seen) => Some(seen),
                Inner::Missing => None,
            },
        };
        match seen.map(|seen| seen.kind) {
            Some(Kind::Link) => {
                links += 1;
                if links > LINKS {
                    return Err(Reason::Circle);
                }
                let target = folder.target(&name).map_err(Reason::Unreadable)?;
                link = Some(held.path().join(&name));
                if way.insert(&target, &tree.path).ok_or_else(|| outside(&link))? {
                    held.folders.clear();
                }
            }
            _ if is_last => {
                let path = held.path().join(&name);
                return Ok(Some(Place { folder, name, seen, path }));
            }
            _ => return Ok(None),
        }
    }
    // It ended with `..`, or with a link to a folder above: that one is held.
    let (name, _) = held.folders.pop().ok_or(Reason::NotAFile(Kind::Folder))?;
    let folder = held.last();
    let seen = folder.look(&name).map_err(Reason::Unreadable)?;
    let path = held.path().join(&name);
    Ok(Some(Place { folder, name, seen, path }))
}
