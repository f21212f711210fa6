//! What a registry's refusal means. Engines pass it on as one line of text and a
//! status of their own (often 500), so that the text decides: a chain of causes, of which
//! a table has the links that are known.

use bollard::errors::Error;

use crate::contract::ImageError;
use crate::domain::EngineCommands;
use crate::engine_errors;
use crate::message::{fits, links};

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

/// The links of messages, in lower case: registries write the codes of the specification in
/// capitals, engines in small letters.
///
/// Of Docker Engine 20.10.24, its containerd image store (the default since 29) and Podman
/// 4.3.1; codes and words of registries from the distribution specification and from Docker
/// Hub, GitLab, Quay and ECR; the network's from Go (`net`, `net/http`, `crypto/tls`).
const TABLE: &[(Trouble, &[&str])] = &[
    (
        Trouble::Denied,
        &[
            // May be missing as well: a login may help, so it counts as that.
            "pull access denied for {}",
            "pull access denied, repository does not exist or may require authorization",
            "denied",
            "unauthorized",
            "authentication required",
            "authorization failed",
            "no basic auth credentials",
            "requested access to the resource is denied",
            // Several codes of one answer stand on one line.
            "requested access to the resource is denied {}",
            "access to the requested resource is not authorized",
            "access forbidden",
            "incorrect username or password",
            "invalid username/password",
            "401 unauthorized",
            "403 forbidden",
            "error parsing http 401 response body",
            "error parsing http 403 response body",
            "invalid status code from registry 401 (unauthorized)",
            "invalid status code from registry 403 (forbidden)",
        ],
    ),
    (
        Trouble::NotFound,
        &[
            "manifest unknown",
            "manifest for {} not found",
            "name unknown",
            "repository name not known to registry",
            "repository {} not found",
            "the repository with name {} does not exist in the registry with id {}",
            "not found",
            "no such image",
            "404 not found",
            "error parsing http 404 response body",
            "invalid status code from registry 404 (not found)",
        ],
    ),
    (
        Trouble::Unreachable,
        &[
            "dial tcp",
            "dial tcp {}",
            "proxyconnect tcp",
            "no such host",
            "server misbehaving",
            "temporary failure in name resolution",
            "connection refused",
            "connection reset by peer",
            "no route to host",
            "network is unreachable",
            "i/o timeout",
            "tls handshake timeout",
            "context deadline exceeded",
            "context deadline exceeded ({})",
            "request canceled while waiting for connection",
            "request canceled while waiting for connection ({})",
            "eof",
            "unexpected eof",
            "tls",
            "x509",
            "remote error",
            "certificate signed by unknown authority",
            "server gave http response to https client",
        ],
    ),
];

impl Trouble {
    /// What the engine's answer means: its innermost cause that is known. One that nobody
    /// knows is shown as it is.
    pub(crate) fn of(error: &Error) -> Self {
        if matches!(engine_errors::status(error), Some(401 | 403)) {
            return Self::Denied;
        }
        if matches!(error, Error::RequestTimeoutError) {
            return Self::Unreachable;
        }
        let message = engine_errors::message(error).to_lowercase();
        links(&message).find_map(Self::of_link).unwrap_or(Self::Broken)
    }

    fn of_link(link: &str) -> Option<Self> {
        let known = |row: &&(Self, &[&str])| row.1.iter().any(|pattern| fits(pattern, link));
        TABLE.iter().find(known).map(|(trouble, _)| *trouble)
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
    fn an_answer_about_a_registry_is_known_by_its_innermost_cause() {
        use Trouble as T;
        let cases = [
            // Docker Engine 20.10.
            (500, r#"Head "http://r/v2/x/manifests/1": no basic auth credentials"#, T::Denied),
            (401, "unauthorized: authentication required", T::Denied),
            (500, r#"error parsing HTTP 403 response body: unexpected end: """#, T::Denied),
            (404, "pull access denied for a/b, repository does not exist", T::Denied),
            (
                404,
                "pull access denied for a/b, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
                T::Denied,
            ),
            (
                500,
                "errors: denied: requested access to the resource is denied unauthorized: authentication required",
                T::Denied,
            ),
            (404, "manifest unknown: manifest unknown", T::NotFound),
            (404, "manifest for a/b:1 not found: manifest unknown: manifest unknown", T::NotFound),
            (500, r#"error parsing HTTP 404 response body: unexpected end: """#, T::NotFound),
            (500, "received unexpected HTTP status: 500 Internal Server Error", T::Broken),
            (500, r#"error parsing HTTP 429 response body: unexpected end: """#, T::Broken),
            (500, r#"Get "http://r/v2/": dial tcp 127.0.0.1:1: connect: refused"#, T::Unreachable),
            (500, "dial tcp: lookup r on 10.0.0.1:53: no such host", T::Unreachable),
            (500, r#"Get "http://r/v2/": context deadline exceeded"#, T::Unreachable),
            (
                500,
                r#"Get "https://r/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)"#,
                T::Unreachable,
            ),
            (500, "x509: certificate signed by unknown authority", T::Unreachable),
            (500, r#"Get "https://r/v2/": EOF"#, T::Unreachable),
            // Its containerd image store.
            (
                404,
                r#"failed to resolve reference "docker.io/a/b:1": docker.io/a/b:1: not found"#,
                T::NotFound,
            ),
            (
                500,
                r#"failed to resolve reference "r/a:1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed"#,
                T::Denied,
            ),
            (
                500,
                r#"failed to resolve reference "r/a:1": unexpected status from HEAD request to https://r/v2/a/manifests/1: 403 Forbidden"#,
                T::Denied,
            ),
            (
                500,
                r#"failed to resolve reference "r/a:1": failed to do request: Head "https://r/v2/a/manifests/1": dial tcp: lookup r: no such host"#,
                T::Unreachable,
            ),
            // Podman 4.3.
            (
                500,
                "initializing source docker://r/a:1: reading manifest 1 in r/a: manifest unknown: manifest unknown",
                T::NotFound,
            ),
            (
                500,
                "initializing source docker://r/a:1: unable to retrieve auth token: invalid username/password: unauthorized: incorrect username or password",
                T::Denied,
            ),
            (
                500,
                "initializing source docker://r/a:1: Requesting bear token: invalid status code from registry 403 (Forbidden)",
                T::Denied,
            ),
            (
                500,
                r#"initializing source docker://r/a:1: pinging container registry r: Get "https://r/v2/": dial tcp 127.0.0.1:1: connect: connection refused"#,
                T::Unreachable,
            ),
            // A name that contains such a word does not count.
            (500, "pulling denied/network-tls:1 of not found/eof: the moon is full", T::Broken),
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
