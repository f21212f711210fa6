//! What the tasks share, in whichever of their crates: running other programs, steps
//! of one line each, files and their digests, and places.

mod files;
pub mod log;
mod places;
pub mod shell;

pub use files::{files_below, sha256};
pub use places::{AUTHORS, EXAMPLE, PROVIDERS, in_target};
