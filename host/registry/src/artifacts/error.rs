//! What a registry can do wrong, in words for the person who typed its name.

use oci_client::errors::{OciDistributionError, OciErrorCode};

use crate::domain::{Diagnostic, ErrorKind, innermost};

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
    },
    /// The registry wants a login, or another one.
    #[error("the registry `{host}` does not let you use `{reference}`")]
    Denied {
        /// The registry.
        host: String,
        /// What was asked for.
        reference: String,
        /// What it said.
        reason: String,
        /// Whether a login was sent.
        logged_in: bool,
    },
    /// It cannot be reached, or is broken.
    #[error("the registry `{host}` cannot be used")]
    Unavailable {
        /// The registry.
        host: String,
        /// Why.
        reason: String,
    },
    /// Nobody vouches for who it is.
    #[error("the certificate of the registry `{host}` is not trusted")]
    Untrusted {
        /// The registry.
        host: String,
        /// Why.
        reason: String,
    },
    /// It took too long.
    #[error("the registry `{host}` did not answer in time")]
    Timeout {
        /// The registry.
        host: String,
    },
    /// The connection ended before everything was there. Nothing was kept.
    #[error("the connection to the registry `{host}` was cut")]
    Cut {
        /// The registry.
        host: String,
        /// Why.
        reason: String,
    },
    /// The bytes are not those that were promised.
    #[error("the registry `{host}` sent other bytes than `{reference}` names")]
    Tampered {
        /// The registry.
        host: String,
        /// What was asked for.
        reference: String,
        /// What differs.
        reason: String,
    },
    /// It is something, but no provider.
    #[error("`{reference}` is no provider")]
    NotAProvider {
        /// What was asked for.
        reference: String,
        /// What it is.
        reason: String,
    },
    /// It is larger than allowed.
    #[error("`{reference}` has {bytes} bytes, and {limit} are allowed")]
    TooLarge {
        /// What was asked for.
        reference: String,
        /// Its size.
        bytes: u64,
        /// The bound.
        limit: usize,
    },
    /// A version was published already, with other bytes.
    #[error("`{reference}` was published already, and it is something else")]
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

impl Diagnostic for RegistryError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Missing { .. } => ErrorKind::NotFound,
            Self::Denied { .. } => ErrorKind::Unauthenticated,
            Self::Unavailable { .. } | Self::Cut { .. } => ErrorKind::Unavailable,
            Self::Timeout { .. } => ErrorKind::Timeout,
            Self::Tampered { .. } | Self::Untrusted { .. } => ErrorKind::Denied,
            Self::NotAProvider { .. } | Self::NoTag { .. } => ErrorKind::InvalidInput,
            Self::TooLarge { .. } => ErrorKind::ResourceExhausted,
            Self::Published { .. } => ErrorKind::Conflict,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Denied { host, logged_in, .. } => Some(if *logged_in {
                format!("log in as somebody who may: `docker login {host}`")
            } else {
                format!("log in first: `docker login {host}` (or `podman login`)")
            }),
            Self::Unavailable { .. } | Self::Timeout { .. } => {
                Some("check the name and your network, then try again".into())
            }
            Self::Untrusted { .. } => Some(
                "if the registry is yours, name the certificate of its authority in `SSL_CERT_FILE`"
                    .into(),
            ),
            Self::Cut { .. } => Some("nothing was kept; run the same command again".into()),
            Self::Tampered { .. } => Some("do not use it, and tell who runs the registry".into()),
            Self::Published { .. } => {
                Some("a version never changes: give the provider the next one".into())
            }
            Self::NoTag { .. } => Some("end it with the version, such as `:1.0.0`".into()),
            Self::Missing { .. } | Self::NotAProvider { .. } | Self::TooLarge { .. } => None,
        }
    }

    fn causes(&self) -> Vec<String> {
        match self {
            Self::Missing { reason, .. }
            | Self::Denied { reason, .. }
            | Self::Unavailable { reason, .. }
            | Self::Untrusted { reason, .. }
            | Self::Cut { reason, .. }
            | Self::Tampered { reason, .. }
            | Self::NotAProvider { reason, .. }
                if !reason.is_empty() =>
            {
                vec![crate::domain::sanitize(reason)]
            }
            _ => Vec::new(),
        }
    }
}

/// What an error of the protocol means for `reference`.
pub(super) fn translate(
    host: &str,
    reference: &str,
    logged_in: bool,
    error: OciDistributionError,
) -> RegistryError {
    use OciDistributionError as Oci;
    let (host, reference) = (host.to_owned(), reference.to_owned());
    let status = match &error {
        Oci::ServerError { code, .. } => Some(*code),
        Oci::RegistryError { envelope, .. } => {
            envelope.errors.first().map(|error| match error.code {
                OciErrorCode::Unauthorized => 401,
                OciErrorCode::Denied => 403,
                OciErrorCode::ManifestUnknown
                | OciErrorCode::NameUnknown
                | OciErrorCode::BlobUnknown
                | OciErrorCode::NotFound => 404,
                _ => 400,
            })
        }
        Oci::UnauthorizedError { .. } | Oci::AuthenticationFailure(_) => Some(401),
        Oci::ImageManifestNotFoundError(_) => Some(404),
        _ => None,
    };
    match (status, error) {
        (Some(401 | 403), error) => {
            RegistryError::Denied { host, reference, reason: said(&error), logged_in }
        }
        (Some(404), error) => RegistryError::Missing { reference, reason: said(&error) },
        (_, Oci::DigestError(error)) => {
            RegistryError::Tampered { host, reference, reason: error.to_string() }
        }
        (_, Oci::RequestError(error)) if let Some(reason) = certificate(&error) => {
            RegistryError::Untrusted { host, reason }
        }
        (_, Oci::RequestError(error)) if error.is_timeout() => RegistryError::Timeout { host },
        (_, Oci::RequestError(error)) if error.is_body() || error.is_decode() => {
            RegistryError::Cut { host, reason: innermost(&error) }
        }
        (_, Oci::RequestError(error)) => {
            RegistryError::Unavailable { host, reason: innermost(&error) }
        }
        (
            _,
            error @ (Oci::ManifestParsingError(_)
            | Oci::VersionedParsingError(_)
            | Oci::ManifestEncodingError(_)
            | Oci::UnsupportedMediaTypeError(_)
            | Oci::UnsupportedSchemaVersionError(_)
            | Oci::ImageIndexParsingNoPlatformResolverError
            | Oci::JsonError(_)),
        ) => RegistryError::NotAProvider { reference, reason: error.to_string() },
        (_, error) => RegistryError::Unavailable { host, reason: said(&error) },
    }
}

/// What the registry itself said, without URLs of ours around it.
fn said(error: &OciDistributionError) -> String {
    use OciDistributionError as Oci;
    match error {
        Oci::RegistryError { envelope, .. } => envelope
            .errors
            .iter()
            .map(|error| error.message.clone())
            .filter(|message| !message.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        Oci::ServerError { code, message, .. } => match message.lines().next() {
            Some(line) if !line.is_empty() && line.len() < 200 => format!("status {code}: {line}"),
            _ => format!("status {code}"),
        },
        Oci::UnauthorizedError { .. } => "it wants a login".to_owned(),
        other => other.to_string(),
    }
}

/// What is wrong with the encryption, when that is what is wrong. An answer that
/// is not encrypted at all is another matter.
fn certificate(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    match tls(error)? {
        rustls::Error::InvalidMessage(_) => None,
        error => Some(error.to_string()),
    }
}

/// The error of the TLS library; errors of input and output may hold it, one in
/// another, and leave themselves out of the chain.
fn tls<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(found) = error.downcast_ref::<rustls::Error>() {
        return Some(found);
    }
    let held = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    held.and_then(|held| tls(held)).or_else(|| tls(error.source()?))
}
