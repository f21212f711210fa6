//! Image references: `registry/path:tag` or `…@digest`.
//!
//! Grammar: <https://github.com/distribution/reference>. Checked here because a
//! reference becomes part of an engine URL.

use std::fmt;

use crate::artifacts::{OciReference, Which};
use crate::domain::{Advice, Diagnostic, Digest, ErrorKind, is_registry_host};

/// The registry of names that name none.
pub(crate) const DEFAULT_REGISTRY: &str = "docker.io";

/// The name of an image cannot be one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{image}` is not a valid image name: {reason}")]
pub struct ReferenceError {
    /// What was given.
    pub image: String,
    pub reason: &'static str,
}

impl Diagnostic for ReferenceError {
    fn advice(&self) -> Advice<'_> {
        ErrorKind::InvalidInput.hint(
            "names look like `project:tag` or `registry.example.org/group/project:tag`, in lower case",
        )
    }
}

/// A checked image reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageReference {
    /// Registry and path.
    pub repository: String,
    /// The tag (`latest` when there was none) or the digest with algorithm.
    pub version: String,
}

impl ImageReference {
    /// Parses and checks `image`.
    ///
    /// # Errors
    ///
    /// [`ReferenceError`].
    pub fn parse(image: &str) -> Result<Self, ReferenceError> {
        let invalid = |reason| ReferenceError { image: image.to_owned(), reason };
        if image.is_empty() || image.len() > 512 {
            return Err(invalid("it must have 1 to 512 characters"));
        }
        let (repository, version) = match image.split_once('@') {
            Some((repository, digest)) => {
                // A tag beside a digest says nothing more.
                (split_tag(repository).map_or(repository, |(name, _)| name), digest)
            }
            None => split_tag(image).unwrap_or((image, "latest")),
        };
        if !version.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            || !version.chars().all(|c| c.is_ascii_alphanumeric() || "_.-:+".contains(c))
        {
            return Err(invalid("tags have letters, digits, `_`, `.` and `-`"));
        }
        let (registry, path) = split_registry(repository);
        if registry.starts_with('.')
            || registry.contains("..")
            || !registry.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c))
        {
            return Err(invalid("the part before the first `/` is not a host"));
        }
        if path.chars().any(|c| c.is_ascii_uppercase()) {
            return Err(invalid("capital letters are not allowed"));
        }
        let well_formed = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphanumeric())
                && part.ends_with(|c: char| c.is_ascii_alphanumeric())
                && part.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
                && !part.contains("..")
        };
        if !path.split('/').all(well_formed) {
            return Err(invalid(
                "parts have lower-case letters and digits, joined by `_`, `.` or `-`",
            ));
        }
        Ok(Self { repository: repository.to_owned(), version: version.to_owned() })
    }

    /// Whether a registry may have the image: a name without a path is one of
    /// this engine's alone, as far as images of projects are concerned.
    pub fn may_be_in_registry(&self) -> bool {
        self.repository.contains('/')
    }

    /// The last part of the repository: the name without where it is.
    pub fn last(&self) -> &str {
        self.repository.rsplit_once('/').map_or(&self.repository, |(_, last)| last)
    }

    /// The repository inside its registry.
    #[must_use]
    pub fn path(&self) -> &str {
        split_registry(&self.repository).1
    }

    /// Where the image lies in its registry. The default registry has images without a
    /// namespace in one of its own.
    ///
    /// # Errors
    ///
    /// When it is named by a digest of another kind than SHA-256.
    pub fn place(&self) -> Result<OciReference, ReferenceError> {
        let (host, path) = (self.registry().to_owned(), self.path());
        let is_short = host == DEFAULT_REGISTRY && !path.contains('/');
        let repository = if is_short { format!("library/{path}") } else { path.to_owned() };
        let which = match (self.version.contains(':'), self.version.parse::<Digest>()) {
            (false, _) => Which::Tag(self.version.clone()),
            (true, Ok(digest)) => Which::Digest(digest.to_string()),
            (true, Err(_)) => {
                let reason = "a digest is `sha256:` and 64 hexadecimal digits";
                return Err(ReferenceError { image: self.to_string(), reason });
            }
        };
        Ok(OciReference { host, repository, which })
    }

    /// The host of the registry.
    pub fn registry(&self) -> &str {
        match split_registry(&self.repository).0 {
            "" => DEFAULT_REGISTRY,
            registry => registry,
        }
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.version.contains(':') { '@' } else { ':' };
        write!(formatter, "{}{mark}{}", self.repository, self.version)
    }
}

fn split_tag(image: &str) -> Option<(&str, &str)> {
    image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/'))
}

/// Registry (empty for the default one) and path. The first part is a registry
/// when it could not be a path: it has a dot or a port, or is `localhost`.
fn split_registry(repository: &str) -> (&str, &str) {
    match repository.split_once('/') {
        Some((host, path)) if is_registry_host(host) => (host, path),
        _ => ("", repository),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(image: &str) -> (String, String, String) {
        let reference = ImageReference::parse(image).expect(image);
        let registry = reference.registry().to_owned();
        (registry, reference.repository, reference.version)
    }

    #[test]
    fn references_are_taken_apart() {
        let cases = [
            ("alpine", "docker.io", "alpine", "latest"),
            ("my/project:abc1234", "docker.io", "my/project", "abc1234"),
            ("localhost:5057/a/b", "localhost:5057", "localhost:5057/a/b", "latest"),
            ("ghcr.io/a/b:1.2", "ghcr.io", "ghcr.io/a/b", "1.2"),
            ("a/b:1@sha256:0f", "docker.io", "a/b", "sha256:0f"),
        ];
        for (image, registry, repository, version) in cases {
            assert_eq!(
                parse(image),
                (registry.to_owned(), repository.to_owned(), version.to_owned()),
                "{image}"
            );
        }
    }

    #[test]
    fn an_image_is_looked_for_where_its_registry_has_it() {
        let digest = format!("sha256:{:0>64}", "a");
        for (image, place) in [
            ("alpine", "docker.io/library/alpine:latest"),
            ("my/project:1", "docker.io/my/project:1"),
            ("localhost:5057/a", "localhost:5057/a:latest"),
            (&format!("ghcr.io/a/b:1@{digest}"), &format!("ghcr.io/a/b@{digest}")),
        ] {
            let found = ImageReference::parse(image).unwrap().place().unwrap();
            assert_eq!(found.to_string(), place);
        }
        assert!(ImageReference::parse("a/b@sha256:0f").unwrap().place().is_err());
    }

    #[test]
    fn what_could_leave_the_path_of_the_request_is_refused() {
        for image in [
            "", "a b", "../x", "a/../b", "a?x", "a#x", "A", "./x", "a..b/x", "-a", "a:", "a//b",
            "a%2e", "/a",
        ] {
            assert!(ImageReference::parse(image).is_err(), "{image}");
        }
    }
}
