//! HTTP with origins that the user configured.
//!
//! A provider names an origin, a path and a body. Scheme, host, port and
//! credential are the host's; where each request may go is decided by the
//! policies (`path`, `headers`, `redirect`, `address`) before a socket is opened.
//! A client is built when the first request is sent, not before.
//!
//! Registries and downloads, which no origin names, go through `fetch`, under the
//! same policies.

mod address;
mod bounded_response;
mod certificates;
mod client;
mod deadline;
mod dials;
mod error;
mod exchange;
mod failure;
mod fetch;
#[doc(hidden)]
pub mod fuzzing;
mod granted;
mod headers;
mod kept;
mod limits;
mod origin;
mod path;
mod redirect;
mod request;
mod response;
mod retry;
mod trust;

#[cfg(test)]
mod tests;

pub use bounded_response::BoundedResponse;
pub use certificates::{CertificateError, Certificates};
pub use dials::Dials;
pub use error::HttpError;
pub use exchange::{Access, Connection};
pub use fetch::{Fetch, Fetcher};
pub use granted::Http;
pub use headers::allowable as allowable_header;
pub use kept::Kept;
pub use limits::Bounds;
pub use origin::{Credential, Login, Origin, OriginUrl, OriginUrlError, Origins};
pub use request::{Method, Request};
pub use response::Response;
pub use trust::install_cryptography;
