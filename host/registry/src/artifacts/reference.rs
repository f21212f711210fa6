//! `HOST[:PORT]/REPOSITORY[:TAG|@DIGEST]`, as in the OCI distribution
//! specification ("Pulling manifests").

use std::fmt;
use std::str::FromStr;

use regex_lite::Regex;
use semver::{Version, VersionReq};

use super::tags::tag_of;
use crate::domain::{host_of, is_loopback_host, sanitize};

/// Where a provider lies in a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OciReference {
    /// Host and port.
    pub host: String,
    pub repository: String,
    /// Which of its versions.
    pub which: Which,
}

/// Which version of a repository is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The newest one that is no pre-release.
    Newest,
    /// The newest one in a range such as `^1.2`.
    Range(VersionReq),
    /// Exactly this version, whatever spelling its tag has.
    Version(Version),
    /// Exactly this tag.
    Tag(String),
    /// The manifest with this digest, `sha256:…`.
    Digest(String),
}

/// The grammar of the specification, with a host that has a dot or a port or is
/// `localhost`: there is no default registry here.
const HOST: &str = r"^(localhost|\[[0-9a-fA-F:]+\]|[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+|[a-zA-Z0-9-]+:\d{1,5})(:\d{1,5})?$";
const REPOSITORY: &str =
    r"^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$";
const TAG: &str = r"^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$";
const DIGEST: &str = r"^sha256:[0-9a-f]{64}$";

/// Whether a text is a digest of the kind that is used here.
pub(super) fn is_digest(text: &str) -> bool {
    fits(DIGEST, text)
}

fn fits(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text))
}

impl OciReference {
    /// The same repository, another version.
    #[must_use]
    pub fn with(&self, which: Which) -> Self {
        Self { which, ..self.clone() }
    }

    /// Who answers for the registry: Docker Hub does so under another name.
    pub(super) fn api_host(&self) -> &str {
        match self.host.as_str() {
            "docker.io" | "index.docker.io" => "registry-1.docker.io",
            host => host,
        }
    }

    /// Whether the registry is on this machine, where encryption may be absent.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback_host(host_of(&self.host))
    }

    /// `HOST/REPOSITORY`.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}/{}", self.host, self.repository)
    }
}

impl FromStr for OciReference {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let shown = sanitize(text);
        let wrong = |what: &str| Err(format!("`{shown}` {what}"));
        if text.len() > 512 {
            return wrong("is too long");
        }
        let Some((host, rest)) = text.split_once('/') else {
            return wrong("has no repository: write `oci://HOST/REPOSITORY:TAG`");
        };
        let (repository, which) = match (rest.split_once('@'), rest.rsplit_once(':')) {
            (Some((repository, digest)), _) => {
                // A tag beside a digest says nothing: the digest decides.
                let repository = repository.split(':').next().unwrap_or_default();
                if !fits(DIGEST, digest) {
                    return wrong("has no valid digest: it is `sha256:` and 64 hexadecimal digits");
                }
                (repository, Which::Digest(digest.to_owned()))
            }
            (None, Some((repository, tag))) if fits(TAG, tag) => {
                (repository, Which::Tag(tag.to_owned()))
            }
            (None, Some((repository, rest))) => match (rest.parse(), VersionReq::parse(rest)) {
                // With what no tag can hold: `1.0.0+build`.
                (Ok(version), _) => (repository, Which::Version(version)),
                (_, Ok(range)) => (repository, Which::Range(range)),
                (Err(_), Err(_)) => {
                    return wrong("has neither a tag nor a range of versions at its end");
                }
            },
            (None, None) => (rest, Which::Newest),
        };
        if !fits(HOST, host) {
            return wrong("has no valid host: write it like `registry.example.org`");
        }
        if !fits(REPOSITORY, repository) {
            return wrong("has no valid repository: lower-case letters, digits and `._-/`");
        }
        Ok(Self { host: host.to_owned(), repository: repository.to_owned(), which })
    }
}

impl fmt::Display for OciReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.host, self.repository)?;
        match &self.which {
            Which::Newest => Ok(()),
            Which::Range(range) => write!(f, ":{range}"),
            Which::Version(version) => write!(f, ":{}", tag_of(version)),
            Which::Tag(tag) => write!(f, ":{tag}"),
            Which::Digest(digest) => write!(f, "@{digest}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_as_they_are_written() {
        let digest = format!("sha256:{:0>64}", "a");
        for text in [
            "registry.example.org/acme/slurm:1.2.0",
            "localhost/slurm",
            "127.0.0.1:5000/a/b:^1.2",
            "[::1]:5000/a:latest",
            &format!("registry:5000/acme/slurm@{digest}"),
        ] {
            assert_eq!(text.parse::<OciReference>().unwrap().to_string(), text);
        }
        let both = format!("h.example/a:1.0@{digest}").parse::<OciReference>().unwrap();
        assert_eq!(both.which, Which::Digest(digest));
    }

    #[test]
    fn what_could_lead_elsewhere_is_no_reference() {
        for text in [
            "slurm",
            "acme/slurm",
            "h.example/../x:1",
            "h.example/a//b:1",
            "h.example/A:1",
            "user@h.example/a:1",
            "h.example/a:",
            "h.example/a@sha256:00",
            "h.example/a?x=1",
            "h.example/a:1/../2",
            "h.example#/a",
            "h.example/a\u{1b}[2J",
        ] {
            assert!(text.parse::<OciReference>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_addresses_of_this_machine_are_loopback() {
        let loopback = |text: &str| text.parse::<OciReference>().unwrap().is_loopback();
        assert!(loopback("localhost:5000/a"));
        assert!(loopback("127.0.0.1:5000/a"));
        assert!(loopback("127.9.9.9/a"));
        assert!(loopback("[::1]:5000/a"));
        assert!(!loopback("localhost.example.org/a"));
        assert!(!loopback("127.0.0.1.example.org/a"));
        assert!(!loopback("10.0.0.1/a"));
    }
}
