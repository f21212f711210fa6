//! Providers by name: what is bundled, installed, brought along by the project or
//! named by its path; what each says about itself; what it was allowed.
//!
//! Imports `domain`, `files`, `web`, `registry` and `sandbox`.

use renku_session_domain as domain;
use renku_session_files as files;
use renku_session_registry as registry;
use renku_session_sandbox as sandbox;
use renku_session_web as web;

mod about;
mod bundled;
mod catalogue;
mod error;
mod files_of_name;
mod folder;
#[doc(hidden)]
pub mod fuzzing;
mod grants;
mod install;
mod limits;
mod lock_file;
mod manifest;
mod mirror;
mod name;
mod new_wishes;
mod pack;
mod permission_text;
mod place;
mod provider;
mod provider_file;
mod reason;
mod scaffold;
pub mod signing;
mod size_limit;
pub mod sources;
mod store;

pub use about::About;
pub use catalogue::{Broken, Catalogue, is_bundled};
pub use error::ProvidersError;
pub use grants::{Grant, GrantsError, GrantsFile};
pub use install::{Installable, Installer};
pub use limits::Limits;
pub use lock_file::{FILE as LOCK_FILE, LockError, LockFile, Locked};
pub use manifest::{Manifest, OptionSpec, Wish};
pub use mirror::{Mirror, MirrorError};
pub use name::{Name, Versions, Wanted, is_path};
pub use new_wishes::NewWishes;
pub use pack::{Metadata, PackError, Packed, pack};
pub use permission_text::KnownOrigin;
pub use place::Place;
pub use provider::Provider;
pub use provider_file::{FoundAt, ProviderFile};
pub use scaffold::{Language, ScaffoldError, scaffold};
pub use sources::{Access, Fetched, Source};
pub use store::{Found, Installed, Store, StoreError};

use crate::domain::EngineKind;

/// The provider of `start` when nobody names one.
pub const DEFAULT: &str = "docker";

/// The provider of `start` on this kind of engine, when nobody names one.
#[must_use]
pub fn default_on(engine: EngineKind) -> &'static str {
    let serves = |bundled: &bundled::Bundled| !bundled.remote && bundled.engine == engine;
    bundled::all().find(serves).map_or(DEFAULT, |bundled| bundled.name)
}

/// The provider that shows and stops the sessions of the Python `renku`.
#[must_use]
pub fn of_python_renku() -> &'static str {
    bundled::all().find(|bundled| bundled.sees_python_renku).map_or(DEFAULT, |it| it.name)
}
