//! What a registry's refusal means. Engines pass it on as one line of text and a
//! status of their own (often 500), so the text decides.

use bollard::errors::Error;

use crate::contract::ImageError;
use crate::domain::EngineCommands;
use crate::engine_errors;

/// Why an image cannot be had from its registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// A login is missing, or does not suffice.
    Denied,
    /// The registry does not have it.
    NotFound,
    /// Nobody answered.
    Unreachable,
    /// The registry, or the engine, is broken.
    Broken,
}

impl Trouble {
    /// What the engine's answer means.
    pub(crate) fn of(error: &Error) -> Self {
        let text = engine_errors::message(error).to_lowercase();
        let says = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
        // "pull access denied …, repository does not exist or may require login"
        // is both: a login may help, so it counts as that.
        if says(&[
            "denied",
            "unauthorized",
            "authentication required",
            "no basic auth",
            "http 401",
            "http 403",
            "forbidden",
        ]) || matches!(engine_errors::status(error), Some(401 | 403))
        {
            Self::Denied
        } else if says(&[
            "timeout",
            "timed out",
            "deadline exceeded",
            "in time",
            "no such host",
            "dial tcp",
            "connection refused",
            "connection reset",
        ]) {
            Self::Unreachable
        } else if says(&[
            "manifest unknown",
            "not found",
            "name unknown",
            "does not exist",
            "http 404",
            "no such image",
        ]) {
            Self::NotFound
        } else if says(&["unreachable", "tls", "x509", "eof", "network", "handshake"]) {
            Self::Unreachable
        } else {
            Self::Broken
        }
    }

    /// As the error of a pull.
    pub(crate) fn of_pull(error: &Error, image: &str, registry: &str) -> ImageError {
        let message = engine_errors::message(error);
        let (image, registry) = (image.to_owned(), registry.to_owned());
        let client = EngineCommands::default();
        match Self::of(error) {
            Self::Denied => ImageError::PullDenied { image, registry, message, client },
            Self::NotFound => ImageError::PullNotFound { image, message },
            Self::Unreachable => ImageError::PullUnreachable { image, message },
            Self::Broken if engine_errors::disk_is_full(error) => {
                ImageError::DiskFull { what: format!("pulling `{image}`"), message, client }
            }
            Self::Broken => ImageError::PullFailed { image, message },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(status_code: u16, message: &str) -> Error {
        Error::DockerResponseServerError { status_code, message: message.into() }
    }

    #[test]
    fn what_engines_say_about_registries_is_understood() {
        use Trouble as T;
        // As Docker Engine 20.10 and Podman 4.3 say it.
        let cases = [
            (500, r#"Head "http://r/v2/x/manifests/1": no basic auth credentials"#, T::Denied),
            (401, "unauthorized: authentication required", T::Denied),
            (500, r#"error parsing HTTP 403 response body: unexpected end: """#, T::Denied),
            (404, "pull access denied for a/b, repository does not exist", T::Denied),
            (404, "manifest unknown: manifest unknown", T::NotFound),
            (500, r#"error parsing HTTP 404 response body: unexpected end: """#, T::NotFound),
            (500, "received unexpected HTTP status: 500 Internal Server Error", T::Broken),
            (500, r#"error parsing HTTP 429 response body: unexpected end: """#, T::Broken),
            (500, r#"Get "http://r/v2/": dial tcp 127.0.0.1:1: connect: refused"#, T::Unreachable),
            (500, "dial tcp: lookup r on 10.0.0.1:53: no such host", T::Unreachable),
            (500, r#"Get "http://r/v2/": context deadline exceeded"#, T::Unreachable),
            (500, "x509: certificate signed by unknown authority", T::Unreachable),
        ];
        for (status, message, expected) in cases {
            assert_eq!(Trouble::of(&server(status, message)), expected, "{message}");
        }
    }

    #[test]
    fn failures_of_pulls_get_their_names() {
        let named = |message: &str| {
            let error = Error::DockerStreamError { error: message.into() };
            Trouble::of_pull(&error, "a/b:1", "docker.io").to_string()
        };
        assert_eq!(
            named("pull access denied for a/b, repository does not exist"),
            "the image `a/b:1` does not exist or needs a login"
        );
        assert_eq!(
            named("manifest for a/b:1 not found: manifest unknown"),
            "the image `a/b:1` was not found in its registry"
        );
        assert_eq!(
            named("Get \"https://r/v2/\": dial tcp: lookup r: no such host"),
            "the registry of the image `a/b:1` cannot be reached"
        );
        assert_eq!(
            named("write /var/lib/docker/tmp/x: no space left on device"),
            "the disk of the container engine is full: pulling `a/b:1` failed"
        );
        assert_eq!(named("oops"), "pulling the image `a/b:1` failed");
    }
}
