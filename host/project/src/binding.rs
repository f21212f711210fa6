//! Which project of which RenkuLab a folder belongs to: `.renku/config.toml`, as
//! the `rnk` command line of Renku 2 writes it.

use std::path::Path;

use serde::Deserialize;

use super::error::ProjectError;
use crate::files::ProjectTree;

/// Where the binding stands, below the root.
const FILE: &str = ".renku/config.toml";

/// More than the file ever holds; a project's file is not to be trusted.
const FILE_BYTES: u64 = 64 * 1024;

/// A project of a RenkuLab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The RenkuLab. A project can say anything here: it chooses among the places
    /// the user has logged in to, and is never a reason to send something there.
    pub url: Option<String>,
    /// The project: its id there, else `namespace/slug`.
    pub project: String,
}

#[derive(Deserialize)]
struct File {
    renku_url: Option<String>,
    project: Option<ProjectTable>,
}

#[derive(Deserialize)]
struct ProjectTable {
    id: Option<String>,
    namespace: Option<String>,
    slug: Option<String>,
}

/// A project of a RenkuLab, with all that its file has.
#[derive(Debug, Clone, Copy)]
pub struct NewBinding<'a> {
    /// The RenkuLab.
    pub url: &'a str,
    /// The project's id there.
    pub id: &'a str,
    /// Of whom it is.
    pub namespace: &'a str,
    /// What it is called there.
    pub slug: &'a str,
}

/// Writes the binding of the project at `root`, as `rnk` does.
///
/// # Errors
///
/// When the file cannot be written.
pub(super) fn write(root: &Path, binding: &NewBinding<'_>) -> Result<(), ProjectError> {
    let text = |text: &str| toml::Value::from(text).to_string();
    let NewBinding { url, id, namespace, slug } = *binding;
    let file = format!(
        "version = 1\nrenku_url = {}\n\n[project]\nid = {}\nnamespace = {}\nslug = {}\n",
        text(url),
        text(id),
        text(namespace),
        text(slug)
    );
    Ok(ProjectTree::open(root)?.replace(Path::new(FILE), file.as_bytes())?)
}

/// The binding of the project at `root`; none without the file, or when it names
/// no project.
///
/// # Errors
///
/// When the file cannot be read or understood.
pub(super) fn read(root: &Path) -> Result<Option<Binding>, ProjectError> {
    let Some(text) = ProjectTree::text_of(root, Path::new(FILE), FILE_BYTES)? else {
        return Ok(None);
    };
    let parsed: File = toml::from_str(&text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        ProjectError::Binding {
            file: root.join(FILE),
            line: before.matches('\n').count() + 1,
            reason: error.message().to_owned(),
        }
    })?;
    let Some(project) = parsed.project else { return Ok(None) };
    let path =
        project.namespace.zip(project.slug).map(|(namespace, slug)| format!("{namespace}/{slug}"));
    let named = project.id.filter(|id| !id.is_empty()).or(path);
    Ok(named.map(|project| Binding { url: parsed.renku_url, project }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binding(text: &str) -> Result<Option<Binding>, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".renku")).unwrap();
        std::fs::write(folder.path().join(FILE), text).unwrap();
        let root = folder.path().display().to_string();
        read(folder.path()).map_err(|error| error.to_string().replace(&root, ""))
    }

    #[test]
    fn the_file_that_rnk_writes_is_understood() {
        let text = "version = 1\nrenku_url = \"https://renkulab.io\"\n[project]\nid = \"01KPR\"\n\
                    namespace = \"jane\"\nslug = \"analysis\"\n";
        let url = Some("https://renkulab.io".to_owned());
        assert_eq!(binding(text), Ok(Some(Binding { url, project: "01KPR".into() })));
        let text = "[project]\nnamespace = \"jane\"\nslug = \"analysis\"\n";
        assert_eq!(binding(text), Ok(Some(Binding { url: None, project: "jane/analysis".into() })));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let url = "https://renkulab.io";
        let new = NewBinding { url, id: "01KPR", namespace: "jane", slug: "a\"b" };
        write(folder.path(), &new).unwrap();
        let expected = Binding { url: Some(url.to_owned()), project: "01KPR".to_owned() };
        assert_eq!(read(folder.path()).unwrap(), Some(expected));
    }

    #[test]
    fn a_file_that_names_no_project_binds_nothing() {
        assert_eq!(binding("version = 1\n"), Ok(None));
        assert_eq!(binding("[project]\nid = \"\"\nslug = \"x\"\n"), Ok(None));
        assert_eq!(read(Path::new("/does/not/exist")).unwrap(), None);
    }

    #[test]
    fn a_broken_file_is_named_with_its_line() {
        let error = binding("version = 1\n[project]\nid = 3\n").unwrap_err();
        assert!(error.starts_with("`/.renku/config.toml`, line 3: invalid type"), "{error}");
        let error = binding("[project\n").unwrap_err();
        assert!(error.starts_with("`/.renku/config.toml`, line 1: "), "{error}");
    }
}
