//! Providers in OCI registries, the way `wkg` and other tools of the component
//! world keep them: an image manifest with one layer `application/wasm`.
//!
//! Formats: OCI image specification 1.1, OCI distribution specification 1.1, and
//! the CNCF "Wasm OCI Artifact layout". The types are `oci-client`'s; the requests go
//! through our own web client (`wire`), under its policies.

mod challenge;
mod download;
mod error;
#[doc(hidden)]
pub mod fuzzing;
mod image;
mod layout;
mod link;
mod login;
mod manifest;
mod pull;
mod purpose;
mod push;
mod reference;
mod referrers;
mod registry;
mod signatures;
mod tag_list;
mod tags;
mod upload;
mod wire;

pub use download::DownloadError;
pub use error::RegistryError;
pub use image::RemoteImage;
pub use layout::Artifact;
pub use login::Logins;
pub use pull::Pulled;
pub use purpose::Purpose;
pub use push::Pushed;
pub use reference::{OciReference, Which};
pub use registry::Registry;
pub use tags::{tag_of, version_of};
