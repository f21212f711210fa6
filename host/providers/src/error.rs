//! Why a provider cannot be used.

use std::path::PathBuf;

use semver::Version;

use super::grants::GrantsError;
use super::lock_file::LockError;
use super::mirror::MirrorError;
use super::name::Name;
use super::signing::SigningError;
use super::store::StoreError;
use crate::domain::{Advice, Diagnostic, Digest, ErrorKind, sanitize, shell_word};
use crate::files::FileError;
use crate::files::directories::NoHome;
use crate::registry::artifacts::RegistryError;
use crate::sandbox::SandboxError;

/// A provider that does not exist, is broken, or must not be used.
#[derive(Debug, thiserror::Error)]
pub enum ProvidersError {
    /// A file could not be fetched.
    #[error("`{url}` cannot be fetched")]
    Download { url: String, reason: String },
    /// A server gives a file, and does not answer whether a signature lies beside it.
    #[error("whether `{url}` is signed is not known")]
    UnknownSignature { url: String, code: u16 },
    /// A file of a project, or of ours.
    #[error(transparent)]
    File(#[from] FileError),
    /// A tag that is not the version of what lies under it.
    #[error("`{provider}` is version {version}, not the version of its tag `{tag}`")]
    OtherVersion {
        /// Where it was found.
        provider: String,
        tag: String,
        /// The version that it has.
        version: Version,
    },
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A signature or a key.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// What was typed is neither a name nor a path.
    #[error("{reason}")]
    Name { reason: String },
    /// Nobody knows the name.
    #[error("there is no provider `{name}`")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The name is known, and none of its versions fits.
    #[error("there is no version {wanted} of `{name}`")]
    NoVersion {
        name: String,
        /// What was asked for.
        wanted: String,
        there: Vec<Version>,
    },
    #[error("no provider `{name}` is installed")]
    NotInstalled {
        /// What was asked for.
        name: String,
    },
    /// A project's settings name a file.
    #[error("the settings of this project name the file `{path}` as its provider")]
    PathFromProject { path: String },
    /// The file cannot be read.
    #[error("cannot read the provider `{}`", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    /// The manifest is not right.
    #[error("the manifest of provider `{provider}` is not valid")]
    Manifest { provider: String, reason: String },
    /// An option of the provider has the name of one of ours.
    #[error("provider `{provider}` declares the option `--{option}`, which `renku` already has")]
    OptionClash { provider: String, option: String },
    /// It says no name that it could be installed under.
    #[error("`{provider}` has no name to install it under")]
    Unnamed {
        /// Where it came from.
        provider: String,
        reason: String,
    },
    /// It says no version.
    #[error("`{provider}` has no version")]
    Unversioned {
        /// Where it came from.
        provider: String,
    },
    /// It wants the name of a bundled provider.
    #[error("the name `{name}` belongs to a provider that is part of `renku`")]
    BundledName { name: Name },
    /// The source is of the network.
    #[error("`{from}` is on the network, and `--offline` was given")]
    Offline { from: String },
    /// The bound on sizes is none.
    #[error("`RENKU_MAX_PROVIDER_SIZE={text}` is not a size of at most 64Mi")]
    SizeLimit {
        /// What it says.
        text: String,
    },
    /// The lock names a version that is not here.
    #[error("this project is locked to `{name}` {version}, which is not installed")]
    LockedMissing { name: Name, version: Version },
    /// The lock names another version than was asked for.
    #[error("this project is locked to `{name}` {locked}, not to {wanted}")]
    LockedOther {
        name: Name,
        /// What the lock says.
        locked: Version,
        /// What was typed.
        wanted: String,
    },
    /// `--locked` was given, and the lock does not know this file.
    #[error("`{provider}` is not in the lock file of this project")]
    NotLocked { provider: String, digest: Digest },
    /// The lock names a provider and not where it can be had.
    #[error("this project is locked to `{name}` {version}, whose file is not part of the project")]
    Nowhere { name: Name, version: Version },
    #[error(transparent)]
    Mirror(#[from] MirrorError),
    /// What the source has now is not what was locked.
    #[error("`{name}` {version} is not the file that this project was locked to")]
    Drift {
        name: Name,
        version: Version,
        /// What the lock says.
        locked: Box<Digest>,
        /// What was found.
        found: Box<Digest>,
    },
    /// An update would go back.
    #[error("`{name}` {installed} is installed, but its source now has only {found}")]
    Downgrade {
        name: Name,
        /// What there is.
        installed: Version,
        /// What was found.
        found: Version,
    },
    /// The user has not allowed what it wants to do.
    #[error("provider `{provider}` ({provenance}) needs your permission")]
    NotPermitted {
        /// Which, as the user typed it.
        provider: String,
        /// Where it comes from and who signed it.
        provenance: String,
        /// What it may do then, one line each.
        wishes: Vec<String>,
    },
    /// It wants more than a version that the user has allowed.
    #[error(
        "provider `{provider}` ({provenance}) requests more permissions than {before}, which you allowed"
    )]
    WantsMore {
        /// Which, as the user typed it.
        provider: String,
        /// Where it comes from and who signed it.
        provenance: String,
        /// What was allowed: a version, or words for it.
        before: String,
        /// What is new, one line each.
        news: Vec<String>,
    },
    /// The user has no home.
    #[error(transparent)]
    NoHome(NoHome),
    /// The file itself is not a provider.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// The store does not work.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lock cannot be used.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The grants cannot be used.
    #[error(transparent)]
    Grants(#[from] GrantsError),
}

fn list<T: ToString>(items: &[T]) -> String {
    items.iter().map(|item| format!("`{}`", item.to_string())).collect::<Vec<_>>().join(", ")
}

impl Diagnostic for ProvidersError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::Download { reason, .. } => ErrorKind::Unavailable
                .hint("check the address and your network")
                .causes([sanitize(reason)]),
            Self::UnknownSignature { code, .. } => ErrorKind::Unavailable
                .hint(
                    "download the file and, if it has one, the signature `.minisig` beside it, and \
                     add that file",
                )
                .causes([format!("the server answers {code} for its signature")]),
            Self::File(error) => Advice::of(error),
            Self::OtherVersion { .. } => ErrorKind::Conflict.hint(
                "report it to its author; the digest of its manifest (`@sha256:…`) still names it",
            ),
            Self::Registry(error) => Advice::of(error),
            Self::Signing(error) => Advice::of(error),
            Self::Name { .. } => ErrorKind::InvalidInput.alone(),
            Self::Unknown { known, .. } => ErrorKind::NotFound.hint(format!(
                "known providers: {}; or name a file, such as `-p ./mine.wasm`",
                list(known)
            )),
            Self::NoVersion { there, .. } => {
                ErrorKind::NotFound.hint(format!("there is {}", list(there)))
            }
            Self::NotInstalled { .. } => {
                ErrorKind::NotFound.hint("`renku session provider list` lists them")
            }
            Self::PathFromProject { path } => ErrorKind::Denied
                .hint(format!("if you trust that file, name it yourself with `-p {path}`")),
            Self::Unreadable { source, .. } => {
                ErrorKind::InvalidInput.hint("check the path").causes([source.to_string()])
            }
            Self::Manifest { reason, .. } => ErrorKind::InvalidInput
                .hint("report it to the provider's author; see `docs/provider-guide.md`")
                .causes([reason]),
            Self::OptionClash { .. } => {
                ErrorKind::InvalidInput.hint("its author can rename the option in the manifest")
            }
            Self::Unnamed { reason, .. } => {
                ErrorKind::InvalidInput.hint("choose a name with `--name`").causes([reason])
            }
            Self::Unversioned { .. } => ErrorKind::InvalidInput
                .hint("its author can set it with `renku session provider pack --version`"),
            Self::BundledName { name } => {
                ErrorKind::Conflict.hint(format!("choose another name, such as `--name my/{name}`"))
            }
            Self::Offline { .. } => ErrorKind::Unavailable.hint("run it again without `--offline`"),
            Self::SizeLimit { .. } => ErrorKind::InvalidInput.hint("write it like 32Mi"),
            Self::LockedMissing { .. } => {
                ErrorKind::Denied.hint("run `renku session provider add --locked`")
            }
            Self::LockedOther { name, .. } => ErrorKind::InvalidInput.hint(format!(
                "leave out the version, or lock another one with \
                 `renku session provider pin {name}@VERSION`"
            )),
            Self::NotLocked { digest, .. } => ErrorKind::Conflict
                .hint("lock it with `renku session provider pin`, or leave out `--locked`")
                .causes([digest.to_string()]),
            Self::Nowhere { .. } => ErrorKind::NotFound.hint(
                "get the file and run `renku session provider add FILE`, or take it from a \
                 mirror with `renku session provider add --locked --from DIR`",
            ),
            Self::Mirror(error) => Advice::of(error),
            Self::Drift { name, locked, found, .. } => ErrorKind::Conflict
                .hint(format!(
                    "a published version must not change: ask its author what happened; \
                     `renku session provider pin {name}` accepts what is installed"
                ))
                .causes([format!("locked: {locked}"), format!("found:  {found}")]),
            Self::Downgrade { name, found, .. } => ErrorKind::Conflict.hint(format!(
                "if you want to go back, run `renku session provider update {name} --to {found}`"
            )),
            Self::NotPermitted { provider, wishes: lines, .. }
            | Self::WantsMore { provider, news: lines, .. } => ErrorKind::Denied
                .hint(format!(
                    "if you trust it with that, run `renku session provider grant {}`",
                    shell_word(provider)
                ))
                .causes(lines),
            Self::NoHome(error) => Advice::of(error),
            Self::Sandbox(error) => Advice::of(error),
            Self::Store(error) => Advice::of(error),
            Self::Lock(error) => Advice::of(error),
            Self::Grants(error) => Advice::of(error),
        }
    }
}
