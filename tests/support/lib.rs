//! The ground that whole-program tests stand on: a home, a project and an engine
//! of their own, and a clean machine afterwards.
//!
//! Tests run `renku` as a user would, as a process. Nothing here knows its
//! insides. Every test has its own home directory and project, so they run in
//! parallel and in any order.

use std::path::PathBuf;

mod calls;
mod cargo;
mod connect_proxy;
mod context;
mod contract;
mod engine;
mod engines;
mod filters;
mod hexadecimal;
mod http;
mod jupyterhub;
mod kernel;
mod outcome;
mod project;
mod proxy;
mod python;
mod registry;
mod registry_front;
pub mod renkulab;
mod run;
mod small_engine;
mod target;
mod terminal;
mod variant;
mod wasm;

pub use calls::Call;
pub use cargo::{cargo, core_module, target as cargo_target};
pub use connect_proxy::ConnectProxy;
pub use context::{Context, executable};
pub use contract::contract;
pub use engine::{Engine, Foreign, MemoryEngine, docker, docker_ok};
pub use engines::{
    OtherEngine, TEST_USER, podman, rootless_podman, second_docker, second_docker_without_sshd,
    test_user,
};
pub use filters::filter;
pub use hexadecimal::hexadecimal;
pub use http::{Response, get, post};
pub use jupyterhub::JupyterHub;
pub use kernel::Kernel;
pub use outcome::Run;
pub use project::{FIXED_DATE, Project};
pub use proxy::{ENDPOINTS, EngineProxy, Fault};
pub use python::component;
pub use registry::{BASIC, FakeRegistry, LOGIN, Registry};
pub use registry_front::RegistryFront;
pub use run::{Renku, Running, binary};
pub use small_engine::SmallEngine;
pub use terminal::Terminal;
pub use variant::Variant;
pub use wasm::{
    module_with_globals, module_with_loops, module_with_tables, with_instances, with_nested,
};

/// The image with a real JupyterLab that `cargo xtask image` makes.
#[must_use]
pub fn jupyter_image() -> String {
    std::env::var("RENKU_TEST_IMAGE").unwrap_or_else(|_| "renku-test/jupyterlab:latest".into())
}

/// The image with a small web server that is not Jupyter.
#[must_use]
pub fn httpd_image() -> String {
    "renku-test/httpd:latest".into()
}

/// The digest of a file, as `renku` writes it.
///
/// # Panics
///
/// When there is no such file.
#[must_use]
pub fn digest(path: &str) -> String {
    use sha2::{Digest as _, Sha256};
    let digest = Sha256::digest(std::fs::read(path).unwrap());
    format!("sha256:{}", hexadecimal(&digest))
}

/// A provider that was made for tests, as a path for `-p`.
///
/// # Panics
///
/// When `cargo xtask build` has not made it.
#[must_use]
pub fn fixture(name: &str) -> String {
    built("fixtures", name)
}

/// A provider of somebody else, from `examples/`; likewise.
///
/// # Panics
///
/// When `cargo xtask build` has not made it.
#[must_use]
pub fn example(name: &str) -> String {
    built("examples", name)
}

fn built(folder: &str, name: &str) -> String {
    let path = providers().join(folder).join(format!("{name}.wasm"));
    assert!(path.exists(), "run `cargo xtask build`: {} is missing", path.display());
    path.display().to_string()
}

/// Where the providers for tests are.
pub(crate) fn fixtures() -> PathBuf {
    providers().join("fixtures")
}

fn providers() -> PathBuf {
    let built = || target::in_target("providers");
    std::env::var_os("RENKU_TEST_PROVIDERS").map_or_else(built, PathBuf::from)
}
