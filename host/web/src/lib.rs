//! The web: requests to origins that the user configured, their credentials, logins
//! to RenkuLabs, downloads, and whether a session answers.
//!
//! Imports `domain` and `files`. Nobody else knows the HTTP client; of a header
//! alone, other rooms make the value.

use renku_session_domain as domain;
use renku_session_files as files;

mod download;
pub mod http;
pub mod login;
pub mod origins;
pub mod readiness;

pub use download::{DownloadError, Downloads};
