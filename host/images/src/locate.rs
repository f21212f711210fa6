//! Where the Dockerfile of a project is.

use std::path::{Path, PathBuf};

use crate::ImageError;

/// The Dockerfile's path relative to `root`, in the form the engine takes:
/// without `.` and `..`, with slashes.
///
/// # Errors
///
/// [`ImageError::DockerfileMissing`], `DockerfileOutside`.
pub fn locate(root: &Path, descriptor: &str) -> Result<String, ImageError> {
    use std::path::Component;
    let outside = || ImageError::DockerfileOutside { descriptor: descriptor.to_owned() };
    let missing = || ImageError::DockerfileMissing { descriptor: descriptor.to_owned() };
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
    let real = root.join(&relative).canonicalize().map_err(|_| missing())?;
    let real_root = root.canonicalize().map_err(|_| missing())?;
    if !real.starts_with(&real_root) {
        return Err(outside());
    }
    if !real.is_file() {
        return Err(missing());
    }
    relative.to_str().map(str::to_owned).ok_or_else(missing)
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

        let find = |descriptor: &str| locate(&root, descriptor).map_err(|error| error.to_string());
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
