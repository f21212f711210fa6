//! Images where no container engine keeps them: got from registries and archives,
//! verified, and unpacked once into a tree of files that every runtime starts from.
//!
//! | folder | knows |
//! |---|---|
//! | `source` | where an image comes from: an archive, a folder, a registry |
//! | `layer` | how a layer is read, within which bounds, and what it must hash to |
//! | `tree` | how a layer is laid on a tree, and nothing outside of it touched |
//! | `store` | what is there, under which names, who uses it, and how it goes again |
//!
//! An archive is a stranger's. Nothing of it is believed but digests, no path of it is
//! handed to the system, and all of it is bounded.
//!
//! Imports `domain`, `files`, `registry` and `images`.

use renku_session_domain as domain;
use renku_session_files as files;
use renku_session_images as images;
use renku_session_registry as registry;

mod description;
mod error;
mod fault;
#[doc(hidden)]
pub mod fuzzing;
mod layer;
mod limits;
mod source;
mod store;
mod tree;

pub use error::StoreError;
pub use limits::Limits;
pub use store::{Listed, Loaded, Removed, Store, Tree};
