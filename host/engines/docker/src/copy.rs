//! A project that is copied to the engine: into a volume of the session's own,
//! before its container starts.
//!
//! API: `GET /volumes/{name}`, `POST /volumes/create`, `PUT` and `GET /containers/{id}/archive`,
//! `DELETE /volumes/{name}`.

use std::collections::HashMap;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use bollard::Docker;
use bollard::models::VolumeCreateRequest;
use bollard::query_parameters::{
    DownloadFromContainerOptions, RemoveVolumeOptions, UploadToContainerOptions,
};
use bollard::{body_full, body_try_stream};
use bytes::Bytes;
use futures_util::{StreamExt, stream};

use super::{
    ContainerState, Containers, ContainersError, ProjectCopy, Scope, engine_errors, labels,
};
use crate::domain::Phase;
use crate::files::ProjectTree;
use crate::images::{Owner, archive};

/// Where the note of a copy is kept in the container.
const NOTE_DIRECTORY: &str = "var/lib/renku";
const NOTE: &str = "var/lib/renku/copy";
/// More than a note has: some hundred bytes a file.
const NOTE_BYTES: u64 = 256 * 1024 * 1024;
const ROOT: Owner = Owner { uid: 0, gid: 0 };
/// How much is read at once.
const PIECE: usize = 64 * 1024;
/// A transfer has no limit; it can be interrupted.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);

/// A copied project, as it is in a session now.
#[derive(Debug)]
pub struct CopiedProject {
    /// A tar archive; its paths begin with the name of the project's folder.
    pub archive: std::fs::File,
    /// What was kept beside the copy.
    pub note: Vec<u8>,
}

/// The name of the volume of the session `container`.
pub(super) fn volume_of(container: &str) -> String {
    format!("renku-{container}")
}

/// The volume of a container that is about to be created.
pub(super) struct Volume {
    container: String,
    labels: HashMap<String, String>,
}

impl Volume {
    /// For the copy of this project, of the user `owner`.
    pub(super) fn new(container: &str, scope: &Scope, owner: String) -> Self {
        let project = scope.project.as_ref().map(|project| project.id.clone()).unwrap_or_default();
        let own = [
            (labels::PROVIDER, scope.provider.clone()),
            (labels::OWNER, owner),
            (labels::PROJECT, project),
            (labels::NAME, container.to_owned()),
        ];
        let labels = own.map(|(label, value)| (label.to_owned(), value)).into();
        Self { container: container.to_owned(), labels }
    }

    /// Wants that there is none of this name: an engine would hand out what is
    /// there, with the files of whoever made it.
    ///
    /// # Errors
    ///
    /// [`ContainersError::VolumeTaken`]; `NameTaken` when a container has it.
    pub(super) async fn require_new(&self, docker: &Docker) -> Result<(), ContainersError> {
        let volume = volume_of(&self.container);
        match docker.inspect_volume(&volume).await {
            Err(error) if engine_errors::status(&error) == Some(404) => return Ok(()),
            Err(error) => return Err(engine_errors::other("look for a volume")(error)),
            Ok(_) => {}
        }
        let name = self.container.clone();
        Err(match docker.inspect_container(&name, None).await {
            Ok(_) => ContainersError::NameTaken { name },
            Err(_) => ContainersError::VolumeTaken { volume },
        })
    }

    /// Makes it.
    ///
    /// # Errors
    ///
    /// When the engine fails.
    pub(super) async fn create(&self, docker: &Docker) -> Result<(), ContainersError> {
        let request = VolumeCreateRequest {
            name: Some(volume_of(&self.container)),
            labels: Some(self.labels.clone()),
            ..VolumeCreateRequest::default()
        };
        let made = docker.create_volume(request).await;
        made.map(drop).map_err(engine_errors::other("create a volume"))
    }
}

/// Removes the volume of a session; one that is gone already is fine.
pub(super) async fn remove_volume(docker: &Docker, container: &str) -> Result<(), ContainersError> {
    let options = RemoveVolumeOptions { force: true };
    match docker.remove_volume(&volume_of(container), Some(options)).await {
        Err(error) if engine_errors::status(&error) != Some(404) => {
            Err(engine_errors::other("remove the volume of the session")(error))
        }
        _ => Ok(()),
    }
}

/// Fills the volume, through the container that has it at `target`. Everything
/// belongs to `owner`.
pub(super) async fn fill(
    docker: &Docker,
    id: &str,
    target: &str,
    root: &Path,
    copy: &ProjectCopy,
    owner: Owner,
) -> Result<(), bollard::errors::Error> {
    let docker = docker.clone().with_timeout(PATIENCE);
    let (root, paths) = (root.to_owned(), copy.paths.clone());
    // Spooled, because a file that cannot be read must be found before half of
    // the project is there.
    let spooling = tokio::task::spawn_blocking(move || {
        let tree = ProjectTree::open(&root).map_err(io::Error::other)?;
        let mut file = tempfile::tempfile()?;
        write_archive(&tree, &paths, owner, &mut file)?;
        file.rewind()?;
        Ok::<_, io::Error>(file)
    });
    let file = spooling.await.map_err(io::Error::other)??;
    make_folder(&docker, id, target, owner).await?;
    let options = UploadToContainerOptions { path: target.to_owned(), ..Default::default() };
    docker.upload_to_container(id, Some(options), body_try_stream(pieces(file))).await?;
    put_note(&docker, id, &copy.note).await
}

/// Makes the folder of a project, empty.
pub(super) async fn make_folder(
    docker: &Docker,
    id: &str,
    target: &str,
    owner: Owner,
) -> Result<(), bollard::errors::Error> {
    let mut archive = tar::Builder::new(Vec::new());
    archive::append_folder(&mut archive, target.trim_start_matches('/'), owner, 0o755)?;
    let options = UploadToContainerOptions { path: "/".to_owned(), ..Default::default() };
    docker.upload_to_container(id, Some(options), body_full(archive.into_inner()?.into())).await
}

async fn put_note(docker: &Docker, id: &str, note: &[u8]) -> Result<(), bollard::errors::Error> {
    let mut archive = tar::Builder::new(Vec::new());
    archive::append_folder(&mut archive, NOTE_DIRECTORY, ROOT, 0o755)?;
    archive::append_file(&mut archive, NOTE, ROOT, 0o600, note)?;
    let options = UploadToContainerOptions { path: "/".to_owned(), ..Default::default() };
    docker.upload_to_container(id, Some(options), body_full(archive.into_inner()?.into())).await
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
            let path = tree.path().join(path);
            io::Error::other(format!("`{}` cannot be copied: {error}", path.display()))
        })?;
    }
    copy.into_inner()?.flush()
}

/// The bytes of a file. Reading a spooled file does not wait for long.
fn pieces(file: std::fs::File) -> impl futures_util::Stream<Item = io::Result<Bytes>> + Send {
    stream::unfold(Some(file), |file| async {
        let mut file = file?;
        let mut piece = vec![0; PIECE];
        match file.read(&mut piece) {
            Ok(0) => None,
            Ok(length) => {
                piece.truncate(length);
                Some((Ok(piece.into()), Some(file)))
            }
            Err(error) => Some((Err(error), None)),
        }
    })
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
        let docker = self.engine().await?.clone().with_timeout(PATIENCE);
        let _phase = Phase::begin(&self.0.reporter, "Reading the project of the session");
        let note = download(&docker, &seen.id, &format!("/{NOTE}")).await?;
        let note = only_file(note).map_err(unreadable)?;
        let archive = download(&docker, &seen.id, target).await?;
        Ok(Some(CopiedProject { archive, note }))
    }

    /// Replaces the note beside the copy.
    ///
    /// # Errors
    ///
    /// As [`Containers::copied_project`].
    pub async fn note_copy(&self, name: &str, note: &[u8]) -> Result<(), ContainersError> {
        let seen = self.seen(name).await?;
        put_note(self.engine().await?, &seen.id, note)
            .await
            .map_err(engine_errors::other("keep the note of the copy"))
    }
}

fn unreadable(error: io::Error) -> ContainersError {
    ContainersError::Engine {
        action: "read the project of the session",
        message: error.to_string(),
    }
}

async fn download(docker: &Docker, id: &str, path: &str) -> Result<std::fs::File, ContainersError> {
    let options = DownloadFromContainerOptions { path: path.to_owned() };
    let mut file = tempfile::tempfile().map_err(unreadable)?;
    let mut pieces = std::pin::pin!(docker.download_from_container(id, Some(options)));
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(engine_errors::other("read the project of the session"))?;
        file.write_all(&piece).map_err(unreadable)?;
    }
    file.rewind().map_err(unreadable)?;
    Ok(file)
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
