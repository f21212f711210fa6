//! A folder with provider files, as an administrator or a project lays them out:
//! `<name>.wasm` and `<namespace>/<name>.wasm`. The file's name is the provider's.

use std::path::PathBuf;

use super::name::Name;
use crate::files::ProjectTree;
use crate::files::below::{Entry, Kind};

/// The file of `name`, from the folder; none when there is none.
///
/// Only what lies in the folder itself counts: a link that leads out of it does
/// not, because a project could name any file of the user's by it.
pub(super) fn file(folder: &ProjectTree, name: &Name) -> Option<PathBuf> {
    let path = PathBuf::from(format!("{name}.wasm"));
    let seen = folder.look(&path).ok().flatten()?;
    (seen.kind == Kind::File).then_some(path)
}

/// All of them, by name.
pub(super) fn files(folder: &ProjectTree) -> Vec<Name> {
    let mut found = Vec::new();
    let mut collect = |entry: &Entry, depth: &usize| {
        let stem = entry.path().to_str().and_then(|path| path.strip_suffix(".wasm"));
        if let Some(Ok(name)) = stem.map(str::parse)
            && file(folder, &name).is_some()
        {
            found.push(name);
        }
        Ok((*depth == 0).then_some(1))
    };
    // What cannot be listed has none.
    let _ = folder.walk(0, &mut collect);
    found.sort();
    found
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
        let tree = ProjectTree::open(folder.path()).unwrap();
        let names: Vec<_> = files(&tree).into_iter().map(|name| name.to_string()).collect();
        assert_eq!(names, ["acme/slurm", "slurm"]);
    }

    #[test]
    fn a_link_out_of_the_folder_is_not_followed() {
        let outside = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let target = outside.path().join("x.wasm");
        std::fs::write(&target, b"").unwrap();
        std::os::unix::fs::symlink(&target, folder.path().join("x.wasm")).unwrap();
        let tree = ProjectTree::open(folder.path()).unwrap();
        assert_eq!(files(&tree), []);
        assert_eq!(file(&tree, &"x".parse().unwrap()), None);
    }
}
