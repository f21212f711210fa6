//! A home directory for a user whom the image does not know: a small archive
//! that the engine unpacks into the container before it starts.
//!
//! API: `PUT /containers/{id}/archive`.

use serde::Serialize;

use crate::images::Owner;
use crate::images::archive::append_folder;

/// Where homes are put; the second place is for projects mounted on the first.
const PLACES: [&str; 2] = ["/home/renku", "/var/lib/renku/home"];

/// A home directory inside a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Home {
    pub path: &'static str,
    /// Whose it is.
    pub owner: Owner,
}

impl Home {
    /// A home that is neither the project nor inside it: unpacking there would
    /// change the owner of a host directory.
    pub(crate) fn for_owner(owner: Owner, project: Option<&str>) -> Self {
        let [first, second] = PLACES;
        let inside = |place: &str| {
            project.is_some_and(|project| {
                place == project || place.starts_with(&format!("{project}/"))
            })
        };
        Self { path: if inside(first) { second } else { first }, owner }
    }

    /// The archive, to be unpacked at `/`: one directory with mode 0700.
    ///
    /// # Errors
    ///
    /// Never for the fixed paths above.
    pub(crate) fn archive(&self) -> std::io::Result<Vec<u8>> {
        let mut archive = tar::Builder::new(Vec::new());
        append_folder(&mut archive, self.path.trim_start_matches('/'), self.owner, 0o700)?;
        archive.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: Owner = Owner { uid: 4321, gid: 4300 };

    #[test]
    fn the_archive_has_one_private_directory_of_the_owner() {
        let bytes = Home::for_owner(ANN, None).archive().expect("archive");
        let mut archive = tar::Archive::new(bytes.as_slice());
        let entries: Vec<_> = archive
            .entries()
            .expect("entries")
            .map(|entry| {
                let entry = entry.expect("entry");
                let header = entry.header();
                (
                    entry.path().expect("path").display().to_string(),
                    header.entry_type(),
                    header.mode().expect("mode"),
                    header.uid().expect("uid"),
                    header.gid().expect("gid"),
                )
            })
            .collect();
        assert_eq!(
            entries,
            [("home/renku".to_owned(), tar::EntryType::Directory, 0o700, 4321, 4300)]
        );
    }

    #[test]
    fn a_home_is_never_the_project_or_inside_it() {
        let path = |project| Home::for_owner(ANN, Some(project)).path;
        assert_eq!(path("/home/renku/work"), "/home/renku");
        assert_eq!(path("/home/renku"), "/var/lib/renku/home");
        assert_eq!(path("/home"), "/var/lib/renku/home");
        assert_eq!(path("/home/renkulab"), "/home/renku");
    }
}
