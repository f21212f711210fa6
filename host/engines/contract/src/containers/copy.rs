//! A project that is copied to the engine: into a volume of the session's own,
//! before its container starts.

use std::io::{self, Read, Write};
use std::path::Path;

use crate::domain::Phase;
use crate::driver::{Archive, ContainerRef, Driver};
use crate::files::{ProjectTree, Spool, TemporaryError};
use crate::images::{Owner, archive};
use crate::policy::labels;
use crate::{
    ContainerState, Containers, ContainersError, CopiedProject, ProjectCopy, ProjectMount,
};

/// Where the note of a copy is kept in the container.
const NOTE_DIRECTORY: &str = "var/lib/renku";
const NOTE: &str = "var/lib/renku/copy";
/// More than a note has: some hundred bytes a file.
const NOTE_BYTES: u64 = 256 * 1024 * 1024;
const ROOT: Owner = Owner { uid: 0, gid: 0 };
const READ: &str = "read the project of the session";

/// Fills the volume, through the container that has it. Everything belongs to the
/// owner of the mount.
pub(crate) async fn fill(
    driver: &dyn Driver,
    container: &ContainerRef,
    mount: &ProjectMount,
    root: &Path,
    copy: &ProjectCopy,
) -> Result<(), ContainersError> {
    let (root, paths, owner) = (root.to_owned(), copy.paths.clone(), mount.owner);
    // Spooled, because a file that cannot be read must be found before half of
    // the project is there.
    let spooling = tokio::task::spawn_blocking(move || {
        let tree = ProjectTree::open(&root).map_err(io::Error::other)?;
        let mut spool = Spool::new()?;
        write_archive(&tree, &paths, owner, &mut spool)?;
        Ok::<_, io::Error>(spool.rewound()?)
    });
    let spooled = spooling.await.map_err(io::Error::other).flatten();
    let spooled = spooled.map_err(|error| failed("copy the project", &error))?;
    make_folder(driver, container, mount).await?;
    driver.put(container, &mount.target, Archive::Spooled(spooled)).await?;
    put_note(driver, container, &copy.note).await
}

/// Makes the folder of a project, empty.
pub(crate) async fn make_folder(
    driver: &dyn Driver,
    container: &ContainerRef,
    mount: &ProjectMount,
) -> Result<(), ContainersError> {
    let made = || {
        let mut folder = tar::Builder::new(Vec::new());
        let path = mount.target.trim_start_matches('/');
        archive::append_folder(&mut folder, path, mount.owner, 0o755)?;
        folder.into_inner()
    };
    let archive = made().map_err(|error| failed("copy the project", &error))?;
    driver.put(container, "/", Archive::Bytes(archive)).await
}

async fn put_note(
    driver: &dyn Driver,
    container: &ContainerRef,
    note: &[u8],
) -> Result<(), ContainersError> {
    let made = || {
        let mut kept = tar::Builder::new(Vec::new());
        archive::append_folder(&mut kept, NOTE_DIRECTORY, ROOT, 0o755)?;
        archive::append_file(&mut kept, NOTE, ROOT, 0o600, note)?;
        kept.into_inner()
    };
    let archive = made().map_err(|error| failed("keep the note of the copy", &error))?;
    driver.put(container, "/", Archive::Bytes(archive)).await
}

/// Exactly these paths: what is behind a link by now is of somebody else.
fn write_archive(
    tree: &ProjectTree,
    paths: &[std::path::PathBuf],
    owner: Owner,
    output: impl Write,
) -> io::Result<()> {
    let mut copy = tar::Builder::new(output);
    archive::append_folder(&mut copy, "./", owner, 0o755)?;
    for path in paths {
        // Gone meanwhile, or deleted and not committed.
        let append = |entry: Option<_>| {
            entry.map_or(Ok(()), |entry| archive::append(&mut copy, &entry, owner))
        };
        tree.entry(path).and_then(append).map_err(|error| {
            if TemporaryError::within(&error).is_some() {
                return error;
            }
            let path = tree.path().join(path);
            io::Error::other(format!("`{}` cannot be copied: {error}", path.display()))
        })?;
    }
    copy.into_inner()?.flush()
}

impl Containers {
    /// The project's copy in a session; none when the session has no copy.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NotFound`]; when the engine fails.
    pub async fn copied_project(
        &self,
        name: &str,
    ) -> Result<Option<CopiedProject>, ContainersError> {
        let seen = self.seen(name).await?;
        let Some(target) = labels::copy_of(&seen.info.labels) else { return Ok(None) };
        // What never ran has no work to lose; a start that was killed may not have
        // come to the copy.
        if seen.info.state == ContainerState::Created {
            return Ok(None);
        }
        let driver = &self.0.driver;
        let _phase = Phase::begin(&self.0.reporter, "Reading the project of the session");
        let reading = |error: ContainersError| error.during(READ);
        let note = driver.get(&seen.container, &format!("/{NOTE}")).await.map_err(reading)?;
        let note = only_file(note).map_err(|error| failed(READ, &error))?;
        let archive = driver.get(&seen.container, target).await.map_err(reading)?;
        Ok(Some(CopiedProject { archive, note }))
    }

    /// Replaces the note beside the copy.
    ///
    /// # Errors
    ///
    /// As [`Containers::copied_project`].
    pub async fn note_copy(&self, name: &str, note: &[u8]) -> Result<(), ContainersError> {
        let seen = self.seen(name).await?;
        let put = put_note(self.0.driver.as_ref(), &seen.container, note).await;
        put.map_err(|error| error.during("keep the note of the copy"))
    }
}

fn failed(action: &'static str, error: &io::Error) -> ContainersError {
    match TemporaryError::within(error) {
        Some(temporary) => temporary.clone().into(),
        None => ContainersError::Engine { action, message: error.to_string() },
    }
}

/// The content of the one file in an archive: the note, which a session can replace.
fn only_file(archive: std::fs::File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for entry in tar::Archive::new(archive).entries()? {
        let entry = entry?;
        if entry.header().entry_type().is_file() {
            entry.take(NOTE_BYTES).read_to_end(&mut bytes)?;
            break;
        }
    }
    if bytes.len() as u64 == NOTE_BYTES {
        return Err(io::Error::other("its note of what was copied is too large"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_copied_that_is_behind_a_link() {
        let outside = tempfile::tempdir().expect("outside");
        std::fs::write(outside.path().join("id"), "private-key").expect("write");
        let root = tempfile::tempdir().expect("root");
        std::os::unix::fs::symlink(outside.path(), root.path().join("keys")).expect("link");
        let tree = ProjectTree::open(root.path()).expect("tree");
        let paths = ["keys", "keys/id"].map(std::path::PathBuf::from);
        let mut bytes = Vec::new();
        write_archive(&tree, &paths, ROOT, &mut bytes).expect("archive");
        let mut archive = tar::Archive::new(bytes.as_slice());
        let paths = archive
            .entries()
            .expect("entries")
            .map(|entry| entry.expect("entry").path().expect("path").display().to_string());
        assert_eq!(paths.collect::<Vec<_>>(), ["./", "keys"]);
        assert!(!String::from_utf8_lossy(&bytes).contains("private-key"));
    }

    #[test]
    fn an_archive_has_what_was_named_and_belongs_to_the_owner() {
        let root = tempfile::tempdir().expect("root");
        std::fs::create_dir(root.path().join("a")).expect("mkdir");
        std::fs::write(root.path().join("a/b"), "text").expect("write");
        std::fs::write(root.path().join("other"), "x").expect("write");
        std::os::unix::fs::symlink("a/b", root.path().join("link")).expect("link");
        let paths = ["a", "a/b", "gone", "link"].map(std::path::PathBuf::from);
        let mut bytes = Vec::new();
        let tree = ProjectTree::open(root.path()).expect("tree");
        write_archive(&tree, &paths, Owner { uid: 7, gid: 8 }, &mut bytes).expect("archive");
        let mut archive = tar::Archive::new(bytes.as_slice());
        let entries: Vec<_> = archive
            .entries()
            .expect("entries")
            .map(|entry| {
                let entry = entry.expect("entry");
                let header = entry.header();
                let path = entry.path().expect("path").display().to_string();
                (path, header.uid().expect("uid"), header.gid().expect("gid"), entry.size())
            })
            .collect();
        let entry = |path: &str, size| (path.to_owned(), 7, 8, size);
        assert_eq!(entries, [entry("./", 0), entry("a", 0), entry("a/b", 4), entry("link", 0)]);
    }
}
