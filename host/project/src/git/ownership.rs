//! Whether a project belongs to its user. A git that gets the path of a repository does not
//! ask, so we do, and what the user told git counts: `safe.directory`.

use std::path::Path;

use super::folder::Folder;
use super::private::Private;
use crate::domain::quoted;
use crate::error::ProjectError;

/// Refuses a project of somebody else, with the command that git proposes.
///
/// # Errors
///
/// `DubiousOwnership`, and when it cannot be found out.
pub(super) fn check(root: &Path, folder: &Folder, own: &Folder) -> Result<(), ProjectError> {
    let unreadable = |source| ProjectError::Unreadable { path: root.to_owned(), source };
    let owners = [folder.owner(), folder.owner_of(".git"), own.owner()];
    let owners: Result<Vec<u32>, _> = owners.into_iter().collect();
    let user = rustix::process::geteuid().as_raw();
    let sudo = std::env::var("SUDO_UID").ok().and_then(|user| user.parse().ok());
    if all_ours(&owners.map_err(unreadable)?, user, sudo) {
        return Ok(());
    }
    if trusted()?.iter().any(|place| covers(place, root)) {
        return Ok(());
    }
    let remedy = format!("git config --global --add safe.directory {}", quoted(root));
    Err(ProjectError::DubiousOwnership { root: root.to_owned(), remedy })
}

/// As git decides it (git-config(1), `safe.directory`): root is also who became root.
fn all_ours(owners: &[u32], user: u32, sudo: Option<u32>) -> bool {
    owners.iter().all(|owner| *owner == user || (user == 0 && Some(*owner) == sudo))
}

/// What the user trusts, out of files and variables that a project cannot write.
fn trusted() -> Result<Vec<String>, ProjectError> {
    let nowhere = Private::empty()?;
    let asked = ["config", "--null", "--type=path", "--get-all", "safe.directory"];
    let answer = nowhere.ask(&asked)?;
    let text = String::from_utf8_lossy(&answer.stdout);
    let mut places = Vec::new();
    for place in text.split_terminator('\0') {
        // An empty one takes back what stands before.
        if place.is_empty() {
            places.clear();
        } else {
            places.push(place.to_owned());
        }
    }
    Ok(places)
}

/// `*`, a folder, or all below one (`/data/*`).
fn covers(place: &str, root: &Path) -> bool {
    let is = |place: &str| Path::new(place).canonicalize().is_ok_and(|place| place == root);
    match place.strip_suffix("/*") {
        _ if place == "*" => true,
        Some(above) => Path::new(above)
            .canonicalize()
            .is_ok_and(|above| root.starts_with(&above) && root != above),
        None => is(place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Diagnostic as _, ErrorKind};

    #[test]
    fn a_project_is_ours_when_all_of_it_is() {
        assert!(all_ours(&[1000, 1000, 1000], 1000, None));
        assert!(!all_ours(&[1000, 1001, 1000], 1000, None));
        assert!(!all_ours(&[1000, 1000, 1000], 0, None));
        assert!(all_ours(&[1000, 0, 1000], 0, Some(1000)));
        assert!(!all_ours(&[0, 0, 1001], 1000, Some(1001)));
    }

    #[test]
    fn what_the_user_trusts_is_a_folder_all_below_one_or_everything() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().canonicalize().unwrap();
        let inner = root.join("a");
        std::fs::create_dir(&inner).unwrap();
        let shown = root.display().to_string();
        assert!(covers("*", &inner));
        assert!(covers(&format!("{shown}/a"), &inner));
        assert!(covers(&format!("{shown}/*"), &inner));
        assert!(!covers(&shown, &inner));
        assert!(!covers(&format!("{shown}/a/*"), &inner));
        assert!(!covers("", &inner));
    }

    #[test]
    fn a_project_of_another_user_is_refused_with_the_remedy_of_git() {
        let root = Path::new("/data/a b");
        let remedy = format!("git config --global --add safe.directory {}", quoted(root));
        let error = ProjectError::DubiousOwnership { root: root.to_owned(), remedy };
        assert_eq!(error.to_string(), "git does not trust `/data/a b`: it belongs to another user");
        let hint = "if you trust it, run `git config --global --add safe.directory '/data/a b'`";
        assert_eq!(error.hint().as_deref(), Some(hint));
        assert_eq!(error.kind(), ErrorKind::Denied);
    }
}
