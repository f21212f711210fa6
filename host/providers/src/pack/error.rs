//! Why something does not become a provider, and what its author changes.

use std::path::PathBuf;

use crate::domain::{Advice, Diagnostic, ErrorKind};
use crate::error::ProvidersError;
use crate::sandbox::WITHOUT_WASI;

/// What is wrong with a module, a component, a manifest or its metadata.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// It is no WebAssembly at all.
    #[error("`{file}` is not WebAssembly")]
    NotWasm { file: String },
    /// It wants an operating system.
    #[error("`{file}` needs `{import}`: providers get no WASI")]
    Wasi { file: String, import: String },
    /// A core module that says nothing about its functions.
    #[error("`{file}` has no description of its functions")]
    NoWorld { file: String },
    /// It cannot be encoded as a component.
    #[error("`{file}` cannot be turned into a component")]
    Encode { file: String, reason: String },
    /// It is a provider already.
    #[error("`{file}` is already a provider: it has a manifest")]
    PackedAlready { file: String },
    /// The manifest cannot be read.
    #[error("cannot read the manifest `{}`", path.display())]
    NoManifest { path: PathBuf, source: std::io::Error },
    /// The manifest is not right.
    #[error("the manifest `{}` is not valid", path.display())]
    Manifest { path: PathBuf, reason: String },
    /// The file with the metadata cannot be used.
    #[error("cannot read `{}`", path.display())]
    Unusable { path: PathBuf, reason: String },
    /// Name or version are nowhere.
    #[error("this provider has no {what}")]
    Missing {
        /// `name` or `version`.
        what: &'static str,
        /// Where it could stand.
        file: Option<PathBuf>,
    },
    #[error("`{text}` is not a valid version of a provider")]
    Version {
        /// What was found.
        text: String,
    },
    /// Licence or URL cannot be.
    #[error("the description of this provider is not valid")]
    Metadata { reason: String },
    /// The new file would be the one it is made from.
    #[error("the new file would overwrite its own input `{}`", path.display())]
    Itself { path: PathBuf },
    /// The provider itself is not right.
    #[error(transparent)]
    Provider(#[from] ProvidersError),
}

impl Diagnostic for PackError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::NotWasm { .. } => ErrorKind::InvalidInput.hint(
                "name the `.wasm` file that `cargo build --target wasm32-unknown-unknown` or \
                 `componentize-py` wrote",
            ),
            Self::Wasi { .. } => ErrorKind::Unsupported.hint(WITHOUT_WASI),
            Self::NoWorld { .. } => ErrorKind::InvalidInput.hint(
                "depend on `renku-session-sdk`, and write `renku_session_sdk::export!(YourProvider);`",
            ),
            Self::Encode { reason, .. } => ErrorKind::InvalidInput
                .hint(
                    "is it built with the SDK, and with no other `wit-bindgen`? \
                     `renku session provider new` creates such a project",
                )
                .causes(reason.lines()),
            Self::PackedAlready { .. } => ErrorKind::InvalidInput.hint(
                "pack the compiler's output; `renku session provider info` shows the contents of this file",
            ),
            Self::NoManifest { source, .. } => ErrorKind::InvalidInput
                .hint("name it with `--manifest`")
                .causes([source.to_string()]),
            Self::Manifest { reason, .. } => ErrorKind::InvalidInput
                .hint("see `docs/provider-guide.md`, “The manifest”")
                .causes(reason.lines()),
            Self::Unusable { reason, .. } => ErrorKind::InvalidInput
                .hint("correct it, or move it elsewhere")
                .causes(reason.lines()),
            Self::Missing { what, file: Some(file) } => ErrorKind::InvalidInput.hint(format!(
                "add `{what}` to `{}`, or `--{what}` to the command",
                file.display()
            )),
            Self::Missing { what, file: None } => {
                ErrorKind::InvalidInput.hint(format!("add `--{what}`"))
            }
            Self::Version { .. } => {
                ErrorKind::InvalidInput.hint("write three numbers, like 1.2.3")
            }
            Self::Metadata { reason } => ErrorKind::InvalidInput
                .hint("a license is an SPDX expression such as `Apache-2.0`, a repository a URL")
                .causes(reason.lines()),
            Self::Itself { .. } => ErrorKind::InvalidInput.hint("name another file with `-o`"),
            Self::Provider(error) => Advice::of(error),
        }
    }
}
