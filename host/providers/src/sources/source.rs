//! A place that a provider can be fetched from, as it is typed and written down.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::changes::names_a_secret;
use crate::domain::is_registry_host;
use crate::registry::artifacts;

/// A place that a provider can be fetched from. It is written down in receipts
/// and locks as the user typed it, with paths made absolute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Source {
    /// A file of this machine, or the folder of a mirror.
    File(PathBuf),
    /// `https://…`, one file.
    Https(String),
    /// `oci://HOST/REPOSITORY[:TAG|@DIGEST]`, without the scheme.
    Oci(String),
}

impl Source {
    /// The same place without saying which version: where the next one is found.
    #[must_use]
    pub fn any_version(&self) -> Self {
        match self {
            Self::Oci(reference) => Self::Oci(repository(reference).to_owned()),
            Self::File(_) | Self::Https(_) => self.clone(),
        }
    }

    /// Where the next version is found. A tag that is no version, such as `latest`, always
    /// names the newest.
    #[must_use]
    pub fn next(&self) -> Self {
        let moves = match self {
            Self::Oci(reference) => is_moving(reference),
            Self::File(_) | Self::Https(_) => true,
        };
        if moves { self.clone() } else { self.any_version() }
    }

    /// Who answers for what is there: the host and directory of a URL, the
    /// repository of a registry, a file or the folder of a mirror itself.
    #[must_use]
    pub fn authority(&self) -> String {
        match self {
            Self::File(path) => path.canonicalize().as_ref().unwrap_or(path).display().to_string(),
            Self::Https(url) => url.rsplit_once('/').map_or(url.as_str(), |(base, _)| base).into(),
            Self::Oci(reference) => format!("oci://{}", repository(reference)),
        }
    }
}

/// A reference without tag and digest. A colon before the last slash belongs to
/// a port.
fn repository(reference: &str) -> &str {
    let reference = reference.split_once('@').map_or(reference, |(repository, _)| repository);
    match reference.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => reference,
    }
}

/// Whether a reference ends with a tag that is no version.
fn is_moving(reference: &str) -> bool {
    let parsed = reference.parse::<artifacts::OciReference>();
    parsed.is_ok_and(|it| match it.which {
        artifacts::Which::Tag(tag) => artifacts::version_of(&tag).is_none(),
        _ => false,
    })
}

/// Whether a text is a place in a registry that lacks its `oci://`: no file, and its
/// host could be no name of a folder of somebody who types paths.
fn is_registry(text: &str) -> bool {
    let named = text
        .split_once('/')
        .is_some_and(|(host, _)| !host.starts_with('.') && is_registry_host(host));
    named && text.parse::<artifacts::OciReference>().is_ok() && !std::path::Path::new(text).exists()
}

/// The longest address. It stands in questions, which it must neither push off the
/// screen nor look like a part of.
pub(crate) const LONGEST: usize = 500;

/// What of an address nobody else may see, in words. Looked for in the text: an
/// address that cannot be used is shown, too.
fn secret_in(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("://")?;
    // Parsers of URLs overlook slashes too many, and read `\` as one.
    let rest = rest.trim_start_matches(['/', '\\']);
    let authority = rest.split(['/', '\\', '?', '#']).next()?;
    if authority.contains('@') {
        return Some("a user name or password".into());
    }
    let query = rest.split_once('?')?.1;
    let names = query.split(['&', ';', '#']).filter_map(|pair| Some(pair.split_once('=')?.0));
    names.into_iter().find(|name| names_a_secret(name)).map(|name| format!("`{name}`"))
}

impl FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.chars().any(|character| character.is_control()) || text.is_empty() {
            return Err("name a file, an https URL or `oci://HOST/REPOSITORY:TAG`".into());
        }
        if let Some(secret) = secret_in(text) {
            let instead = match text.starts_with("oci://") {
                true => "leave it out, and log in to the registry first",
                false => "download the file, and add that",
            };
            return Err(format!(
                "the address contains {secret}, and would be stored with it: {instead}"
            ));
        }
        match text.split_once("://") {
            Some(("https" | "oci", rest))
                if rest.len() > LONGEST || rest.contains(char::is_whitespace) =>
            {
                Err(format!("an address has no spaces, and at most {LONGEST} characters"))
            }
            Some(("https", rest)) if !rest.is_empty() => Ok(Self::Https(text.into())),
            Some(("oci", rest)) if rest.contains('/') => Ok(Self::Oci(rest.into())),
            Some(("http", _)) => Err(format!("`{text}` is not encrypted; use https")),
            Some(("file", path)) if path.starts_with('/') => Ok(Self::File(path.into())),
            Some(_) => Err(format!(
                "`{text}` is neither a file nor an https URL nor `oci://HOST/REPOSITORY:TAG`"
            )),
            None if is_registry(text) => Err(format!(
                "there is no file `{text}`; a provider in a registry is written `oci://{text}`"
            )),
            None => {
                let path = std::path::absolute(text).map_err(|error| error.to_string())?;
                Ok(Self::File(path))
            }
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(formatter, "{}", path.display()),
            Self::Https(url) => formatter.write_str(url),
            Self::Oci(reference) => write!(formatter, "oci://{reference}"),
        }
    }
}

impl TryFrom<String> for Source {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Source> for String {
    fn from(source: Source) -> Self {
        source.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_read_as_they_are_written() {
        for text in ["/opt/slurm.wasm", "https://example.org/a/slurm.wasm", "oci://h:5000/a/b:1.2"]
        {
            assert_eq!(text.parse::<Source>().unwrap().to_string(), text);
        }
        for text in ["", "http://example.org/x.wasm", "ftp://x/y", "oci://", "a\u{1b}[2J.wasm"] {
            assert!(text.parse::<Source>().is_err(), "{text}");
        }
        for text in ["oci://h/a b:1", "https://h/\u{2003}.wasm"] {
            assert!(text.parse::<Source>().is_err(), "{text}");
        }
        assert!(format!("https://h/{}", "a".repeat(LONGEST)).parse::<Source>().is_err());
    }

    /// It would go into receipts and locks, and from there into repositories.
    #[test]
    fn no_secret_is_part_of_a_source_or_shown() {
        for text in [
            "https://me:s3cr3t@example.org/x.wasm",
            "https://s3cr3t@example.org/x.wasm",
            "https:////me:s3cr3t@example.org/x.wasm",
            "https://me:s3cr3t@example.org\\x.wasm",
            "HTTPS://me:s3cr3t@example.org/x.wasm",
            "http://me:s3cr3t@example.org/x.wasm",
            "oci://me:s3cr3t@example.org/x:1.0.0",
            "ftp://me:s3cr3t@example.org/x",
            "https://example.org/x.wasm?a=b&private_token=s3cr3t",
            "https://example.org/x.wasm?X-Amz-Signature=s3cr3t",
            "https://example.org/x.wasm?sv=1&sig=s3cr3t",
        ] {
            let error = text.parse::<Source>().unwrap_err();
            assert!(error.starts_with("the address contains "), "{text}: {error}");
            assert!(!error.contains("s3cr3t"), "{error}");
        }
        for text in ["https://example.org/@me/x.wasm", "https://example.org/x.wasm?v=a@b"] {
            assert_eq!(text.parse::<Source>().unwrap().to_string(), text);
        }
        let digest = format!("oci://h.example/a@sha256:{:0>64}", "a");
        assert_eq!(digest.parse::<Source>().unwrap().to_string(), digest);
    }

    #[test]
    fn a_tag_that_is_no_version_names_the_next_one_too() {
        for (from, next) in [
            ("oci://h.example/a/b:1.2.0", "oci://h.example/a/b"),
            ("oci://h.example/a/b:v1.2.0_b5", "oci://h.example/a/b"),
            ("oci://h.example/a/b:latest", "oci://h.example/a/b:latest"),
            ("https://h.example/a.wasm", "https://h.example/a.wasm"),
        ] {
            assert_eq!(from.parse::<Source>().unwrap().next().to_string(), next);
        }
    }

    #[test]
    fn a_newer_version_has_the_same_authority() {
        let authority = |text: &str| text.parse::<Source>().unwrap().authority();
        assert_eq!(authority("oci://h:5000/a/b:1.2"), authority("oci://h:5000/a/b:1.3"));
        assert_ne!(authority("oci://h:5000/a/b:1.2"), authority("oci://h:5000/x/b:1.2"));
        assert_eq!(authority("https://h/r/a-1.wasm"), authority("https://h/r/a-2.wasm"));
        assert_ne!(authority("https://h/r/a.wasm"), authority("https://i/r/a.wasm"));
        assert_ne!(authority("/a/x.wasm"), authority("/b/x.wasm"));
    }
}
