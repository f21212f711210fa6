//! What can go wrong between a provider and an origin. No error holds a header,
//! a query or a body.

use crate::domain::{Advice, Diagnostic, ErrorKind, ProviderError};

use super::limits::{self, Bounds};

/// Failures of the capability.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// A path that a provider may not ask for.
    #[error("the path `{path}` is not sent: {reason}")]
    Path {
        /// As the provider gave it.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A URL longer than servers take.
    #[error("a URL of {bytes} bytes is not sent: the limit is {}", limits::URL_BYTES)]
    UrlTooLong { bytes: usize },
    /// A header that a provider may not send.
    #[error("the header `{name}` is not sent: {reason}")]
    Header {
        /// As the provider gave it.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A header that is not among those that may pass.
    #[error("the header `{name}` is not sent: it is not among those that may pass to this origin")]
    UnlistedHeader {
        /// As the provider gave it.
        name: String,
        /// Name and URL of the origin in the user's settings, for the hint.
        origin: Option<(String, String)>,
    },
    /// A query parameter that names a method.
    #[error("the query parameter `{name}` is not sent: it can turn a request into another one")]
    Parameter {
        /// As the provider gave it.
        name: String,
    },
    /// Too many of them.
    #[error("too many headers, or too long ones: the limit is {} with {} KiB in all", limits::HEADERS, limits::HEADER_BYTES >> 10)]
    TooManyHeaders,
    /// The body of a request is too large.
    #[error("a request of {bytes} bytes is not sent: the limit is {} MiB", limits::REQUEST_BYTES >> 20)]
    RequestTooLarge { bytes: usize },
    /// Too many answers are held open.
    #[error("the provider keeps {} responses open and requests more", limits::OPEN_RESPONSES)]
    TooManyResponses,
    /// The refresh token belongs to RenkuLab logins.
    #[error("`{url}` is used without a RenkuLab login, so there is no refresh token to send")]
    NoLogin { url: String },
    /// What changes something needs to be somebody's.
    #[error("only a GET is sent without the credential of `{url}`")]
    OnlyGet { url: String },
    /// A redirect that is not followed.
    #[error("`{from}` redirects to `{to}`, which is not followed")]
    Redirect {
        from: String,
        /// Where it leads.
        to: String,
    },
    /// Round and round.
    #[error("`{url}` redirects more than {} times", limits::REDIRECTS)]
    TooManyRedirects { url: String },
    /// The name of the origin leads where no connection is made.
    #[error("{reason}")]
    Forbidden {
        /// Which name, which address, why.
        reason: String,
    },
    #[error("`{url}` cannot be reached")]
    Unreachable { url: String, causes: Vec<String> },
    /// The connection is not to be trusted.
    #[error("the certificate of `{url}` is not trusted")]
    Certificate { url: String, causes: Vec<String> },
    /// Whoever answers does not speak TLS.
    #[error("`{url}` answers without encryption")]
    NotEncrypted { url: String },
    /// The answer broke off.
    #[error("the response of `{url}` was cut off")]
    BrokenOff { url: String, causes: Vec<String> },
    /// It took too long.
    #[error("`{url}` did not answer within {seconds} s")]
    Timeout { url: String, seconds: u64 },
    /// The answer is too large.
    #[error("the answer of `{url}` is larger than {}", limits::in_words(*most))]
    ResponseTooLarge { url: String, most: u64 },
    /// It sends more than is read.
    #[error("`{url}` sends more than {}", limits::in_words(bounds.bytes))]
    TooMuch {
        url: String,
        /// What is read of an answer.
        bounds: Bounds,
    },
    /// It has begun to answer, and says no more.
    #[error("`{url}` sent nothing for {} s", bounds.silence.as_secs())]
    Silent {
        url: String,
        /// What is read of an answer.
        bounds: Bounds,
    },
    /// There is no client.
    #[error("this machine cannot use the web")]
    Client { reason: String },
    /// The login has no token for us.
    #[error(transparent)]
    Login(#[from] ProviderError),
    /// This command changes nothing.
    #[error(transparent)]
    Withheld(ProviderError),
}

impl Diagnostic for HttpError {
    fn advice(&self) -> Advice<'_> {
        match self {
            // Only a name that a shell takes as it is.
            Self::UnlistedHeader { name, origin: Some((origin, url)) }
                if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') =>
            {
                ErrorKind::Denied.hint(format!(
                    "if the service needs it: \
                     `renku session origin add {origin} {url} --allow-header {name}`"
                ))
            }
            Self::Path { .. }
            | Self::Header { .. }
            | Self::UnlistedHeader { .. }
            | Self::Parameter { .. }
            | Self::NoLogin { .. }
            | Self::Forbidden { .. } => ErrorKind::Denied.alone(),
            Self::Redirect { .. } => ErrorKind::Denied
                .hint("check the URL; a login page or a proxy may stand before the service"),
            Self::OnlyGet { .. } => ErrorKind::InvalidInput.alone(),
            Self::UrlTooLong { .. }
            | Self::TooManyHeaders
            | Self::RequestTooLarge { .. }
            | Self::TooManyResponses
            | Self::ResponseTooLarge { .. } => ErrorKind::ResourceExhausted.alone(),
            Self::TooMuch { bounds, .. } => {
                ErrorKind::ResourceExhausted.causes([bounds.in_words()])
            }
            Self::Unreachable { url, causes, .. } => ErrorKind::Unavailable
                .hint(format!("check the network, and `{url}` in a browser"))
                .causes(causes),
            Self::Certificate { causes, .. } => ErrorKind::Unavailable
                .hint(
                    "if its certificate is of your site's own authority, set `SSL_CERT_FILE` to \
                     the file of that authority",
                )
                .causes(causes),
            Self::NotEncrypted { .. } => ErrorKind::Unavailable
                .hint("check scheme and port: only what begins with `https://` is encrypted"),
            Self::BrokenOff { causes, .. } => {
                ErrorKind::Unavailable.hint("try again later").causes(causes)
            }
            Self::TooManyRedirects { .. } => ErrorKind::Unavailable.alone(),
            Self::Client { reason } => ErrorKind::Unavailable
                .hint("install the certificates of the web: `apt-get install ca-certificates`")
                .causes([reason]),
            Self::Timeout { .. } => ErrorKind::Timeout.hint("try again later"),
            Self::Silent { bounds, .. } => {
                ErrorKind::Timeout.hint("try again later").causes([bounds.in_words()])
            }
            Self::Login(error) | Self::Withheld(error) => Advice::of(error),
        }
    }
}
