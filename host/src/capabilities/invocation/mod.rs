//! What every provider may always use: facts about the project and secrets that
//! need no storage. Nothing here reaches outside.

mod project;
mod secret;

pub use project::ProjectFacts;
pub use secret::{SecretError, SecretKey};
