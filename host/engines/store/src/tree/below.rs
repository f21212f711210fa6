//! The way to a folder of the tree, through its links, which end at its root.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path};
use std::sync::Arc;

use crate::fault::Wrong;
use crate::files::below::{Folder, Kind};
use crate::limits::DEPTH;

/// How many links a path may go through, as in Linux.
const LINKS: usize = 40;
/// How many names a path may have once its links are followed: one that goes up and down
/// again and again costs as much as a long one.
const STEPS: usize = 1024;
/// Permissions of folders that no entry describes.
const USUAL: u32 = 0o755;

/// A folder of the tree.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) folder: Arc<Folder>,
    /// Where it is without links, from the root: names with a `/` behind each.
    pub(super) path: Vec<u8>,
}

impl Place {
    /// Where something in it is.
    pub(super) fn join(&self, name: &OsStr) -> Vec<u8> {
        [&self.path, name.as_bytes()].concat()
    }
}

/// Why there is no way.
pub(super) enum NoWay {
    /// For a reason that lies in the archive.
    Wrong(Wrong),
    /// For another one.
    Io(io::Error),
}

impl From<io::Error> for NoWay {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Whether folders that are missing on the way are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    Make,
    Leave,
}

enum Step {
    Down(OsString),
    Up,
}

/// Goes down `names` from `root`. None when something on the way is missing.
pub(super) fn place(
    root: &Arc<Folder>,
    names: &[&OsStr],
    missing: Missing,
) -> Result<Option<Place>, NoWay> {
    let mut way: Vec<Step> = names.iter().rev().map(|name| Step::Down((*name).into())).collect();
    let mut held: Vec<(OsString, Arc<Folder>)> = Vec::new();
    let (mut links, mut steps) = (0, 0);
    while let Some(step) = way.pop() {
        steps += 1;
        if steps > STEPS || held.len() > DEPTH {
            return Err(NoWay::Wrong(Wrong::TooDeep));
        }
        let Step::Down(name) = step else {
            // Above the root is the root.
            held.pop();
            continue;
        };
        let here = held.last().map_or(root, |(_, folder)| folder);
        let error = match here.folder(&name) {
            Ok(folder) => {
                held.push((name, Arc::new(folder)));
                continue;
            }
            Err(error) => error,
        };
        match here.look(&name)?.map(|seen| seen.kind) {
            None if missing == Missing::Leave => return Ok(None),
            None => {
                here.make_folder(&name, 0o700)?;
                let folder = here.folder(&name)?;
                folder.set_mode(USUAL)?;
                held.push((name, Arc::new(folder)));
            }
            Some(Kind::Link) => {
                links += 1;
                if links > LINKS {
                    return Err(NoWay::Wrong(Wrong::Circle));
                }
                let target = here.target(&name)?;
                if target.is_absolute() {
                    held.clear();
                }
                way.extend(steps_of(&target).rev());
            }
            Some(Kind::Folder) => return Err(NoWay::Io(error)),
            Some(_) if missing == Missing::Leave => return Ok(None),
            Some(_) => return Err(NoWay::Wrong(Wrong::InTheWay)),
        }
    }
    let mut path = Vec::new();
    for (name, _) in &held {
        path.extend_from_slice(name.as_bytes());
        path.push(b'/');
    }
    let folder = held.pop().map_or_else(|| Arc::clone(root), |(_, folder)| folder);
    Ok(Some(Place { folder, path }))
}

fn steps_of(target: &Path) -> impl DoubleEndedIterator<Item = Step> {
    target.components().filter_map(|part| match part {
        Component::Normal(name) => Some(Step::Down(name.to_owned())),
        Component::ParentDir => Some(Step::Up),
        Component::CurDir | Component::RootDir | Component::Prefix(_) => None,
    })
}
