//! What can go wrong in the commands themselves.

use crate::domain::{Advice, Diagnostic, ErrorKind, shell_word};
use crate::files::directories::NoHome;
pub(super) use crate::sessions::Failure;

/// Failures of the commands.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandError {
    /// A setting has no value.
    #[error("`{key}` is not set{}", if *global { " in your own settings" } else { "" })]
    NotSet {
        key: &'static str,
        /// Whether only the user's own settings were asked.
        global: bool,
    },
    /// A key of a provider that a project may not set.
    #[error("a project cannot set `{key}` of the provider `{provider}`")]
    NotForAProject { provider: String, key: String },
    /// Nobody set this key of a provider.
    #[error("`{key}` of the provider `{provider}` is not set")]
    NotSetForProvider { provider: String, key: String, global: bool },
    /// A variable without a name.
    #[error("`--env {text}` names no variable")]
    NoVariable { text: String },
    /// These formats have keys, not columns.
    #[error("`--columns` works with the formats `table` and `tsv` only")]
    NoColumns,
    /// Something is to be published at a place that is no registry.
    #[error("`{place}` is not in a registry")]
    NoRegistry {
        /// What was typed.
        place: String,
    },
    /// A tag that is not the version.
    #[error("the tag is `{tag}`, but the provider is version {version}")]
    OtherVersion { tag: String, version: String },
    /// A signature that does not fit its file.
    #[error("the signature `{signature}` is not one of `{file}`")]
    WrongSignature {
        file: String,
        signature: String,
        /// Why not, when it is none.
        causes: Vec<String>,
    },
    /// It is not a file that could be installed or allowed.
    #[error("the provider `{name}` is part of `renku`")]
    Bundled { name: String },
    /// There is no lock where one is needed.
    #[error("this project has no `{}`", crate::providers::LOCK_FILE)]
    NoLock,
    /// `mirror` has nothing to copy.
    #[error("there is nothing to mirror: no provider is installed")]
    NothingToMirror,
    /// It is not in the lock.
    #[error("`{name}` is not in the lock file of this project")]
    NotPinned { name: String },
    /// A provider is granted what it does not want.
    #[error("provider `{provider}` does not request `{capability}`")]
    NotWanted {
        provider: String,
        /// What was offered.
        capability: &'static str,
        /// What it asks for.
        wanted: Vec<&'static str>,
    },
    /// The runtime does not start.
    #[error("the program cannot start on this machine")]
    Runtime(#[source] std::io::Error),
    /// The manual pages cannot be written.
    #[error("the manual pages cannot be written to `{}`", directory.display())]
    Manual { directory: std::path::PathBuf, source: std::io::Error },
    /// No home directory.
    #[error(transparent)]
    NoHome(NoHome),
}

impl Diagnostic for CommandError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::NotSet { key, global } => {
                let option = if *global { " --global" } else { "" };
                ErrorKind::NotFound
                    .hint(format!("set it with `renku config set{option} {key} VALUE`"))
            }
            Self::NotForAProject { provider, key } => ErrorKind::Denied.hint(format!(
                "to set it for yourself, run `renku config set --global --provider {} {} VALUE`",
                shell_word(provider),
                shell_word(key)
            )),
            Self::NotSetForProvider { provider, key, global } => {
                let option = if *global { " --global" } else { "" };
                ErrorKind::NotFound.hint(format!(
                    "set it with `renku config set{option} --provider {} {} VALUE`",
                    shell_word(provider),
                    shell_word(key)
                ))
            }
            Self::NoVariable { .. } => {
                ErrorKind::InvalidInput.hint("write it like `--env NAME=VALUE`")
            }
            Self::NoColumns => {
                ErrorKind::InvalidInput.hint("leave out `--columns`: every key is there")
            }
            Self::Bundled { .. } => ErrorKind::InvalidInput
                .hint("it has all permissions, and is updated together with `renku`"),
            Self::NothingToMirror => {
                ErrorKind::NotFound.hint("install one first: `renku session provider add SOURCE`")
            }
            Self::NoLock => ErrorKind::NotFound.hint("`renku session provider pin NAME` makes one"),
            Self::NotPinned { .. } => ErrorKind::NotFound.alone(),
            Self::NotWanted { wanted, .. } if wanted.is_empty() => {
                ErrorKind::InvalidInput.hint("it requests nothing")
            }
            Self::NotWanted { wanted, .. } => {
                ErrorKind::InvalidInput.hint(format!("it requests `{}`", wanted.join("`, `")))
            }
            Self::NoRegistry { .. } => ErrorKind::InvalidInput
                .hint("write it like `oci://registry.example.org/acme/slurm:1.0.0`"),
            Self::OtherVersion { version, .. } => {
                ErrorKind::InvalidInput.hint(format!("end the address with `:{version}`"))
            }
            Self::WrongSignature { file, causes, .. } => {
                let file = shell_word(file);
                ErrorKind::Conflict
                    .hint(format!("run `renku session provider sign {file}`, and push again"))
                    .causes(causes)
            }
            Self::NoHome(error) => Advice::of(error),
            Self::Runtime(source) | Self::Manual { source, .. } => {
                ErrorKind::Other.causes([source.to_string()])
            }
        }
    }
}
