//! Whether a project is apart from what is the user's own. A session reads and changes the
//! whole project: where that is the home, it has the keys of all sessions, the logins, and
//! the files that the next shell runs.

use std::path::{Path, PathBuf};

use super::error::ProjectError;
use crate::files::directories;

/// Wants that the project at `root` holds neither the home nor a folder of ours, and is
/// in none of them that decides anything.
///
/// # Errors
///
/// [`ProjectError::HoldsOurs`].
pub(super) fn check(root: &Path) -> Result<(), ProjectError> {
    let authority = [directories::configuration(), directories::data()];
    let all = [directories::cache(), directories::home()];
    match first_of(root, authority.into_iter().flatten(), all.into_iter().flatten()) {
        Some(folder) => Err(ProjectError::HoldsOurs { root: root.to_owned(), folder }),
        None => Ok(()),
    }
}

fn first_of(
    root: &Path,
    authority: impl Iterator<Item = PathBuf>,
    others: impl Iterator<Item = PathBuf>,
) -> Option<PathBuf> {
    let inside = |folder: &Path| real(folder).starts_with(root);
    let mut authority =
        authority.map(|folder| (inside(&folder) || root.starts_with(real(&folder)), folder));
    authority
        .find_map(|(is, folder)| is.then_some(folder))
        .or_else(|| others.into_iter().find(|folder| inside(folder)))
}

/// Where a folder is once links are followed, also before it was made.
fn real(folder: &Path) -> PathBuf {
    let found = folder.ancestors().find_map(|above| {
        let rest = folder.strip_prefix(above).ok()?;
        Some(above.canonicalize().ok()?.join(rest))
    });
    found.unwrap_or_else(|| folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_holds_neither_the_home_nor_what_decides() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(home.join("work/analysis")).unwrap();
        std::os::unix::fs::symlink(home.join("work"), home.join("link")).unwrap();
        let found = |root: &str, configuration: &str| {
            let root = home.join(root);
            let authority = [home.join(configuration)].into_iter();
            first_of(&root, authority, [home.clone()].into_iter()).is_some()
        };
        assert!(!found("work/analysis", ".config/renku"));
        assert!(found("", ".config/renku"), "the home itself");
        assert!(found(".config", ".config/renku"), "a repository of settings");
        assert!(found(".config/renku", ".config/renku"));
        assert!(found(".config/renku/inner", ".config/renku"), "inside of what decides");
        assert!(found("work", "link/renku"), "by way of a link");
        assert!(!found("work/analysis", "link/renku"));
        assert!(first_of(Path::new("/"), std::iter::empty(), [home.clone()].into_iter()).is_some());
    }
}
