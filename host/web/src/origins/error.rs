//! What can be wrong with the origins of a user.

use crate::domain::{Advice, Diagnostic, ErrorKind, shell_word, shown_label};
use crate::files::FileError;
use crate::http::OriginUrlError;
use crate::login::LoginError;

/// Failures around origins. None of them holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum OriginsError {
    /// There is none of this name.
    #[error("there is no origin `{name}` in your settings")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A provider asks for what is not meant for it.
    #[error("provider `{}` may not use the origin `{name}`", shown_label(provider))]
    Denied {
        provider: String,
        name: String,
        /// Its URL, for the hint.
        url: String,
    },
    /// It was given to a file by twelve digits of its digest.
    #[error(
        "the origin `{name}` was given to `{}`, which may be a different file",
        shown_label(provider)
    )]
    TwelveDigits {
        /// The provider, with all digits.
        provider: String,
        name: String,
        /// Its URL, for the hint.
        url: String,
    },
    /// Some digits of a digest, as a provider.
    #[error("`{provider}` could be more than one file")]
    FewDigits {
        /// What was given.
        provider: String,
    },
    /// The grant of a provider's file names others.
    #[error("this version of `{provider}` has no permission for the origin `{name}`")]
    NotGranted {
        provider: String,
        name: String,
        /// Those that it was allowed.
        granted: Vec<String>,
    },
    /// What it is was decided on an older state of it.
    #[error("another program changed the origin `{name}` in the meantime")]
    Changed { name: String },
    /// A name that cannot be typed.
    #[error("`{name}` cannot be the name of an origin")]
    Name {
        /// What was given.
        name: String,
    },
    /// A credential that cannot be sent.
    #[error("{reason}")]
    Credential {
        /// What is wrong; never the secret.
        reason: String,
        example: &'static str,
    },
    #[error(transparent)]
    Url(#[from] OriginUrlError),
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The file of the origins.
    #[error(transparent)]
    File(#[from] FileError),
}

/// How a provider is given an origin.
fn give(name: &str, url: &str, provider: &str) -> String {
    format!(
        "if you trust it with your credential there, run `renku session origin add {name} {} --for {}`",
        shell_word(url),
        shell_word(provider)
    )
}

impl Diagnostic for OriginsError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::Unknown { known, .. } if known.is_empty() => {
                ErrorKind::NotFound.hint("`renku session origin add NAME URL` adds one")
            }
            Self::Unknown { known, .. } => {
                ErrorKind::NotFound.hint(format!("there is {}", known.join(", ")))
            }
            Self::Denied { provider, name, url } => {
                ErrorKind::Denied.hint(give(name, url, provider))
            }
            Self::TwelveDigits { provider, name, url } => ErrorKind::Denied
                .hint(give(name, url, provider))
                .causes(["twelve digits of a digest no longer identify a file"]),
            Self::NotGranted { name, granted, .. } => ErrorKind::Denied
                .hint(format!("`renku session provider grant` with `--origin {name}` allows it"))
                .causes([format!("allowed: {}", granted.join(", "))]),
            Self::FewDigits { .. } => {
                ErrorKind::InvalidInput.hint("name the file itself, such as `--for ./mine.wasm`")
            }
            Self::Changed { .. } => {
                ErrorKind::Conflict.hint("look at `renku session origin list`, then try again")
            }
            Self::Name { .. } => ErrorKind::InvalidInput
                .hint("use lower-case letters, digits and dashes, a letter first, at most 40"),
            Self::Credential { example, .. } => ErrorKind::InvalidInput.hint(*example),
            Self::Url(error) => Advice::of(error),
            Self::Login(error) => Advice::of(error),
            Self::File(error) => Advice::of(error),
        }
    }
}
