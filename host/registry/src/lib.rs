//! OCI registries: what images are called there, the user's logins, and the
//! providers that lie in them.
//!
//! Imports `domain` and `web`. Nobody else knows the registry protocol.

use renku_session_domain as domain;
use renku_session_web as web;

pub mod artifacts;
mod credential_helper;
mod files;
pub mod image_manifest;
mod image_reference;
mod login;
mod logins;

pub use files::RegistryFiles;
pub use image_reference::{ImageReference, ReferenceError};
pub use login::Login;
pub use logins::{Logins, UsersLogins};
