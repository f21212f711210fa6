//! What can be wrong with the origins of a user.

use crate::domain::{Diagnostic, ErrorKind, shell_word, shown_label};
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
        "the origin `{name}` was given to `{}`, which may be another file than this",
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
    #[error("this version of `{provider}` was not allowed the origin `{name}`")]
    NotGranted {
        provider: String,
        name: String,
        /// Those that it was allowed.
        granted: Vec<String>,
    },
    /// What it is was decided on an older state of it.
    #[error("another program changed the origin `{name}` meanwhile")]
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

impl OriginsError {
    fn inner(&self) -> Option<&dyn Diagnostic> {
        match self {
            Self::Url(error) => Some(error),
            Self::Login(error) => Some(error),
            Self::File(error) => Some(error),
            _ => None,
        }
    }
}

impl Diagnostic for OriginsError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Unknown { .. } => ErrorKind::NotFound,
            Self::Denied { .. } | Self::TwelveDigits { .. } | Self::NotGranted { .. } => {
                ErrorKind::Denied
            }
            Self::Changed { .. } => ErrorKind::Conflict,
            Self::FewDigits { .. } | Self::Name { .. } | Self::Credential { .. } => {
                ErrorKind::InvalidInput
            }
            Self::Url(_) | Self::Login(_) | Self::File(_) => {
                self.inner().map_or(ErrorKind::Other, Diagnostic::kind)
            }
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Unknown { known, .. } if known.is_empty() => {
                "`renku session origin add NAME URL` adds one".into()
            }
            Self::Unknown { known, .. } => format!("there is {}", known.join(", ")),
            Self::Denied { provider, name, url } | Self::TwelveDigits { provider, name, url } => {
                format!(
                    "if you trust it with your credential there, run `renku session origin add {name} {} --for {}`",
                    shell_word(url),
                    shell_word(provider)
                )
            }
            Self::NotGranted { name, .. } => {
                format!("`renku session provider grant` with `--origin {name}` allows it")
            }
            Self::FewDigits { .. } => "name the file itself, such as `--for ./mine.wasm`".into(),
            Self::Changed { .. } => "look at `renku session origin list`, then try again".into(),
            Self::Name { .. } => {
                "use lower-case letters, digits and dashes, a letter first, at most 40".into()
            }
            Self::Credential { example, .. } => (*example).into(),
            Self::Url(_) | Self::Login(_) | Self::File(_) => return self.inner()?.hint(),
        })
    }

    fn causes(&self) -> Vec<String> {
        if let Self::TwelveDigits { .. } = self {
            return vec!["twelve digits of a digest no longer say which file is meant".into()];
        }
        if let Self::NotGranted { granted, .. } = self {
            return vec![format!("allowed: {}", granted.join(", "))];
        }
        self.inner().map(Diagnostic::causes).unwrap_or_default()
    }
}
