//! Providers in OCI registries, the way `wkg` and other tools of the component
//! world keep them: an image manifest with one layer `application/wasm`.
//!
//! Formats: OCI image specification 1.1, OCI distribution specification 1.1, and
//! the CNCF "Wasm OCI Artifact layout". The protocol is `oci-client`'s; here is
//! what may be believed of it.

mod error;
mod layout;
mod pull;
mod push;
mod reference;
mod registry;
mod signatures;

pub use error::RegistryError;
pub use layout::Artifact;
pub use pull::Pulled;
pub use push::Pushed;
pub use reference::{OciReference, Which};
pub use registry::{Login, Logins, Purpose, Registry};
