//! OCI registries: what images are called there, the user's logins, and the
//! providers that lie in them.
//!
//! Imports `domain` and `web`. Nobody else knows the registry protocol.

use renku_session_domain as domain;
use renku_session_web as web;

pub mod artifacts;
mod credential_helper;
mod image_reference;
mod logins;

pub use image_reference::{ImageReference, ReferenceError};
pub use logins::{Login, Logins, UsersLogins};
