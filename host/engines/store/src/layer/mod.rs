//! One layer as a stream: decompressed, measured, hashed, entry by entry.

mod compression;
mod entries;
mod meter;
mod stream;

pub(crate) use compression::Decompressed;
pub(crate) use entries::{Entries, Entry, Kind};
pub(crate) use stream::{Budget, Layer, Promised};
