//! Builds the providers: every component crate of the workspace and of the example
//! outside of it, encoded as a component with its metadata, and the few fixtures
//! that need no code.
//!
//! The same sources give the same bytes in every directory, and a file is only
//! written when its bytes change, so that the host, which embeds the bundled
//! ones, is not rebuilt for nothing.

pub(crate) mod cargo;
mod dummy;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use renku_session_package as package;
use serde::Serialize;
use xtask_common::{PROVIDERS, sha256};

use cargo::Workspace;

/// A finished component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Built {
    /// The name of the provider.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// The file's size in bytes.
    pub(crate) size: usize,
    /// `sha256:` and 64 hexadecimal digits.
    pub(crate) digest: String,
}

/// Builds all components: those of [`of_workspace`], and the example outside of it
/// into `providers/examples/` of the target directory.
///
/// # Errors
///
/// As [`of_workspace`].
pub(crate) fn all(root: &Path, target: &Path) -> Result<Vec<Built>> {
    let mut built = of_workspace(root, target)?;
    let workspace = Workspace::example(root, target);
    let crates = cargo::component_crates(&workspace)?;
    cargo::build(root, &workspace, &crates)?;
    let examples = target.join(PROVIDERS).join("examples");
    for component in &crates {
        built.push(leave(&examples, &component.about.name, &component_bytes(component)?)?);
    }
    Ok(built)
}

/// Builds the components of the workspace at `root`: the bundled ones into
/// `providers/` of the target directory, the fixtures into `providers/fixtures/`.
///
/// # Errors
///
/// When cargo fails (its own messages are on standard error), a manifest is
/// wrong, or a file cannot be written.
pub(crate) fn of_workspace(root: &Path, target: &Path) -> Result<Vec<Built>> {
    let workspace = Workspace::ours(root, target);
    let crates = cargo::component_crates(&workspace)?;
    cargo::build(root, &workspace, &crates)?;
    let bundled = target.join(PROVIDERS);
    let fixtures = bundled.join("fixtures");
    let mut built = Vec::new();
    for component in &crates {
        let bytes = component_bytes(component)?;
        let directory = if component.is_fixture { &fixtures } else { &bundled };
        built.push(leave(directory, &component.about.name, &bytes)?);
    }
    for (name, bytes) in dummy::fixtures(root)? {
        built.push(leave(&fixtures, &name, &bytes)?);
    }
    Ok(built)
}

/// The finished component of a crate that cargo has compiled.
fn component_bytes(component: &cargo::ComponentCrate) -> Result<Vec<u8>> {
    let module = std::fs::read(&component.artifact)
        .with_context(|| component.artifact.display().to_string())?;
    let manifest = std::fs::read_to_string(&component.manifest)
        .with_context(|| component.manifest.display().to_string())?;
    let packed = || {
        let encoded = package::component(&module)?;
        package::attach(&package::describe(&encoded, &component.about)?, &manifest)
    };
    packed().with_context(|| format!("component `{}`", component.package))
}

/// Writes `bytes` to `<directory>/<name>.wasm` unless they are there already.
fn leave(directory: &Path, name: &str, bytes: &[u8]) -> Result<Built> {
    let path = directory.join(format!("{name}.wasm"));
    if std::fs::read(&path).ok().as_deref() != Some(bytes) {
        std::fs::create_dir_all(directory).with_context(|| directory.display().to_string())?;
        let mut file = tempfile::Builder::new().prefix(name).tempfile_in(directory)?;
        file.write_all(bytes)?;
        file.persist(&path).with_context(|| path.display().to_string())?;
    }
    let digest = format!("sha256:{}", sha256(bytes));
    Ok(Built { name: name.to_owned(), path, size: bytes.len(), digest })
}

#[cfg(test)]
mod tests;
