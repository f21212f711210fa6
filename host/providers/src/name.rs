//! What a provider is called, and how the user says which one is meant.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};

/// `name` or `namespace/name`: lower-case letters, digits, `-` and `_`. It can
/// be neither a path nor an option, and is safe as the name of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// The longest part of a name.
const PART: usize = 64;

impl Name {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the name of a file: the slash becomes a dot, which no name has.
    #[must_use]
    pub fn file_stem(&self) -> String {
        self.0.replace('/', ".")
    }
}

impl FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let part = |part: &str| {
            (1..=PART).contains(&part.len())
                && part.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
                && part.bytes().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
        };
        if text.split('/').all(part) && text.split('/').count() <= 2 {
            return Ok(Self(text.to_owned()));
        }
        Err(format!(
            "`{}` cannot be the name of a provider: use lower-case letters, digits, `-` and `_`, \
             as in `slurm` or `acme/slurm`",
            crate::domain::sanitize(text)
        ))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for Name {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

/// Which versions are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Versions {
    /// The newest there is.
    Any,
    /// This one: all three numbers were given.
    Exactly(Version),
    /// The newest of a range: `1`, `1.2`, `>=1.2, <1.4`.
    Range(VersionReq),
}

impl Versions {
    /// Whether `version` is meant. As usual in semver, pre-releases are only
    /// meant by name, or when there is nothing else to choose from.
    #[must_use]
    pub fn allow(&self, version: &Version) -> bool {
        match self {
            Self::Any => true,
            Self::Exactly(exactly) => exactly == version,
            Self::Range(range) => range.matches(version),
        }
    }
}

impl FromStr for Versions {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(version) = text.parse() {
            return Ok(Self::Exactly(version));
        }
        let range = text.parse().map_err(|_| {
            format!(
                "`{}` is not a version: write it like 1, 1.2 or 1.2.3",
                crate::domain::sanitize(text)
            )
        })?;
        Ok(Self::Range(range))
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => formatter.write_str("any version"),
            Self::Exactly(version) => version.fmt(formatter),
            Self::Range(range) => range.fmt(formatter),
        }
    }
}

/// What `-p` can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Path(PathBuf),
    /// A name, and which versions: `slurm`, `acme/slurm@1.2`.
    Named(Name, Versions),
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if is_path(text) {
            return Ok(Self::Path(text.into()));
        }
        match text.split_once('@') {
            Some((name, versions)) => Ok(Self::Named(name.parse()?, versions.parse()?)),
            None => Ok(Self::Named(text.parse()?, Versions::Any)),
        }
    }
}

/// Whether `text` is the path of a file and not a name: it ends in `.wasm`,
/// begins like a path, or has more than one separator.
#[must_use]
pub fn is_path(text: &str) -> bool {
    text.ends_with(".wasm")
        || text.starts_with(['/', '.', '~'])
        || text.contains('\\')
        || text.matches('/').count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_as_files_and_on_a_terminal() {
        for good in ["slurm", "acme/slurm", "my_provider-2", "9p"] {
            assert!(good.parse::<Name>().is_ok(), "{good}");
        }
        for bad in
            ["", "/", "a/", "/a", "..", "a/..", "a/b/c", "A", "a.b", "-a", "a b", "a\u{1b}[m"]
        {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_path_is_told_from_a_name() {
        for path in ["./slurm", "slurm.wasm", "/opt/slurm", "../x", "a/b/c", "acme/slurm.wasm"] {
            assert!(is_path(path), "{path}");
        }
        for name in ["slurm", "acme/slurm", "acme/slurm@1.2", "slurm@>=1.2, <2"] {
            assert!(!is_path(name), "{name}");
        }
    }

    #[test]
    fn three_numbers_mean_one_version_and_fewer_a_range() {
        let allows = |wish: &str, version: &str| {
            wish.parse::<Versions>().unwrap().allow(&version.parse().unwrap())
        };
        assert!(allows("1.2.3", "1.2.3") && !allows("1.2.3", "1.2.4"));
        assert!(allows("1.2", "1.2.4") && allows("1.2", "1.9.0") && !allows("1.2", "2.0.0"));
        assert!(allows("=1.2", "1.2.9") && !allows("=1.2", "1.3.0"));
        assert!("soon".parse::<Versions>().is_err());
    }
}
