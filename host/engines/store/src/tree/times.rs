//! When folders were changed last. Everything that is written into one changes that, so it
//! is set when all layers are there.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::sync::Arc;

use crate::files::below::Folder;

/// Seconds since 1970, by the folder's place without links.
#[derive(Default)]
pub(super) struct Times(HashMap<Vec<u8>, i64>);

impl Times {
    /// Whether the name is new here.
    pub(super) fn note(&mut self, path: Vec<u8>, modified: i64) -> bool {
        self.0.insert(path, modified).is_none()
    }

    /// Sets them. A folder that is gone by now, or of a system that cannot, is none the worse.
    pub(super) fn set(&self, root: &Arc<Folder>) {
        for (path, modified) in &self.0 {
            let names = path.split(|byte| *byte == b'/').filter(|name| !name.is_empty());
            let folder = names
                .map(OsStr::from_bytes)
                .try_fold(Arc::clone(root), |folder, name| folder.folder(name).map(Arc::new));
            let _ = folder.and_then(|folder| folder.set_modified(*modified));
        }
    }
}
