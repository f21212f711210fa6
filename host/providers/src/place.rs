//! Where a locked provider can be had, in words that mean the same on every
//! computer that has the project: a place on the network, or a file of the project.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::sources::{LONGEST, Source};

/// How a file of the project begins.
const HERE: &str = "./";

/// A place that everybody can find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Place {
    /// A URL or a registry.
    Network(Source),
    /// A file of the project, from its root; it does not lead out.
    Inside(PathBuf),
}

impl Place {
    /// The place of a source, for who stands in `root`; none for a file elsewhere,
    /// whose path says nothing on another computer.
    #[must_use]
    pub fn of(source: &Source, root: &Path) -> Option<Self> {
        let Source::File(path) = source else { return Some(Self::Network(source.clone())) };
        let (path, root) = (path.canonicalize().ok()?, root.canonicalize().ok()?);
        let inside = path.strip_prefix(root).ok()?;
        (inside != Path::new("")).then(|| Self::Inside(inside.to_owned()))
    }

    /// What to fetch from, in the project at `root`.
    #[must_use]
    pub fn source(&self, root: &Path) -> Source {
        match self {
            Self::Network(source) => source.clone(),
            Self::Inside(path) => Source::File(root.join(path)),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(source) => source.fmt(formatter),
            Self::Inside(path) => write!(formatter, "{HERE}{}", path.display()),
        }
    }
}

impl TryFrom<String> for Place {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let elsewhere = || {
            let shown = crate::domain::sanitize(&text);
            format!(
                "`{shown}` is not a file of this project: a lock file names one as `./FOLDER/FILE.wasm`"
            )
        };
        let Some(inside) = text.strip_prefix(HERE) else {
            return match text.parse::<Source>()? {
                Source::File(_) => Err(elsewhere()),
                source => Ok(Self::Network(source)),
            };
        };
        let path = Path::new(inside);
        let mut parts = path.components();
        let leads_in = parts.all(|part| matches!(part, Component::Normal(_)));
        let is_usual = !inside.is_empty() && inside.len() <= LONGEST;
        match leads_in && is_usual && !inside.contains(char::is_control) {
            true => Ok(Self::Inside(path.to_owned())),
            false => Err(elsewhere()),
        }
    }
}

impl From<Place> for String {
    fn from(place: Place) -> Self {
        place.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for text in ["./providers/a.wasm", "https://example.org/a.wasm", "oci://h/a/b:1.0.0"] {
            assert_eq!(Place::try_from(text.to_owned()).unwrap().to_string(), text);
        }
        for text in ["/home/ann/a.wasm", "a.wasm", "./../a.wasm", "./", "./a\u{1b}.wasm", ".//etc"]
        {
            assert!(Place::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_file_has_a_place_only_inside_of_the_project() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("project");
        std::fs::create_dir(&root).unwrap();
        let file = |path: PathBuf| {
            std::fs::write(&path, "").unwrap();
            Source::File(path)
        };
        let inside = Place::of(&file(root.join("a.wasm")), &root).unwrap();
        assert_eq!(inside, Place::Inside("a.wasm".into()));
        assert_eq!(inside.source(&root), Source::File(root.join("a.wasm")));
        assert_eq!(Place::of(&file(folder.path().join("b.wasm")), &root), None);
    }
}
