//! The way to a file of ours, folder by folder, each opened and looked at before
//! the next one: nobody can put something else in its place meanwhile.
//!
//! Links are followed, because people keep their settings elsewhere (`~/.config` in
//! a folder of dotfiles), when the link and everything it leads through is ours
//! too. In a project the rules are others: see `below`.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Component, Path, PathBuf};

use rustix::fs::AtFlags;
use rustix::io::Errno;

use crate::below::{Folder, Kind};
use crate::directories;
use crate::error::{FileError, Reason};
use crate::own_folder::OwnFolder;
use crate::whose;

/// As many as Linux follows (`path_resolution(7)`).
const LINKS: u8 = 40;

/// Where a path leads: a folder, and a name in it that is no link.
pub(crate) struct Place {
    pub(crate) folder: OwnFolder,
    pub(crate) name: OsString,
    /// Why nothing that is there counts. That nothing is there is no harm.
    pub(crate) wrong: Option<FileError>,
}

/// What is to say about the way to a folder of ours, as far as there is one.
#[derive(Debug)]
pub struct Way {
    /// Why what is there does not count.
    pub wrong: Option<FileError>,
    /// The folders that their groups can write to.
    pub shared: Vec<PathBuf>,
}

impl OwnFolder {
    /// A folder of the user, whose files give authority: it and each folder above
    /// it up to the home are ours. None when it is not there.
    ///
    /// # Errors
    ///
    /// When somebody else could have written into it, or it cannot be opened.
    pub fn open(path: &Path) -> Result<Option<Self>, FileError> {
        folder(path, false)
    }

    /// The same; it is made, mode 0700, when it is not there.
    ///
    /// # Errors
    ///
    /// As [`Self::open`], or when it cannot be made.
    pub fn make(path: &Path) -> Result<Self, FileError> {
        folder(path, true)?.ok_or_else(|| FileError::unusable(path, Errno::NOENT))
    }
}

/// The folder at `path`. None when it is not there; with `make` it and its parents
/// are made (mode 0700).
fn folder(path: &Path, make: bool) -> Result<Option<OwnFolder>, FileError> {
    let Some(mut walk) = Walk::begin(path, make)? else { return Ok(None) };
    match (walk.down_to(0)?, walk.wrong) {
        (false, _) => Ok(None),
        (true, None) => Ok(Some(walk.folder)),
        (true, Some(wrong)) => Err(wrong),
    }
}

/// The place of the file at `path`. None when its folder is not there.
pub(crate) fn file(path: &Path, make: bool) -> Result<Option<Place>, FileError> {
    let nameless = || FileError::unusable(path, Errno::INVAL);
    let (parent, name) = path.parent().zip(path.file_name()).ok_or_else(nameless)?;
    let Some(mut walk) = Walk::begin(parent, make)? else { return Ok(None) };
    walk.rest.push_back(name.to_owned());
    loop {
        if !walk.down_to(1)? {
            return Ok(None);
        }
        let name = walk.rest.pop_front().ok_or_else(nameless)?;
        match walk.target_of(&name)? {
            None => {
                let Walk { folder, wrong, .. } = walk;
                return Ok(Some(Place { folder, name, wrong }));
            }
            Some(target) => walk.follow(&target)?,
        }
    }
}

/// Looks at the way to a folder of ours.
///
/// # Errors
///
/// When it cannot be gone.
pub fn way_to(path: &Path) -> Result<Way, FileError> {
    let Some(mut walk) = Walk::begin(path, false)? else {
        return Ok(Way { wrong: None, shared: Vec::new() });
    };
    let _ = walk.down_to(0)?;
    Ok(Way { wrong: walk.wrong, shared: walk.shared })
}

struct Walk {
    folder: OwnFolder,
    rest: VecDeque<OsString>,
    links: u8,
    make: bool,
    wrong: Option<FileError>,
    shared: Vec<PathBuf>,
}

impl Walk {
    fn begin(path: &Path, make: bool) -> Result<Option<Self>, FileError> {
        let root = directories::root_of(path).unwrap_or_else(|| path.to_owned());
        let rest = path.strip_prefix(&root).unwrap_or(Path::new("")).to_owned();
        if make && !root.exists() {
            let mut builder = std::fs::DirBuilder::new();
            builder.recursive(true).mode(0o700);
            builder.create(&root).map_err(|error| FileError::unusable(&root, error))?;
        }
        let folder = match Folder::at(&root) {
            Ok(folder) => OwnFolder::new(folder, root),
            Err(error) if !make && crate::regular::is_missing(&error) => return Ok(None),
            Err(error) => return Err(FileError::unusable(&root, error)),
        };
        let (ahead, shared) = (VecDeque::new(), Vec::new());
        let mut walk = Self { folder, rest: ahead, links: LINKS, make, wrong: None, shared };
        walk.check()?;
        walk.ahead(&rest);
        Ok(Some(walk))
    }

    /// Puts the parts of a path before what is left of the way.
    fn ahead(&mut self, path: &Path) {
        for part in path.components().rev() {
            if matches!(part, Component::Normal(_) | Component::ParentDir) {
                self.rest.push_front(part.as_os_str().to_owned());
            }
        }
    }

    /// Goes on until so many parts are left. Whether everything was there.
    fn down_to(&mut self, left: usize) -> Result<bool, FileError> {
        while self.rest.len() > left {
            let Some(part) = self.rest.pop_front() else { break };
            if !self.enter(&part)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn enter(&mut self, part: &OsStr) -> Result<bool, FileError> {
        let path = self.folder.path().join(part);
        let opened = match self.inner(part) {
            Err(error) if self.make && error.kind() == io::ErrorKind::NotFound => {
                self.make(part, &path)?;
                self.inner(part)
            }
            opened => opened,
        };
        match opened {
            Ok(folder) => {
                self.folder = OwnFolder::new(folder, path);
                self.check()?;
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) if is_no_folder(&error) => match self.target_of(part)? {
                Some(target) => self.follow(&target).map(|()| true),
                None if !self.make => Ok(false),
                None => Err(FileError::own(path, Reason::NotAFolder)),
            },
            Err(error) => Err(FileError::unusable(&path, error)),
        }
    }

    fn inner(&self, part: &OsStr) -> io::Result<Folder> {
        let folder = self.folder.folder();
        if part == ".." { folder.parent() } else { folder.folder(part) }
    }

    fn make(&self, part: &OsStr, path: &Path) -> Result<(), FileError> {
        match self.folder.folder().make_folder(part, 0o700) {
            // Another program was faster.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                Err(FileError::unusable(path, error))
            }
            _ => Ok(()),
        }
    }

    fn check(&mut self) -> Result<(), FileError> {
        let stat = self.folder.stat()?;
        if whose::is_shared(&stat) {
            self.shared.push(self.folder.path().to_owned());
        }
        self.note(whose::check(&stat, self.folder.path(), Kind::Folder))
    }

    /// What is wrong ends a walk that makes something. Else it counts when
    /// something is there.
    fn note(&mut self, checked: Result<(), FileError>) -> Result<(), FileError> {
        match checked {
            Err(wrong) if !self.make => {
                self.wrong.get_or_insert(wrong);
                Ok(())
            }
            checked => checked,
        }
    }

    /// Where a link leads; none when it is no link, or nothing. Between the two
    /// looks nobody can change it: others cannot remove what is ours from a folder
    /// that was checked.
    fn target_of(&mut self, name: &OsStr) -> Result<Option<PathBuf>, FileError> {
        let path = self.folder.path().join(name);
        let failed = |error: io::Error| FileError::unusable(&path, error);
        let folder = self.folder.folder();
        let target = match folder.target(name) {
            Ok(target) => target,
            // What readlink(2) says of anything else.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let descriptor = folder.descriptor();
        let stat = rustix::fs::statat(descriptor, name, AtFlags::SYMLINK_NOFOLLOW)
            .map_err(|error| failed(error.into()))?;
        self.note(whose::check(&stat, &path, Kind::Link))?;
        Ok(Some(target))
    }

    fn follow(&mut self, target: &Path) -> Result<(), FileError> {
        let path = self.folder.path().join(target);
        let circle = || FileError::own(path, Reason::Circle);
        self.links = self.links.checked_sub(1).ok_or_else(circle)?;
        if target.is_absolute() {
            let top = Path::new("/");
            let folder = Folder::at(top).map_err(|error| FileError::unusable(top, error))?;
            self.folder = OwnFolder::new(folder, top.to_owned());
            self.check()?;
        }
        self.ahead(target);
        Ok(())
    }
}

/// What open(2) says of a link that is not followed, and of what is no folder at all.
fn is_no_folder(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::NOTDIR | Errno::LOOP))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn chmod(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn what_is_not_there_is_no_error_and_can_be_made_for_us_alone() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("renku");
        assert!(OwnFolder::open(&path).unwrap().is_none());
        assert!(file(&path.join("grants.toml"), false).unwrap().is_none());
        assert!(OwnFolder::make(&path).is_ok());
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_link_of_ours_is_followed_through_folders_of_ours() {
        let home = tempfile::tempdir().unwrap();
        let there = home.path().join("dotfiles/renku");
        std::fs::create_dir_all(&there).unwrap();
        let here = home.path().join("renku");
        symlink("dotfiles/../dotfiles/renku", &here).unwrap();
        symlink("real.ini", there.join("renku.ini")).unwrap();
        // Links are looked at in a folder that was opened, not in its path.
        let walk = |path: &Path| {
            let mut walk = Walk::begin(home.path(), false).unwrap().unwrap();
            walk.ahead(path);
            assert!(walk.down_to(0).unwrap());
            walk.wrong
        };
        assert!(walk(Path::new("renku")).is_none());
        let place = file(&there.join("renku.ini"), false).unwrap().unwrap();
        assert_eq!(place.name, "real.ini");
        chmod(&home.path().join("dotfiles"), 0o777);
        let error = walk(Path::new("renku")).unwrap();
        assert!(matches!(error.reason(), Reason::Open(Kind::Folder)), "{error}");
        chmod(&home.path().join("dotfiles"), 0o1777);
        assert!(walk(Path::new("renku")).is_none());
    }

    #[test]
    fn links_that_lead_to_each_other_end() {
        let home = tempfile::tempdir().unwrap();
        symlink("b", home.path().join("a")).unwrap();
        symlink("a", home.path().join("b")).unwrap();
        let error = file(&home.path().join("a"), false).err().unwrap();
        assert!(matches!(error.reason(), Reason::Circle), "{error}");
    }

    #[test]
    fn folders_that_a_group_can_write_to_are_known() {
        let home = tempfile::tempdir().unwrap();
        chmod(home.path(), 0o775);
        assert_eq!(way_to(home.path()).unwrap().shared, [home.path()]);
        chmod(home.path(), 0o755);
        assert_eq!(way_to(home.path()).unwrap().shared, Vec::<PathBuf>::new());
    }

    #[test]
    fn in_a_folder_that_does_not_count_nothing_is_made_and_what_is_not_there_does_no_harm() {
        let home = tempfile::tempdir().unwrap();
        chmod(home.path(), 0o777);
        let path = home.path().join("grants.toml");
        let place = file(&path, false).unwrap().unwrap();
        assert!(place.wrong.is_some());
        assert!(file(&path, true).is_err());
        assert!(OwnFolder::open(home.path()).is_err());
        assert!(way_to(home.path()).unwrap().wrong.is_some());
    }

    #[test]
    fn a_file_where_a_folder_should_be_is_named() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("renku"), "").unwrap();
        let mut walk = Walk::begin(home.path(), true).unwrap().unwrap();
        walk.ahead(Path::new("renku/x"));
        let error = walk.down_to(0).unwrap_err();
        assert!(error.to_string().ends_with("/renku`: it is not a folder"), "{error}");
        assert!(OwnFolder::open(&home.path().join("renku/x")).unwrap().is_none());
    }
}
