//! Images of a project: what they are built of, what is sent to a builder, and what
//! they say about themselves. An engine only does it.
//!
//! Imports `domain`, `files` and `registry`.

use renku_session_domain as domain;
use renku_session_files as files;
use renku_session_registry as registry;

pub mod archive;
mod config;
mod context;
mod dockerfile;
mod error;
#[doc(hidden)]
pub mod fuzzing;
mod glob;
mod ignore;
mod inputs;
mod locate;
mod options;
mod owner;
mod project_image;
mod size;
mod walk;

pub use config::ImageConfig;
pub use context::Context;
pub use error::ImageError;
pub use ignore::IgnoreFile;
pub use inputs::{Inputs, built_from, needs_buildkit};
pub use locate::locate;
pub use options::{BuildSecret, ImageOptions, Pull, Recipe};
pub use owner::Owner;
pub use project_image::{OwnImage, ProjectImage};
