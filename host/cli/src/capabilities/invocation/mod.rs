//! What every provider may always use: facts about the project and secrets that
//! need no storage. Nothing here reaches outside.

mod key_file;
mod secret;

pub use key_file::KeyFile;
pub use secret::{SecretError, SecretKey};
