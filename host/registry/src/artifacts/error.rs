//! What a registry can do wrong, in words for the person who typed its name.

use serde::Deserialize;

use crate::domain::{Advice, Diagnostic, EngineCommand, EngineCommands, ErrorKind, sanitize};
use crate::web::http::HttpError;

/// A failure to get something from a registry, or to put it there.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// No such repository or version.
    #[error("`{reference}` does not exist in its registry")]
    Missing {
        /// What was asked for.
        reference: String,
        /// What the registry said, or which versions there are.
        reason: String,
        /// What could be asked for instead, as a sentence.
        instead: Option<String>,
    },
    /// The registry wants a login, or another one.
    #[error("the registry `{host}` denies access to `{reference}`")]
    Denied {
        host: String,
        /// What was asked for.
        reference: String,
        /// What it said.
        reason: String,
        /// Whether a login was sent.
        logged_in: bool,
        /// The commands of the engine whose client stores logins.
        client: EngineCommands,
    },
    /// It cannot be reached, or is broken.
    #[error("the registry `{host}` cannot be used")]
    Unavailable { host: String, reason: String },
    /// Nobody vouches for who it is.
    #[error("the certificate of the registry `{host}` is not trusted")]
    Untrusted { host: String, reason: String },
    /// It does not encrypt, and is not on this computer.
    #[error("the registry `{host}` answers without encryption")]
    NotEncrypted { host: String },
    /// It leads where nobody follows.
    #[error("the registry `{host}` redirects to an address that is not allowed")]
    Forbidden {
        host: String,
        /// Where, and why not.
        reason: String,
    },
    /// It wants logins to be sent to a place that is not safe.
    #[error("the registry `{host}` names `{realm}` as its token server, which is not allowed")]
    Realm {
        host: String,
        /// The place, without its query.
        realm: String,
        reason: String,
    },
    /// It took too long.
    #[error("the registry `{host}` did not answer in time")]
    Timeout {
        host: String,
        /// How long was waited.
        reason: String,
    },
    /// It sends without end.
    #[error("the registry `{host}` sends too much data")]
    TooMuch {
        host: String,
        /// How much is read.
        reason: String,
    },
    /// It has no time for us.
    #[error("the registry `{host}` gets too many requests from you")]
    Busy {
        host: String,
        /// When to ask again, as it says: seconds, or a date.
        retry_after: Option<String>,
    },
    /// The connection ended before everything was there. Nothing was kept.
    #[error("the connection to the registry `{host}` was cut")]
    Cut { host: String, reason: String },
    /// The bytes are not those that were promised.
    #[error("the registry `{host}` sent the wrong content for `{reference}`")]
    Tampered {
        host: String,
        /// What was asked for.
        reference: String,
        reason: String,
    },
    /// It is something, but no provider.
    #[error("`{reference}` is not a provider")]
    NotAProvider {
        /// What was asked for.
        reference: String,
        reason: String,
    },
    /// It is something, but no image of a container.
    #[error("`{reference}` is not an image that a session can start from")]
    NotAnImage {
        /// What was asked for.
        reference: String,
        reason: String,
    },
    /// It is an image for other computers.
    #[error("the image `{reference}` is not for this computer (`{ours}`)")]
    OtherPlatform {
        /// What was asked for.
        reference: String,
        /// What this computer is.
        ours: String,
        there: Vec<String>,
    },
    /// It is larger than allowed.
    #[error("`{reference}` has {bytes} bytes, but at most {limit} are allowed")]
    TooLarge {
        /// What was asked for.
        reference: String,
        bytes: u64,
        limit: usize,
    },
    /// A version was published already, with other bytes.
    #[error("`{reference}` is already published, with different contents")]
    Published {
        /// What was to be pushed.
        reference: String,
    },
    /// A push needs a tag.
    #[error("`{reference}` names no version to publish")]
    NoTag {
        /// What was to be pushed.
        reference: String,
    },
}

impl RegistryError {
    /// Adds the commands of the engine whose client stores logins.
    pub fn add_commands(&mut self, commands: EngineCommands) {
        if let Self::Denied { client, .. } = self {
            *client = commands;
        }
    }
}

const CHECK_THE_NETWORK: &str = "check the name and your network, then try again";

impl Diagnostic for RegistryError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::Missing { instead, reason, .. } => Advice {
                hint: instead.clone(),
                ..ErrorKind::NotFound.causes(cause(reason))
            },
            Self::Denied { host, logged_in, reason, client, .. } => {
                let how = match logged_in {
                    true => "log in with an account that has access",
                    false => "log in first",
                };
                ErrorKind::Unauthenticated
                    .hint(match client.line(EngineCommand::LogIn(Some(host))) {
                        Some(command) => format!("{how}: `{command}`"),
                        None => format!("{how}, as for images of your container engine"),
                    })
                    .causes(cause(reason))
            }
            Self::Unavailable { reason, .. } => {
                ErrorKind::Unavailable.hint(CHECK_THE_NETWORK).causes(cause(reason))
            }
            Self::Timeout { reason, .. } => {
                ErrorKind::Timeout.hint(CHECK_THE_NETWORK).causes(cause(reason))
            }
            Self::Untrusted { reason, .. } => ErrorKind::Denied
                .hint("if the registry is yours, name the certificate of its authority in `SSL_CERT_FILE`")
                .causes(cause(reason)),
            Self::Cut { reason, .. } => ErrorKind::Unavailable
                .hint("nothing was kept; run the same command again")
                .causes(cause(reason)),
            Self::Tampered { reason, .. } => ErrorKind::Denied
                .hint("do not use it, and report it to the operators of the registry")
                .causes(cause(reason)),
            Self::Published { .. } => {
                ErrorKind::Conflict.hint("a published version cannot change: raise the provider's version")
            }
            Self::NoTag { .. } => {
                ErrorKind::InvalidInput.hint("end it with the version, such as `:1.0.0`")
            }
            Self::NotEncrypted { .. } => ErrorKind::Unavailable.hint(
                "only a registry on this computer may do without encryption: use https, or through \
                 `ssh -L 5000:HOST:PORT` as `localhost:5000`",
            ),
            Self::Busy { retry_after, .. } => {
                let seconds = retry_after.as_deref();
                let seconds = seconds.filter(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
                let later = seconds.map_or_else(|| "later".into(), |it| format!("in {it} s"));
                ErrorKind::Unavailable
                    .hint(format!("try again {later}, or log in: the limit is usually higher then"))
            }
            Self::Forbidden { reason, .. } | Self::Realm { reason, .. } => {
                ErrorKind::Denied.hint("report it to the operators of the registry").causes(cause(reason))
            }
            Self::TooMuch { reason, .. } => ErrorKind::ResourceExhausted
                .hint("report it to the operators of the registry")
                .causes(cause(reason)),
            Self::NotAProvider { reason, .. } | Self::NotAnImage { reason, .. } => {
                ErrorKind::InvalidInput.causes(cause(reason))
            }
            Self::OtherPlatform { there, .. } => {
                let there = match there.is_empty() {
                    true => String::new(),
                    false => format!("it is available for: {}", there.join(", ")),
                };
                ErrorKind::Unsupported
                    .hint("choose an image that was built for this kind of computer")
                    .causes(cause(&there))
            }
            Self::TooLarge { .. } => ErrorKind::ResourceExhausted.alone(),
        }
    }
}

/// What a registry says, if it says anything.
fn cause(reason: &str) -> Option<String> {
    (!reason.is_empty()).then(|| sanitize(reason))
}

/// What went wrong before there was an answer, or while it came.
pub(super) fn failed(host: &str, error: HttpError) -> RegistryError {
    let host = host.to_owned();
    let reason = match error.causes() {
        causes if causes.is_empty() => error.to_string(),
        causes => causes.join(": "),
    };
    let whole = || [vec![error.to_string()], error.causes()].concat().join(": ");
    match &error {
        HttpError::Certificate { .. } => RegistryError::Untrusted { host, reason },
        HttpError::NotEncrypted { .. } => RegistryError::NotEncrypted { host },
        HttpError::Timeout { .. } | HttpError::Silent { .. } => {
            RegistryError::Timeout { host, reason: whole() }
        }
        HttpError::TooMuch { .. } => RegistryError::TooMuch { host, reason: whole() },
        HttpError::BrokenOff { .. } => RegistryError::Cut { host, reason },
        HttpError::Forbidden { .. } | HttpError::Redirect { .. } => {
            RegistryError::Forbidden { host, reason: whole() }
        }
        _ => RegistryError::Unavailable { host, reason },
    }
}

/// What the status of an answer means for `place`, a host and what was asked for there.
pub(super) fn refused(
    (host, reference): (&str, &str),
    logged_in: bool,
    status: u16,
    retry_after: Option<String>,
    page: &[u8],
) -> RegistryError {
    let (host, reference) = (host.to_owned(), reference.to_owned());
    let client = EngineCommands::default();
    let words = words(page);
    let reason = match &words {
        Some(words) => words.clone(),
        None => said(status, page),
    };
    match status {
        401 if words.is_none() => {
            let reason = "it wants a login".to_owned();
            RegistryError::Denied { host, reference, reason, logged_in, client }
        }
        401 | 403 => RegistryError::Denied { host, reference, reason, logged_in, client },
        404 => RegistryError::Missing { reference, reason, instead: None },
        429 => RegistryError::Busy { host, retry_after },
        _ => RegistryError::Unavailable { host, reason },
    }
}

/// The words of an error in the form of the specification ("Error Codes").
fn words(page: &[u8]) -> Option<String> {
    /// Lenient, unlike `oci-client`'s: registries have codes of their own.
    #[derive(Deserialize)]
    struct Envelope {
        errors: Vec<Problem>,
    }
    #[derive(Deserialize)]
    struct Problem {
        #[serde(default)]
        message: String,
    }
    let envelope: Envelope = serde_json::from_slice(page).ok()?;
    let words: Vec<String> = envelope
        .errors
        .into_iter()
        .map(|problem| problem.message)
        .filter(|message| !message.is_empty())
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// A status, with the line that a page of a proxy begins with.
fn said(status: u16, page: &[u8]) -> String {
    let page = String::from_utf8_lossy(page);
    match page.lines().next() {
        Some(line) if !line.is_empty() && line.len() < 200 => format!("status {status}: {line}"),
        _ => format!("status {status}"),
    }
}
