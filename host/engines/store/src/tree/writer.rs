//! Lays a layer on the tree, entry by entry.
//!
//! Everything belongs to the user, who can read, replace and remove it: no other owner, no
//! set-user-id, nobody else who may write. Devices, pipes and sockets are left out: whoever
//! starts something from the tree brings their own `/dev`.

use std::ffi::OsStr;
use std::fs::{File, Permissions};
use std::io::{self, Read, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use super::below::{self, Missing, NoWay, Place};
use super::names::names;
use super::new::New;
use super::times::Times;
use super::whiteout::Whiteout;
use crate::fault::{Fault, Wrong};
use crate::files::below::{Folder, Kind as Found};
use crate::layer::{Entries, Entry, Kind, Layer, Promised};

/// What the user can do with a folder and with a file, at least.
const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;
/// What is left of permissions: nobody else writes, nothing runs as somebody else.
const KEPT: u32 = 0o755;

/// A tree that is written.
pub(crate) struct Writer {
    root: Arc<Folder>,
    /// Where it is, for messages.
    shown: PathBuf,
    new: New,
    times: Times,
    /// The folder of the entry before: most entries are beside each other.
    last: Option<(Vec<u8>, Place)>,
    cancelled: Arc<AtomicBool>,
    /// Devices and pipes that were left out.
    left_out: u64,
}

impl Writer {
    /// `cancelled` is looked at before each entry and each piece of one.
    pub(crate) fn new(root: Folder, shown: PathBuf, cancelled: Arc<AtomicBool>) -> Self {
        Self {
            root: Arc::new(root),
            shown,
            new: New::default(),
            times: Times::default(),
            last: None,
            cancelled,
            left_out: 0,
        }
    }

    /// Lays a layer over what is there, and compares it with what was promised.
    pub(crate) fn lay(
        &mut self,
        layer: Layer<'_, impl Read>,
        promised: &Promised,
    ) -> Result<(), Fault> {
        self.new.clear();
        self.last = None;
        let mut entries = Entries::new(layer);
        while let Some(entry) = entries.next().map_err(Fault::reading)? {
            if self.cancelled.load(Ordering::Relaxed) {
                return Err(Fault::Cancelled);
            }
            let budget = entries.input().budget();
            budget.entry(entry.path.len()).map_err(Fault::Bound)?;
            self.apply(&entry, &mut entries)?;
        }
        entries.into_input().finish(promised)
    }

    /// Ends the tree.
    pub(crate) fn finish(self) {
        self.times.set(&self.root);
        if self.left_out > 0 {
            tracing::info!("{} devices and pipes of the image were left out", self.left_out);
        }
    }

    fn apply(
        &mut self,
        entry: &Entry,
        entries: &mut Entries<Layer<'_, impl Read>>,
    ) -> Result<(), Fault> {
        let names = names(&entry.path)?;
        let whiteout = Whiteout::of(&names);
        let Some((name, parent)) = names.split_last() else { return Ok(()) };
        match whiteout.map_err(|why| wrong(entry, why))? {
            Whiteout::None => {}
            Whiteout::Ignored => return Ok(()),
            Whiteout::Opaque => return self.make_opaque(&entry.path, parent),
            Whiteout::Of(name) => return self.white_out(&entry.path, parent, name),
        }
        if entry.kind == Kind::Special {
            self.left_out += 1;
            return Ok(());
        }
        let place = self.place(&entry.path, parent, Missing::Make)?;
        let place = place.ok_or_else(|| wrong(entry, Wrong::InTheWay))?;
        let path = place.join(name);
        match entry.kind {
            Kind::Folder => self.folder(entry, &place, name, &path),
            Kind::Link => self.link(entry, &place, name, &path),
            Kind::HardLink => self.hard_link(entry, &place, name, &path, entries),
            Kind::File | Kind::Special => self.file(entry, &place, name, &path, entries),
        }?;
        self.new.note(path, entries.input().budget()).map_err(Fault::Bound)
    }

    fn white_out(&mut self, entry: &[u8], folder: &[&OsStr], name: &OsStr) -> Result<(), Fault> {
        let Some(place) = self.place(entry, folder, Missing::Leave)? else { return Ok(()) };
        let path = place.join(name);
        let removed = self.new.remove_old(&place.folder, name, &path);
        removed.map_err(|error| self.unwritable(&path, error))?;
        self.forget_place();
        Ok(())
    }

    fn make_opaque(&mut self, entry: &[u8], folder: &[&OsStr]) -> Result<(), Fault> {
        let Some(Place { folder, path }) = self.place(entry, folder, Missing::Leave)? else {
            return Ok(());
        };
        let path = path.strip_suffix(b"/").unwrap_or(&path);
        let cleared = self.new.clear_old(&folder, path);
        cleared.map_err(|error| self.unwritable(path, error))?;
        self.forget_place();
        Ok(())
    }

    fn folder(
        &mut self,
        entry: &Entry,
        at: &Place,
        name: &OsStr,
        path: &[u8],
    ) -> Result<(), Fault> {
        let mode = (entry.mode & KEPT) | FOLDER;
        self.make_way(at, name, path, true)?;
        let make = || {
            match at.folder.make_folder(name, FOLDER) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                made => made?,
            }
            at.folder.folder(name)?.set_mode(mode)
        };
        make().map_err(|error| self.unwritable(path, error))?;
        self.times.note(path.to_vec(), entry.modified);
        Ok(())
    }

    fn link(&mut self, entry: &Entry, at: &Place, name: &OsStr, path: &[u8]) -> Result<(), Fault> {
        if entry.target.is_empty() {
            return Err(wrong(entry, Wrong::EmptyLink));
        }
        if entry.target.contains(&0) {
            return Err(wrong(entry, Wrong::Nul));
        }
        if entry.target.len() > crate::limits::PATH_BYTES {
            return Err(wrong(entry, Wrong::TooLong));
        }
        self.make_way(at, name, path, false)?;
        let made = at.folder.make_link(OsStr::from_bytes(&entry.target).as_ref(), name);
        made.map_err(|error| self.unwritable(path, error))
    }

    fn file(
        &mut self,
        entry: &Entry,
        at: &Place,
        name: &OsStr,
        path: &[u8],
        entries: &mut Entries<Layer<'_, impl Read>>,
    ) -> Result<(), Fault> {
        self.make_way(at, name, path, false)?;
        // New, so that it is neither a link's target nor another name of a file.
        let mut file =
            at.folder.create(name, FILE).map_err(|error| self.unwritable(path, error))?;
        self.copy(&mut entries.body(), &mut file, path)?;
        self.dress(&file, entry.mode, entry.modified).map_err(|error| self.unwritable(path, error))
    }

    fn hard_link(
        &mut self,
        entry: &Entry,
        at: &Place,
        name: &OsStr,
        path: &[u8],
        entries: &mut Entries<Layer<'_, impl Read>>,
    ) -> Result<(), Fault> {
        let no_target = || wrong(entry, Wrong::NoTarget);
        let names = names(&entry.target).map_err(|_| no_target())?;
        let (target, parent) = names.split_last().ok_or_else(no_target)?;
        let from = self.place(&entry.path, parent, Missing::Leave)?.ok_or_else(no_target)?;
        let unwritable = |error| self.unwritable(path, error);
        let seen = from.folder.look(target).map_err(unwritable)?;
        let seen = seen.filter(|seen| matches!(seen.kind, Found::File | Found::Link));
        let seen = seen.ok_or_else(no_target)?;
        if from.join(target) == path {
            return Ok(());
        }
        self.make_way(at, name, path, false)?;
        match from.folder.hard_link(target, &at.folder, name) {
            Ok(()) => Ok(()),
            // Not every file system has them, and one file has only so many.
            Err(_) if seen.kind == Found::File => {
                entries.input().budget().bytes(seen.len).map_err(Fault::Bound)?;
                let unwritable = |error| self.unwritable(path, error);
                let mut original = from.folder.file(target).map_err(unwritable)?;
                let mut copy = at.folder.create(name, FILE).map_err(unwritable)?;
                self.copy(&mut original, &mut copy, path)?;
                self.dress(&copy, seen.mode, seen.modified).map_err(unwritable)
            }
            Err(error) => Err(self.unwritable(path, error)),
        }
    }

    fn copy(&self, from: &mut impl Read, to: &mut File, path: &[u8]) -> Result<(), Fault> {
        let mut buffer = vec![0; 64 << 10];
        loop {
            if self.cancelled.load(Ordering::Relaxed) {
                return Err(Fault::Cancelled);
            }
            let count = from.read(&mut buffer).map_err(Fault::reading)?;
            let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
                return Ok(());
            };
            to.write_all(read).map_err(|error| self.unwritable(path, error))?;
        }
    }

    fn dress(&self, file: &File, mode: u32, modified: i64) -> io::Result<()> {
        file.set_permissions(Permissions::from_mode((mode & KEPT) | FILE))?;
        let modified = u64::try_from(modified).unwrap_or(0);
        match UNIX_EPOCH.checked_add(Duration::from_secs(modified)) {
            // A time that the file system cannot keep is nobody's loss.
            Some(time) => file.set_modified(time).or(Ok(())),
            None => Ok(()),
        }
    }

    /// Removes what has the name; a folder may stay for a folder.
    fn make_way(
        &mut self,
        at: &Place,
        name: &OsStr,
        path: &[u8],
        folder: bool,
    ) -> Result<(), Fault> {
        let unwritable = |error| self.unwritable(path, error);
        let Some(seen) = at.folder.look(name).map_err(unwritable)? else { return Ok(()) };
        match seen.kind {
            Found::Folder if folder => return Ok(()),
            Found::File => return at.folder.remove_file(name).map_err(unwritable),
            _ => at.folder.remove_all(name).map_err(unwritable)?,
        }
        self.forget_place();
        Ok(())
    }

    /// The folder that `names` lead to. None when it is not there, and is not made.
    fn place(
        &mut self,
        entry: &[u8],
        names: &[&OsStr],
        missing: Missing,
    ) -> Result<Option<Place>, Fault> {
        let key = names.join(OsStr::new("/")).as_bytes().to_vec();
        if let Some((_, place)) = self.last.as_ref().filter(|(last, _)| *last == key) {
            return Ok(Some(place.clone()));
        }
        match below::place(&self.root, names, missing) {
            Ok(Some(place)) => {
                self.last = Some((key, place.clone()));
                Ok(Some(place))
            }
            Ok(None) => Ok(None),
            Err(NoWay::Wrong(why)) => Err(Fault::Entry { path: entry.to_vec(), why }),
            Err(NoWay::Io(error)) => Err(self.unwritable(entry, error)),
        }
    }

    /// A link or a folder changed: the way to where we were may be another one.
    fn forget_place(&mut self) {
        self.last = None;
    }

    fn unwritable(&self, path: &[u8], error: io::Error) -> Fault {
        Fault::Write(self.shown.join(OsStr::from_bytes(path)), error)
    }
}

fn wrong(entry: &Entry, why: Wrong) -> Fault {
    Fault::Entry { path: entry.path.clone(), why }
}
