//! `renku session`: interactive sessions of a git project on any engine,
//! through sandboxed providers.
//!
//! Arrows point one way: `cli` uses `project`, `providers`, `sandbox` and
//! `output`; `sandbox` uses `capabilities`; everybody may use `domain`. See
//! `docs/architecture.md`.

pub use renku_session_config as config;
pub use renku_session_conformance as conformance;
pub use renku_session_domain as domain;
pub use renku_session_files as files;
pub use renku_session_images as images;
pub use renku_session_output as output;
pub use renku_session_project as project;
pub use renku_session_providers as providers;
pub use renku_session_registry as registry;
pub use renku_session_sandbox as sandbox;
pub use renku_session_web as web;

pub mod capabilities;
pub mod cli;
