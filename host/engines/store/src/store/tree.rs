//! An image that sessions can start from.

use std::path::PathBuf;

use crate::domain::Digest;
use crate::files::Lock;
use crate::images::ImageConfig;

/// An image that sessions can start from. It is not removed as long as this lives.
#[derive(Debug)]
pub struct Tree {
    /// Its files, for reading alone: every session of the image has the same.
    pub root: PathBuf,
    /// How it is started.
    pub config: ImageConfig,
    /// VOLUME.
    pub volumes: Vec<PathBuf>,
    /// Of what it says about itself: what `docker images` calls its ID.
    pub digest: Digest,
    /// Bytes on the disk.
    pub size: u64,
    pub(super) _used: Lock,
}
