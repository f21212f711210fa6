//! The images of this user: a folder each, called by the digest of what the image says
//! about itself, and a file with their names.
//!
//! ```text
//! images/                 0700, in the data directory
//!   names.json            what an image is called → its digest
//!   locks/DIGEST.lock     alone: it is unpacked or removed; shared: it is used
//!   sha256-DIGEST/        there whole or not at all
//!     image.json          size, when it came
//!     config.json         what it says about itself, as it came
//!     root/               the tree
//!   .renku-new-…/         being unpacked, or left by a program that was killed
//! ```

mod kept;
mod load;
mod make;
mod names;
mod prune;
mod pull;
mod tree;
mod user;

pub use load::Loaded;
pub use prune::{Listed, Removed};
pub use tree::Tree;
pub use user::Store;
