//! Archives made by hand, so that nothing corrects what is wrong in them, and a tree
//! between two folders that nothing may touch.

use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tar::{EntryType, Header};

use crate::domain::Digest;
use crate::fault::Fault;
use crate::files::below::Folder;
use crate::layer::{Budget, Layer, Promised};
use crate::limits::Limits;
use crate::tree::Writer;

/// A layer that is made.
#[derive(Default, Clone)]
pub(super) struct Made(Vec<u8>);

impl Made {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn raw(
        mut self,
        kind: EntryType,
        path: &[u8],
        target: &[u8],
        mode: u32,
        body: &[u8],
    ) -> Self {
        self.long(EntryType::GNULongName, path);
        self.long(EntryType::GNULongLink, target);
        let mut header = header(kind, mode, body.len());
        let old = header.as_old_mut();
        let put = |field: &mut [u8; 100], text: &[u8]| {
            let text = &text[..text.len().min(100)];
            field[..text.len()].copy_from_slice(text);
        };
        put(&mut old.name, path);
        put(&mut old.linkname, target);
        header.set_cksum();
        self.append(&header, body);
        self
    }

    fn long(&mut self, kind: EntryType, text: &[u8]) {
        if text.len() > 100 {
            let body = [text, b"\0"].concat();
            let mut header = header(kind, 0, body.len());
            header.set_cksum();
            self.append(&header, &body);
        }
    }

    fn append(&mut self, header: &Header, body: &[u8]) {
        self.0.extend_from_slice(header.as_bytes());
        self.0.extend_from_slice(body);
        let padding = body.len().next_multiple_of(512) - body.len();
        self.0.extend(std::iter::repeat_n(0, padding));
    }

    pub(super) fn file(self, path: impl AsRef<[u8]>, body: &str) -> Self {
        self.raw(EntryType::Regular, path.as_ref(), b"", 0o644, body.as_bytes())
    }

    pub(super) fn folder(self, path: impl AsRef<[u8]>) -> Self {
        self.raw(EntryType::Directory, path.as_ref(), b"", 0o755, b"")
    }

    pub(super) fn link(self, path: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> Self {
        self.raw(EntryType::Symlink, path.as_ref(), target.as_ref(), 0o777, b"")
    }

    pub(super) fn hard(self, path: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> Self {
        self.raw(EntryType::Link, path.as_ref(), target.as_ref(), 0o644, b"")
    }

    pub(super) fn special(self, path: &str, kind: EntryType) -> Self {
        self.raw(kind, path.as_bytes(), b"", 0o666, b"")
    }

    /// The archive, with its end.
    pub(super) fn bytes(&self) -> Vec<u8> {
        [&self.0[..], &[0; 1024]].concat()
    }

    pub(super) fn gzip(&self) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&self.bytes()).unwrap();
        encoder.finish().unwrap()
    }
}

fn header(kind: EntryType, mode: u32, size: usize) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(size as u64);
    header.set_mtime(1_000_000_000);
    header
}

/// `around/tree` is the tree, `around/outside` is nobody's business.
pub(super) struct Around {
    folder: tempfile::TempDir,
    pub(super) limits: Limits,
}

impl Around {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("tree")).unwrap();
        std::fs::create_dir(folder.path().join("outside")).unwrap();
        std::fs::write(folder.path().join("outside/secret"), "secret").unwrap();
        Self { folder, limits: Limits::default() }
    }

    pub(super) fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join("tree").join(path)
    }

    pub(super) fn outside(&self) -> PathBuf {
        self.folder.path().join("outside")
    }

    /// Lays layers one over the other.
    pub(super) fn lay(&self, layers: &[Made]) -> Result<(), Fault> {
        let layers: Vec<Vec<u8>> = layers.iter().map(Made::bytes).collect();
        let laid =
            self.lay_bytes(&layers.iter().map(|it| (&it[..], Digest::of(it))).collect::<Vec<_>>());
        self.assert_nothing_outside();
        laid
    }

    /// The same of what may be compressed, with what it should hash to unpacked.
    pub(super) fn lay_bytes(&self, layers: &[(&[u8], Digest)]) -> Result<(), Fault> {
        let root = Folder::at(&self.at("")).unwrap();
        let mut writer = Writer::new(root, self.at(""), Arc::new(AtomicBool::new(false)));
        let mut budget = Budget::new(self.limits);
        for (bytes, unpacked) in layers {
            let layer = Layer::new(*bytes, &mut budget)?;
            let packed = Some(Digest::of(bytes));
            writer.lay(layer, &Promised { packed, unpacked: *unpacked })?;
        }
        writer.finish();
        Ok(())
    }

    fn assert_nothing_outside(&self) {
        let names = |path: &Path| {
            let mut names: Vec<_> =
                path.read_dir().unwrap().map(|it| it.unwrap().file_name()).collect();
            names.sort();
            names
        };
        assert_eq!(names(self.folder.path()), ["outside", "tree"]);
        assert_eq!(names(&self.outside()), ["secret"]);
        let secret = self.outside().join("secret");
        assert_eq!(std::fs::read_to_string(&secret).unwrap(), "secret");
        assert_eq!(secret.metadata().unwrap().nlink(), 1);
    }

    /// Everything in the tree: `path`, `path -> target`, `path = text`.
    pub(super) fn all(&self) -> Vec<String> {
        let mut all = Vec::new();
        list(&self.at(""), &self.at(""), &mut all);
        all.sort();
        all
    }
}

fn list(root: &Path, folder: &Path, all: &mut Vec<String>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let shown = path.strip_prefix(root).unwrap().display().to_string();
        let kind = path.symlink_metadata().unwrap().file_type();
        if kind.is_symlink() {
            all.push(format!("{shown} -> {}", path.read_link().unwrap().display()));
        } else if kind.is_dir() {
            all.push(format!("{shown}/"));
            list(root, &path, all);
        } else {
            assert!(kind.is_file(), "{shown}");
            all.push(format!("{shown} = {}", std::fs::read_to_string(path).unwrap()));
        }
    }
}
