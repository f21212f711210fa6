//! Where the Dockerfile of a project is.

use std::path::{Component, Path, PathBuf};

use crate::ImageError;
use crate::files::below::Kind;
use crate::files::{FileError, ProjectTree, Reason};

/// The Dockerfile's path relative to the root, in the form the engine takes:
/// without `.` and `..`, with slashes.
///
/// # Errors
///
/// [`ImageError::DockerfileMissing`], `DockerfileOutside`, `File`.
pub fn locate(tree: &ProjectTree, descriptor: &str) -> Result<String, ImageError> {
    let outside = || ImageError::DockerfileOutside { descriptor: descriptor.to_owned() };
    let mut relative = PathBuf::new();
    for component in Path::new(descriptor).components() {
        match component {
            Component::Normal(part) => relative.push(part),
            Component::CurDir => {}
            Component::ParentDir => {
                if !relative.pop() {
                    return Err(outside());
                }
            }
            Component::RootDir | Component::Prefix(_) => return Err(outside()),
        }
    }
    let seen = match tree.look(&relative) {
        Ok(seen) => seen.map(|seen| seen.kind),
        Err(error) if matches!(error.reason(), Reason::Outside { .. }) => return Err(outside()),
        Err(error) => return Err(error.into()),
    };
    match seen {
        Some(Kind::File) => {}
        None | Some(Kind::Folder) => return Err(missing(descriptor)),
        Some(kind) => {
            return Err(FileError::new(tree.path().join(relative), Reason::NotAFile(kind)).into());
        }
    }
    relative.to_str().map(str::to_owned).ok_or_else(|| missing(descriptor))
}

pub(crate) fn missing(descriptor: &str) -> ImageError {
    ImageError::DockerfileMissing { descriptor: descriptor.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dockerfile_is_found_inside_the_project_only() {
        let parent = tempfile::tempdir().expect("tempdir");
        let root = parent.path().join("project");
        std::fs::create_dir_all(root.join("docker")).expect("mkdir");
        std::fs::write(root.join("docker/Dockerfile"), "FROM scratch\n").expect("write");
        std::fs::write(parent.path().join("Dockerfile"), "FROM scratch\n").expect("write");
        std::os::unix::fs::symlink("../Dockerfile", root.join("link")).expect("symlink");

        let tree = ProjectTree::open(&root).expect("tree");
        let find = |descriptor: &str| locate(&tree, descriptor).map_err(|error| error.to_string());
        assert_eq!(find("docker/Dockerfile").as_deref(), Ok("docker/Dockerfile"));
        assert_eq!(find("./docker/../docker/Dockerfile").as_deref(), Ok("docker/Dockerfile"));
        let outside = |path: &str| Err(format!("the Dockerfile `{path}` is outside the project"));
        assert_eq!(find("../Dockerfile"), outside("../Dockerfile"));
        assert_eq!(find("/etc/passwd"), outside("/etc/passwd"));
        assert_eq!(find("link"), outside("link"));
        let missing = |path: &str| Err(format!("there is no Dockerfile `{path}` in the project"));
        assert_eq!(find("Dockerfile"), missing("Dockerfile"));
        assert_eq!(find("docker"), missing("docker"));
    }
}
