//! Makes the one file that is a provider: a core module encoded as a component,
//! with its metadata and its manifest. `cargo xtask build` makes the bundled
//! providers with it, and `renku session provider pack` everybody else's, so that
//! both are made the same way.

mod encode;
mod manifest;

pub use encode::{About, component, describe};
pub use manifest::{SECTION, attach};
