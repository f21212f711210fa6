//! Why a component was not run, or was ended.
//!
//! Never a raw error of the runtime: each says what the component did or is, and
//! what its user can do.

use crate::domain::{Advice, Diagnostic, ErrorKind, ProviderError};

use super::limits::{self, Limit};

/// How an author gets rid of WASI.
pub const WITHOUT_WASI: &str = "for authors: build Rust with `--target wasm32-unknown-unknown`, C with \
    `clang --target=wasm32 -nostdlib`; give `componentize-py componentize` the option `-s`, and ComponentizeJS all of \
    `disableFeatures`; see `docs/provider-guide.md`";

const A_PROVIDER_IS: &str = "a provider is a `.wasm` component that exports \
    `renku:session/provider`; see `docs/provider-guide.md`";

const TELL_ITS_AUTHOR: &str = "report it to the provider's author; `-v` shows its log";

/// A failure of the sandbox around one component.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// More bytes than we parse.
    #[error("provider `{provider}` is {} MiB, more than the allowed {} MiB", bytes.div_ceil(1 << 20), limit >> 20)]
    TooLarge {
        provider: String,
        bytes: usize,
        /// The bound that was in force.
        limit: usize,
    },
    /// What compilers make, before it is packed.
    #[error("provider `{provider}` is a core module, not a component")]
    CoreModule { provider: String },
    /// Not WebAssembly, cut off, or damaged.
    #[error("provider `{provider}` is not a WebAssembly component")]
    NotAComponent {
        provider: String,
        /// What it is instead.
        reason: String,
    },
    /// A component of something else.
    #[error("`{provider}` is a component, but not a session provider")]
    NotAProvider { provider: String },
    /// It speaks another version of the contract.
    #[error("provider `{provider}` needs API {found}; this `renku` has {supported}")]
    OtherApi { provider: String, found: String, supported: &'static str },
    /// It imports something that no host of this contract offers.
    #[error("provider `{provider}` needs `{import}`, which this `renku` does not have")]
    UnknownImport { provider: String, import: String },
    #[error("provider `{provider}` needs `{import}`: providers get no WASI")]
    WasiImport { provider: String, import: String },
    /// It imports a capability that was not granted.
    #[error("provider `{provider}` needs the capability `{capability}`, which it was not granted")]
    NotGranted { provider: String, capability: &'static str },
    /// It went beyond a bound.
    #[error("provider `{provider}` was stopped: {limit}")]
    Limit { provider: String, limit: Limit },
    /// It ignored an interrupt.
    #[error("provider `{provider}` was stopped: it did not end within {} s of the interrupt", limits::CANCEL_GRACE.as_secs())]
    CancelGrace { provider: String },
    /// It trapped by itself.
    #[error("provider `{provider}` crashed")]
    Trap {
        provider: String,
        /// What the runtime says, in words.
        reason: String,
    },
    /// It did not answer in time.
    #[error("provider `{provider}` did not answer within {seconds} s")]
    Deadline { provider: String, seconds: u64 },
    /// It was called again after it ended.
    #[error("provider `{provider}` ended and was not restarted")]
    Ended { provider: String },
    /// The runtime itself cannot work here.
    #[error("the sandbox does not work on this machine")]
    Runtime { reason: String },
}

impl Diagnostic for SandboxError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::TooLarge { limit, .. } if *limit < limits::MOST_PACKAGE_BYTES => {
                ErrorKind::InvalidInput.hint(
                    "a provider is usually smaller than 1 MiB; is this the right file? \
                     If it is, set `RENKU_MAX_PROVIDER_SIZE=64Mi`",
                )
            }
            Self::TooLarge { .. } => {
                ErrorKind::InvalidInput.hint("ask the provider's author for a smaller file")
            }
            Self::CoreModule { .. } => ErrorKind::InvalidInput
                .hint("`renku session provider pack FILE` turns it into a provider"),
            Self::NotAComponent { reason, .. } => {
                ErrorKind::InvalidInput.hint(A_PROVIDER_IS).causes([reason])
            }
            Self::NotAProvider { .. } => ErrorKind::InvalidInput.hint(A_PROVIDER_IS),
            Self::OtherApi { .. } => ErrorKind::Unsupported
                .hint("update `renku`, or ask the provider's author for a version for this API"),
            Self::UnknownImport { .. } => ErrorKind::Unsupported.hint(
                "update `renku`: the provider may be newer; \
                 for authors: import only interfaces of `renku:session@0.1`",
            ),
            Self::WasiImport { .. } => ErrorKind::Unsupported.hint(WITHOUT_WASI),
            Self::NotGranted { .. } => ErrorKind::Denied.alone(),
            Self::Limit { .. } => ErrorKind::ResourceExhausted.hint(TELL_ITS_AUTHOR),
            Self::CancelGrace { .. } => ErrorKind::Cancelled.alone(),
            Self::Trap { reason, .. } => ErrorKind::Other.hint(TELL_ITS_AUTHOR).causes([reason]),
            Self::Deadline { .. } => ErrorKind::Timeout.alone(),
            Self::Ended { .. } => ErrorKind::Other.alone(),
            Self::Runtime { reason } => ErrorKind::Other.causes([reason]),
        }
    }
}

/// What a call of a provider can end with.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The provider said so.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The sandbox said so.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
}

impl Diagnostic for CallError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::Provider(error) => Advice::of(error),
            Self::Sandbox(error) => Advice::of(error),
        }
    }
}
