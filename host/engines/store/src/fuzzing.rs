//! A door for `tests/fuzz`: layers laid on a tree, whatever they hash to.

use std::path::Path;
use std::sync::Arc;

use crate::domain::Digest;
use crate::error::StoreError;
use crate::fault::Fault;
use crate::files::below::Folder;
use crate::layer::{Budget, Layer, Promised};
use crate::limits::Limits;
use crate::tree::Writer;

/// Lays layers on the tree at `root`, one over the other. Each is compared with a digest
/// that it does not have, once all of it is laid.
///
/// # Errors
///
/// Whatever ends an image that is unpacked, but for its digest.
pub fn lay(root: &Path, layers: &[&[u8]], limits: Limits) -> Result<(), StoreError> {
    let folder = Folder::at(root).map_err(|error| fault(Fault::Write(root.to_owned(), error)))?;
    let mut writer = Writer::new(folder, root.to_owned(), Arc::default());
    let mut budget = Budget::new(limits);
    let promised = Promised { packed: None, unpacked: Digest::of(b"") };
    for bytes in layers {
        let layer = Layer::new(*bytes, &mut budget).map_err(fault)?;
        match writer.lay(layer, &promised) {
            Ok(()) | Err(Fault::Digest { .. }) => {}
            Err(error) => return Err(fault(error)),
        }
    }
    writer.finish();
    Ok(())
}

fn fault(fault: Fault) -> StoreError {
    StoreError::of("fuzzed", fault)
}
