//! Why somebody is not logged in.

use crate::domain::{Advice, Diagnostic, ErrorKind};
use crate::files::FileError;
use crate::http::{HttpError, OriginUrlError};

/// Codes of RFC 6749 §5.2 about the client, which is the same for everybody.
const CLIENT_REFUSED: [&str; 3] =
    ["invalid_client", "unauthorized_client", "unsupported_grant_type"];

/// Failures around logins. None of them holds a token.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// There is no login there.
    #[error("you are not logged in to `{url}`")]
    NotLoggedIn { url: String },
    /// There was one.
    #[error("your login to `{url}` has ended")]
    Ended { url: String },
    /// The token in the environment is of no use any more.
    #[error("the token in `RENKU_CLI_ACCESS_TOKEN` has expired")]
    TokenExpired,
    /// The token in the environment is nobody's.
    #[error("`{url}` does not accept the token in `RENKU_CLI_ACCESS_TOKEN`")]
    TokenRefused { url: String },
    /// The user said no in the browser.
    #[error("the login was refused in the browser")]
    Refused,
    /// Nobody typed the code.
    #[error("the code was not confirmed in time")]
    CodeExpired,
    /// There is no such service at this place.
    #[error("`{url}` does not look like a RenkuLab")]
    NotRenku {
        /// What was given.
        url: String,
        /// What is missing.
        reason: String,
    },
    /// The identity service says something we have no answer to.
    #[error("the login service of `{url}` refuses: {code}")]
    Service {
        url: String,
        /// The code of RFC 6749 §5.2, or the status.
        code: String,
        /// What it says beside it.
        description: Option<String>,
    },
    /// An answer that says nothing.
    #[error("`{url}` answered with status {status}")]
    Status {
        /// What was asked.
        url: String,
        status: u16,
    },
    /// Another process held the logins for too long.
    #[error("another `renku` is busy with your logins")]
    Busy,
    /// A URL that is no place for a login.
    #[error(transparent)]
    Url(#[from] OriginUrlError),
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The file of the logins.
    #[error(transparent)]
    File(#[from] FileError),
}

impl LoginError {
    /// Whether asking again may help: nobody answered, or something in between.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Http(error) => {
                matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::Timeout)
            }
            Self::Status { status, .. } => *status >= 500,
            _ => false,
        }
    }
}

impl Diagnostic for LoginError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::NotLoggedIn { url } | Self::Ended { url } => {
                ErrorKind::Unauthenticated.hint(format!("run `renku login {url}`"))
            }
            Self::TokenExpired => {
                ErrorKind::Unauthenticated.hint("set a new one, or unset it and run `renku login`")
            }
            Self::TokenRefused { url } => ErrorKind::Unauthenticated
                .hint(format!("set a new one, or unset it and run `renku login {url}`")),
            Self::Refused | Self::CodeExpired => {
                ErrorKind::Unauthenticated.hint("run `renku login` again")
            }
            Self::NotRenku { reason, .. } => ErrorKind::InvalidInput
                .hint("give the URL of its start page, such as `https://renkulab.io`")
                .causes([reason]),
            Self::Service { url, code, description, .. } => ErrorKind::Unavailable
                .hint(match CLIENT_REFUSED.contains(&code.as_str()) {
                    // Time does not mend that.
                    true => {
                        format!("ask the operators of `{url}` to set up logins for command lines")
                    }
                    false => "try again later".to_owned(),
                })
                .causes(description),
            Self::Status { .. } | Self::Busy => ErrorKind::Unavailable.hint("try again later"),
            Self::Url(error) => Advice::of(error),
            Self::Http(error) => Advice::of(error),
            Self::File(error) => Advice::of(error),
        }
    }
}
