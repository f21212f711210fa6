//! The files of this user: where they are, whose they are, how one command after
//! the other changes them, and the key of their sessions. And what others may have put
//! somewhere: files of a project, opened below its root, and files that a user names.
//! Nothing here waits for the other end of a pipe, or reads what is no file.
//!
//! | file | answers |
//! |---|---|
//! | `directories` | where is it? |
//! | `whose`, `walk` | does it count? |
//! | `own_folder`, `own_file` | what does it say? |
//! | `below` | the same for a file of a project |
//! | `regular` | and for one that its user names |
//! | `replace`, `temporary_folder` | how is it written, so that it is whole or not there? |
//! | `lock`, `project_lock` | who changes it now? |
//! | `spool` | what has no name |
//!
//! Imports `domain` alone.

use renku_session_domain as domain;

pub mod below;
pub mod directories;
mod error;
mod lock;
mod own_file;
mod own_folder;
mod project_lock;
mod regular;
mod replace;
pub mod session_key;
mod spool;
mod temporary_folder;
mod walk;
mod whose;

pub use below::ProjectTree;
pub use error::{FileError, Holder, Reason};
pub use lock::{Lock, lock_folder};
pub use own_file::{Locked, OwnFile, Waiting};
pub use own_folder::OwnFolder;
pub use project_lock::lock_project;
pub use regular::{open, read};
pub use replace::{New, Readers, TEMPORARY, Temporary, put, put_first};
pub use spool::{Spool, TemporaryError};
pub use temporary_folder::TemporaryFolder;
pub use walk::{Way, way_to};
