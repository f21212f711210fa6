//! The Dockerfile of a project: where it is, relative to the root.

use std::path::{Component, Path, PathBuf};

use super::error::ProjectError;
use crate::files::ProjectTree;
use crate::files::below::Kind;

/// What a Dockerfile is called, the first that is there; the second is Podman's name.
const NAMES: [&str; 2] = ["Dockerfile", "Containerfile"];
/// Where other tools look for one: dev containers, Binder. They may want another context,
/// so it is named and not taken.
const ELSEWHERE: [&str; 3] =
    [".devcontainer/Dockerfile", "binder/Dockerfile", ".binder/Dockerfile"];

fn usual(root: &Path) -> PathBuf {
    let all = NAMES.map(|name| root.join(name));
    let there = all.iter().find(|path| path.symlink_metadata().is_ok()).cloned();
    there.unwrap_or_else(|| root.join("Dockerfile"))
}

/// The path of `file` (typed in `here`), or of the `Dockerfile` or `Containerfile` in `root`,
/// relative to `root` and with `/`. Links are followed first, so that none
/// leads out of the project. Nothing is opened: a build does that, below the root.
///
/// # Errors
///
/// When it does not exist, is not a file, or is outside the project.
pub(super) fn find(root: &Path, file: Option<&Path>, here: &Path) -> Result<String, ProjectError> {
    let typed = file.map_or_else(|| usual(root), |file| here.join(file));
    let canonical = typed.canonicalize().map_err(|source| match (source.kind(), file) {
        (std::io::ErrorKind::NotFound, None) => ProjectError::NoDockerfile {
            root: root.to_owned(),
            others: ELSEWHERE.into_iter().filter(|path| root.join(path).is_file()).collect(),
        },
        (std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory, Some(file)) => {
            ProjectError::FileMissing { file: file.to_owned() }
        }
        _ => ProjectError::Unreadable { path: typed.clone(), source },
    })?;
    let Ok(relative) = canonical.strip_prefix(root) else {
        return Err(ProjectError::OutsideProject { file: canonical, root: root.to_owned() });
    };
    let is_root = relative.as_os_str().is_empty();
    let seen = if is_root { None } else { ProjectTree::open(root)?.look(relative)? };
    if seen.is_none_or(|seen| seen.kind != Kind::File) {
        return Err(ProjectError::NotAFile {
            file: file.map_or_else(|| canonical.clone(), PathBuf::from),
        });
    }
    let parts: Option<Vec<&str>> = relative
        .components()
        .map(|part| match part {
            Component::Normal(part) => part.to_str(),
            _ => None,
        })
        .collect();
    parts.map(|parts| parts.join("/")).ok_or(ProjectError::NotUtf8 { file: canonical })
}

#[cfg(test)]
mod tests {
    use super::super::testing::Repository;
    use super::*;
    use crate::domain::{Diagnostic as _, ErrorKind};

    #[test]
    fn a_dockerfile_is_named_from_the_root_wherever_we_stand() {
        let repository = Repository::with_commit();
        repository.write("Dockerfile", "FROM scratch\n").write("env/Other file", "FROM scratch\n");
        let root = repository.root();
        let inside = root.join("env");
        assert_eq!(find(root, None, &inside).unwrap(), "Dockerfile");
        assert_eq!(find(root, Some(Path::new("Other file")), &inside).unwrap(), "env/Other file");
        assert_eq!(find(root, Some(Path::new("../Dockerfile")), &inside).unwrap(), "Dockerfile");
        assert_eq!(
            find(root, Some(&root.join("Dockerfile")), Path::new("/")).unwrap(),
            "Dockerfile"
        );
    }

    #[test]
    fn podman_s_name_will_do_and_those_of_other_tools_are_named() {
        let repository = Repository::with_commit();
        let root = repository.root();
        repository.write(".devcontainer/Dockerfile", "FROM a\n").write("binder/x", "");
        let hint = find(root, None, root).unwrap_err().hint().unwrap();
        assert_eq!(
            hint,
            "build the one that is there with `--file .devcontainer/Dockerfile`, or start from an \
             image with `renku session start --image IMAGE`"
        );
        repository.write("Containerfile", "FROM a\n");
        assert_eq!(find(root, None, root).unwrap(), "Containerfile");
        repository.write("Dockerfile", "FROM a\n");
        assert_eq!(find(root, None, root).unwrap(), "Dockerfile");
    }

    #[test]
    fn nothing_outside_the_project_is_a_dockerfile_not_even_through_a_link() {
        let repository = Repository::with_commit();
        let root = repository.root();
        let outside = tempfile::NamedTempFile::new().unwrap();
        let outside = outside.path().canonicalize().unwrap();
        repository.shell(&format!("ln -s '{}' Dockerfile", outside.display()));
        for file in [None, Some(Path::new("Dockerfile")), Some(outside.as_path())] {
            let error = find(root, file, root).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("`{}` is outside the project", outside.display())
            );
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
        }
    }

    #[test]
    fn without_a_dockerfile_the_hint_is_one_that_works() {
        let repository = Repository::with_commit();
        let root = repository.root();
        let error = find(root, None, root).unwrap_err();
        assert_eq!(error.to_string(), "this project has no `Dockerfile`");
        assert_eq!(
            error.hint().unwrap(),
            format!(
                "start from an image with `renku session start --image IMAGE`, or save this as `{}/Dockerfile`:\n\
                 FROM python:3-slim\n\
                 RUN pip install --no-cache-dir jupyterlab\n\
                 CMD [\"jupyter\", \"lab\", \"--ip=0.0.0.0\", \"--no-browser\"]",
                root.display()
            )
        );
    }

    #[test]
    fn a_file_that_is_not_there_or_is_a_folder_is_named_as_it_was_typed() {
        let repository = Repository::with_commit();
        repository.write("env/x", "");
        let root = repository.root();
        let said = |file: &str| find(root, Some(Path::new(file)), root).unwrap_err().to_string();
        assert_eq!(said("none"), "`--file none`: there is no such file");
        assert_eq!(said("env/x/y"), "`--file env/x/y`: there is no such file");
        assert_eq!(said("env"), "`env` is not a file");
    }
}
