//! A folder with provider files, as an administrator or a project lays them out:
//! `<name>.wasm` and `<namespace>/<name>.wasm`. The file's name is the provider's.

use std::path::{Path, PathBuf};

use super::name::Name;

/// The file of `name`; none when there is none.
///
/// Only what lies in the folder itself counts: a link that leads out of it does
/// not, because a project could name any file of the user's by it.
pub(super) fn file(folder: &Path, name: &Name) -> Option<PathBuf> {
    let path = folder.join(format!("{name}.wasm"));
    is_inside(folder, &path).then_some(path)
}

/// All of them, by name.
pub(super) fn files(folder: &Path) -> Vec<(Name, PathBuf)> {
    let mut found = Vec::new();
    collect(folder, folder, "", &mut found);
    found.sort();
    found
}

fn collect(root: &Path, folder: &Path, prefix: &str, found: &mut Vec<(Name, PathBuf)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let Some(file) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if let Some(stem) = file.strip_suffix(".wasm") {
            if let Ok(name) = format!("{prefix}{stem}").parse()
                && is_inside(root, &path)
            {
                found.push((name, path));
            }
        } else if prefix.is_empty() && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(root, &path, &format!("{file}/"), found);
        }
    }
}

fn is_inside(folder: &Path, path: &Path) -> bool {
    match (folder.canonicalize(), path.canonicalize()) {
        (Ok(folder), Ok(path)) => path.starts_with(folder) && path.is_file(),
        _ => false,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_files() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("acme")).unwrap();
        for file in ["slurm.wasm", "acme/slurm.wasm", "README", "No.wasm"] {
            std::fs::write(folder.path().join(file), b"").unwrap();
        }
        let names: Vec<_> =
            files(folder.path()).into_iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(names, ["acme/slurm", "slurm"]);
    }

    #[test]
    fn a_link_out_of_the_folder_is_not_followed() {
        let outside = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let target = outside.path().join("x.wasm");
        std::fs::write(&target, b"").unwrap();
        std::os::unix::fs::symlink(&target, folder.path().join("x.wasm")).unwrap();
        assert_eq!(files(folder.path()), []);
        assert_eq!(file(folder.path(), &"x".parse().unwrap()), None);
    }
}
