//! How much of an image is taken.

/// Bounds for one image.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub layers: usize,
    /// Entries of all its layers.
    pub entries: u64,
    /// Bytes of all its layers when they are unpacked.
    pub bytes: u64,
    /// Bytes of all names in it.
    pub names: u64,
    /// How many bytes may come out of one that goes in, after `allowance` bytes.
    pub ratio: u64,
    /// See `ratio`: a small layer may be nearly empty files.
    pub allowance: u64,
}

impl Default for Limits {
    /// Above the largest images of practice: 30 GB and 700,000 files with CUDA and conda.
    /// gzip cannot pack more than 1032 times, and does so for zeros only.
    fn default() -> Self {
        Self {
            layers: 512,
            entries: 1_000_000,
            bytes: 128 << 30,
            names: 256 << 20,
            ratio: 200,
            allowance: 64 << 20,
        }
    }
}

/// Bytes of a manifest, an index or a configuration.
pub(crate) const DOCUMENT_BYTES: u64 = 4 << 20;
/// Bytes of a name, and of a whole path (`NAME_MAX` and `PATH_MAX` of Linux).
pub(crate) const NAME_BYTES: usize = 255;
pub(crate) const PATH_BYTES: usize = 4095;
/// Folders inside each other. Each is held open while one below it is looked for.
pub(crate) const DEPTH: usize = 256;
