//! The files of this user: where they are, which only their user may read, how
//! commands share them, and the key of their sessions.
//!
//! Imports `domain` alone.

use renku_session_domain as domain;

pub mod directories;
pub mod private_file;
pub mod session_key;
mod shared;

pub use shared::{
    Decisions, Lock, TEMPORARY, decisions, lock, lock_beside, make_folder, replace,
    replace_for_all, sweep, sync_folder,
};
