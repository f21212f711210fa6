//! The user's key: secrets that need no storage, and whose sessions are whose.

mod key_file;
mod secret;

pub use key_file::KeyFile;
pub use secret::{SecretError, SecretKey};
