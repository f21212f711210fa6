//! Where a provider's file is fetched from when it is added or updated.
//!
//! A source only brings bytes. Whether they are a provider, and the one that was
//! meant, is decided by who asked.

mod fetch;
mod file;
mod https;
mod source;

pub use fetch::{Access, Fetched};
pub use file::signature as read_signature;
pub(super) use file::{FileAt, read as read_file};
pub(super) use source::LONGEST;
pub use source::Source;
