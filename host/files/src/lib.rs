//! The files of this user: where they are, which only their user may read, how
//! commands share them, and the key of their sessions. And what others may have put
//! somewhere: files of a project, opened below its root, and files that a user names.
//! Nothing here waits for the other end of a pipe, or reads what is no file.
//!
//! Imports `domain` alone.

use renku_session_domain as domain;

pub mod below;
pub mod directories;
mod error;
pub mod private_file;
mod regular;
pub mod session_key;
mod shared;

pub use below::ProjectTree;
pub use error::{FileError, Reason};
pub use regular::{open, read};
pub use shared::{
    Decisions, Lock, TEMPORARY, decisions, lock, lock_beside, make_folder, replace,
    replace_for_all, sweep, sync_folder,
};
