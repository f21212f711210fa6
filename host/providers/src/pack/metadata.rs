//! What a provider's file says about who made it: from `Cargo.toml` or
//! `pyproject.toml` beside the manifest, or from options.

use std::path::{Path, PathBuf};

use semver::Version;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::PackError;

/// Name, version and the other texts, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    pub name: Option<String>,
    /// Its version, as it was written.
    pub version: Option<String>,
    /// What it is, one sentence.
    pub description: Option<String>,
    /// Who made it.
    pub authors: Vec<String>,
    /// SPDX license expression.
    pub license: Option<String>,
    /// URL of the sources.
    pub repository: Option<String>,
    /// Where this was read.
    file: Option<PathBuf>,
}

impl Metadata {
    /// What `Cargo.toml`, else `pyproject.toml`, in `folder` says; nothing where
    /// there is none of them.
    ///
    /// # Errors
    ///
    /// When one is there and cannot be read.
    pub fn beside(folder: &Path) -> Result<Self, PackError> {
        let (cargo, python) = (folder.join("Cargo.toml"), folder.join("pyproject.toml"));
        if let Some(file) = read::<CargoFile>(&cargo)?
            && let Some(package) = file.package
        {
            let shared = workspace(folder, file.workspace)?;
            return Ok(Self { file: Some(cargo), ..package.metadata(shared) });
        }
        match read::<PythonFile>(&python)?.and_then(|file| file.project) {
            Some(project) => Ok(Self { file: Some(python), ..project.metadata() }),
            None => Ok(Self::default()),
        }
    }

    /// Its name.
    ///
    /// # Errors
    ///
    /// When nothing says it.
    pub fn name(&self) -> Result<&str, PackError> {
        self.name.as_deref().ok_or_else(|| self.missing("name"))
    }

    /// Its version.
    ///
    /// # Errors
    ///
    /// When nothing says it, or it is not three numbers.
    pub fn version(&self) -> Result<Version, PackError> {
        let text = self.version.as_deref().ok_or_else(|| self.missing("version"))?;
        text.parse().map_err(|_| PackError::Version { text: text.to_owned() })
    }

    fn missing(&self, what: &'static str) -> PackError {
        PackError::Missing { what, file: self.file.clone() }
    }
}

/// The part of `Cargo.toml` that is needed here.
#[derive(Deserialize)]
struct CargoFile {
    package: Option<CargoPackage>,
    workspace: Option<Workspace>,
}

#[derive(Deserialize)]
struct Workspace {
    package: Option<CargoPackage>,
}

#[derive(Deserialize, Default)]
struct CargoPackage {
    name: Option<String>,
    version: Option<Inherited<String>>,
    description: Option<Inherited<String>>,
    authors: Option<Inherited<Vec<String>>>,
    license: Option<Inherited<String>>,
    repository: Option<Inherited<String>>,
}

/// A value, or `{ workspace = true }`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Inherited<T> {
    Here(T),
    Workspace {
        #[serde(rename = "workspace")]
        _workspace: bool,
    },
}

impl<T> Inherited<T> {
    fn or(self, shared: Option<Self>) -> Option<T> {
        match (self, shared) {
            (Self::Here(value), _) | (Self::Workspace { .. }, Some(Self::Here(value))) => {
                Some(value)
            }
            (Self::Workspace { .. }, _) => None,
        }
    }
}

impl CargoPackage {
    fn metadata(self, shared: Self) -> Metadata {
        Metadata {
            name: self.name,
            version: self.version.and_then(|it| it.or(shared.version)),
            description: self.description.and_then(|it| it.or(shared.description)),
            authors: self.authors.and_then(|it| it.or(shared.authors)).unwrap_or_default(),
            license: self.license.and_then(|it| it.or(shared.license)),
            repository: self.repository.and_then(|it| it.or(shared.repository)),
            file: None,
        }
    }
}

/// What members of the workspace share: written in the package's own file, or in
/// the nearest one above that has a `[workspace]`.
fn workspace(folder: &Path, own: Option<Workspace>) -> Result<CargoPackage, PackError> {
    let mut found = own;
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    for above in folder.ancestors().skip(1) {
        if found.is_some() {
            break;
        }
        found = read::<CargoFile>(&above.join("Cargo.toml"))?.and_then(|file| file.workspace);
    }
    Ok(found.and_then(|workspace| workspace.package).unwrap_or_default())
}

/// The part of `pyproject.toml` that is needed here
/// (<https://packaging.python.org/en/latest/specifications/pyproject-toml/>).
#[derive(Deserialize)]
struct PythonFile {
    project: Option<PythonProject>,
}

#[derive(Deserialize)]
struct PythonProject {
    name: Option<String>,
    version: Option<String>,
    description: Option<String>,
    #[serde(default)]
    authors: Vec<PythonAuthor>,
    license: Option<PythonLicense>,
    #[serde(default)]
    urls: std::collections::BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct PythonAuthor {
    name: Option<String>,
    email: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum PythonLicense {
    Expression(String),
    /// The old form, of which only `text` may be an expression.
    Table {
        text: Option<String>,
    },
}

impl PythonProject {
    fn metadata(self) -> Metadata {
        let author = |author: PythonAuthor| match (author.name, author.email) {
            (Some(name), Some(email)) => Some(format!("{name} <{email}>")),
            (name, email) => name.or(email),
        };
        let is_source = |label: &str| {
            ["repository", "source", "sourcecode"]
                .contains(&label.to_lowercase().replace([' ', '-'], "").as_str())
        };
        Metadata {
            name: self.name,
            version: self.version,
            description: self.description,
            authors: self.authors.into_iter().filter_map(author).collect(),
            license: match self.license {
                Some(PythonLicense::Expression(text)) => Some(text),
                Some(PythonLicense::Table { text }) => text,
                None => None,
            },
            repository: self
                .urls
                .into_iter()
                .find(|(label, _)| is_source(label))
                .map(|(_, url)| url),
            file: None,
        }
    }
}

/// A file as TOML; none where there is no such file.
fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, PackError> {
    let unusable = |reason: String| PackError::Unusable { path: path.into(), reason };
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(toml::from_str(&text).map_err(|error| unusable(error.to_string()))?)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_member_of_a_workspace_inherits() {
        let folder = tempfile::tempdir().unwrap();
        let member = folder.path().join("providers/slurm");
        std::fs::create_dir_all(&member).unwrap();
        let write = |path: &Path, text: &str| std::fs::write(path, text).unwrap();
        write(
            &folder.path().join("Cargo.toml"),
            "[workspace]\nmembers = ['providers/*']\n[workspace.package]\nversion = '1.2.3'\n\
             authors = ['Ada']\nlicense = 'MIT'\n",
        );
        write(
            &member.join("Cargo.toml"),
            "[package]\nname = 'slurm'\nversion.workspace = true\nauthors.workspace = true\n\
             license = 'Apache-2.0'\nrepository.workspace = true\n",
        );
        assert_eq!(
            Metadata::beside(&member).unwrap(),
            Metadata {
                name: text("slurm"),
                version: text("1.2.3"),
                authors: vec!["Ada".to_owned()],
                license: text("Apache-2.0"),
                file: Some(member.join("Cargo.toml")),
                ..Metadata::default()
            }
        );
    }

    #[test]
    fn a_project_in_python_says_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pyproject.toml");
        std::fs::write(
            &file,
            "[project]\nname = 'slurm'\nversion = '1.0.0'\ndescription = 'Jobs'\n\
             license = { text = 'MIT' }\nauthors = [{ name = 'Ada', email = 'ada@example.org' }]\n\
             [project.urls]\nHomepage = 'https://example.org'\n'Source Code' = 'https://example.org/git'\n",
        )
        .unwrap();
        assert_eq!(
            Metadata::beside(folder.path()).unwrap(),
            Metadata {
                name: text("slurm"),
                version: text("1.0.0"),
                description: text("Jobs"),
                authors: vec!["Ada <ada@example.org>".to_owned()],
                license: text("MIT"),
                repository: text("https://example.org/git"),
                file: Some(file),
            }
        );
    }

    #[test]
    fn without_either_file_nothing_is_known() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Metadata::beside(folder.path()).unwrap(), Metadata::default());
        let error = Metadata::default().name().unwrap_err();
        assert_eq!(error.to_string(), "this provider has no name");
    }
}
