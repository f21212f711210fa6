//! Makes the image: a container of the original that is never started, files put into
//! it, and the container made an image. Nothing of the image runs for it, so that it
//! may be as small as it likes.
//!
//! API: `POST /containers/create`, `HEAD`, `GET` and `PUT …/archive`, `POST /commit`.

use std::fs::File;
use std::io::Read as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bollard::models::{ContainerConfig, ContainerCreateBody, HostConfig, ImageConfig};
use bollard::query_parameters::{
    CommitContainerOptions, ContainerArchiveInfoOptions, CreateContainerOptions,
    DownloadFromContainerOptions, ListContainersOptions, RemoveContainerOptions,
};
use futures_util::StreamExt as _;

use super::accounts::{Accounts, Wanted, accounts};
use super::{DERIVED_FROM, MADE_FOR, REPOSITORY, image_of, rehome};
use crate::contract::{Archive, ContainerRef, ContainersError, Person};
use crate::domain::hexadecimal;
use crate::files::Spool;
use crate::images::{Owner, archive};
use crate::{Docker, engine_errors};

const ACTION: &str = "make the user of the session in its image";
const ROOT: Owner = Owner { uid: 0, gid: 0 };
/// More than any list of users has.
const LIST_BYTES: u64 = 1 << 20;
/// How long an image with a large home may take to become one.
const PATIENCE: Duration = Duration::from_secs(60 * 60);
/// After this a container that was never started is one that a kill left.
const LEFT_AFTER: u64 = 60 * 60;

impl Docker {
    /// Makes the image with this user.
    pub(crate) async fn make_person(&self, person: &Person) -> Result<(), ContainersError> {
        self.sweep_made().await;
        let docker = self.client().await?;
        let image = docker.inspect_image(&person.image_id).await.map_err(failed)?;
        let config = image.config.unwrap_or_default();
        let container = self.container_of(person, &config).await?;
        let gone = Gone { docker: docker.clone(), id: container.id.clone() };
        let user = self.put_user(&container, person, &config).await?;
        let changes = changes(&user, person, &config).join("\n");
        let (repo, tag) = match image_of(person).split_once(':') {
            Some((repo, tag)) => (Some(repo.to_owned()), Some(tag.to_owned())),
            None => (None, None),
        };
        let options = CommitContainerOptions {
            container: Some(container.id.clone()),
            repo,
            tag,
            pause: false,
            changes: Some(changes),
            ..CommitContainerOptions::default()
        };
        let patient = docker.clone().with_timeout(PATIENCE);
        patient.commit_container(options, ContainerConfig::default()).await.map_err(failed)?;
        gone.now().await;
        Ok(())
    }

    /// A container that is not started.
    async fn container_of(
        &self,
        person: &Person,
        config: &ImageConfig,
    ) -> Result<ContainerRef, ContainersError> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|error| ContainersError::Engine {
            action: ACTION,
            message: error.to_string(),
        })?;
        let name = format!("{REPOSITORY}-{}", hexadecimal(&random));
        let options = CreateContainerOptions { name: Some(name.clone()), ..Default::default() };
        let is_empty = |words: &Option<Vec<String>>| words.as_ref().is_none_or(Vec::is_empty);
        // An engine wants to know what would be started.
        let cmd =
            (is_empty(&config.entrypoint) && is_empty(&config.cmd)).then(|| vec!["-".to_owned()]);
        let host_config =
            HostConfig { network_mode: Some("none".to_owned()), ..HostConfig::default() };
        let body = ContainerCreateBody {
            image: Some(person.image_id.clone()),
            cmd,
            host_config: Some(host_config),
            ..ContainerCreateBody::default()
        };
        let made = self.client().await?.create_container(Some(options), body).await;
        Ok(ContainerRef { id: made.map_err(failed)?.id, name })
    }

    /// Puts the user into the lists of users, and gives them their home.
    async fn put_user(
        &self,
        container: &ContainerRef,
        person: &Person,
        config: &ImageConfig,
    ) -> Result<Accounts, ContainersError> {
        let passwd = self.list(container, "/etc/passwd").await?;
        let group = self.list(container, "/etc/group").await?;
        let shadow = self.list(container, "/etc/shadow").await?;
        let variables = || config.env.iter().flatten();
        let hidden: Vec<String> =
            config.volumes.iter().flatten().chain(&person.project).cloned().collect();
        let user = accounts(
            &passwd,
            &group,
            &shadow,
            &Wanted {
                image_user: config.user.as_deref().unwrap_or_default(),
                image_home: variables().find_map(|line| line.strip_prefix("HOME=")),
                owner: person.owner,
                home: person.home.as_deref(),
                hidden: &hidden,
            },
        );
        if person.owner.uid == 0 {
            return Ok(user);
        }

        let mut files = tar::Builder::new(Vec::new());
        for (path, content, mode) in [
            ("etc/passwd", &user.passwd, 0o644),
            ("etc/group", &user.group, 0o644),
            ("etc/shadow", &user.shadow, 0o600),
        ] {
            if !content.is_empty() {
                archive::append_file(&mut files, path, ROOT, mode, content.as_bytes())
                    .map_err(unwritten)?;
            }
        }
        let has_home = user.is_image_home && self.is_folder(container, &user.home).await?;
        if !has_home {
            let home = user.home.trim_matches('/');
            archive::append_folder(&mut files, home, person.owner, 0o700).map_err(unwritten)?;
        }
        let place = person.project.as_deref().or(config.working_dir.as_deref()).unwrap_or("/");
        for folder in ancestors(place).filter(|folder| *folder != user.home) {
            if let Some(mut header) = self.folder(container, folder).await? {
                let mode = header.mode().map_err(unwritten)?;
                if mode & 0o001 == 0 {
                    // Whoever may see the project may pass.
                    header.set_mode(mode | 0o111);
                    let path = folder.trim_matches('/');
                    files.append_data(&mut header, path, std::io::empty()).map_err(unwritten)?;
                }
            }
        }
        let files = files.into_inner().map_err(unwritten)?;
        self.upload(container, "/", Archive::Bytes(files)).await?;
        if has_home {
            let before = self.download(container, &user.home).await?;
            let mut after = Spool::new()?;
            rehome::rehome(before, &mut after, person.owner).map_err(unwritten)?;
            let parent = user.home.trim_end_matches('/').rsplit_once('/').map(|(parent, _)| parent);
            let parent = parent.filter(|parent| !parent.is_empty()).unwrap_or("/");
            self.upload(container, parent, Archive::Spooled(after.rewound()?)).await?;
        }
        Ok(user)
    }

    /// A list of the image; empty where it has none.
    async fn list(&self, container: &ContainerRef, path: &str) -> Result<String, ContainersError> {
        if self.kind_of(container, path).await?.is_none() {
            return Ok(String::new());
        }
        let archive = self.download(container, path).await?;
        first_file(archive).map_err(unwritten)
    }

    async fn is_folder(
        &self,
        container: &ContainerRef,
        path: &str,
    ) -> Result<bool, ContainersError> {
        const DIRECTORY: u32 = 1 << 31;
        let mode = self.kind_of(container, path).await?;
        Ok(mode.is_some_and(|mode| mode & DIRECTORY != 0))
    }

    /// The mode of what is at a path, as Go has it; none: nothing is there.
    async fn kind_of(
        &self,
        container: &ContainerRef,
        path: &str,
    ) -> Result<Option<u32>, ContainersError> {
        let options = ContainerArchiveInfoOptions { path: path.to_owned() };
        let seen = self.client().await?.get_container_archive_info(&container.id, Some(options));
        match seen.await {
            Ok(seen) => Ok(Some(seen.file_mode)),
            Err(error) if engine_errors::status(&error) == Some(404) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// The header of a folder; none: it is not there.
    async fn folder(
        &self,
        container: &ContainerRef,
        path: &str,
    ) -> Result<Option<tar::Header>, ContainersError> {
        if !self.is_folder(container, path).await? {
            return Ok(None);
        }
        let options = DownloadFromContainerOptions { path: path.to_owned() };
        let docker = self.client().await?;
        let mut pieces =
            std::pin::pin!(docker.download_from_container(&container.id, Some(options)));
        let mut header = tar::Header::new_old();
        let mut bytes = Vec::new();
        while bytes.len() < header.as_bytes().len() {
            let Some(piece) = pieces.next().await else { return Ok(None) };
            bytes.extend_from_slice(&piece.map_err(failed)?);
        }
        let block = bytes.get(..header.as_bytes().len()).unwrap_or_default();
        header.as_mut_bytes().copy_from_slice(block);
        Ok(Some(header).filter(|header| header.entry_type().is_dir()))
    }

    /// Removes what commands left that were killed while they made such an image.
    async fn sweep_made(&self) {
        let filters = [("name".to_owned(), vec![REPOSITORY.to_owned()])].into();
        let options =
            ListContainersOptions { all: true, filters: Some(filters), ..Default::default() };
        let Ok(docker) = self.client().await else { return };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        for row in docker.list_containers(Some(options)).await.unwrap_or_default() {
            let is_ours =
                row.names.iter().flatten().any(|name| {
                    name.trim_start_matches('/').starts_with(&format!("{REPOSITORY}-"))
                });
            let created = row.created.and_then(|it| u64::try_from(it).ok()).unwrap_or(now);
            if is_ours && now.saturating_sub(created) > LEFT_AFTER {
                let _ = docker.remove_container(&row.id.unwrap_or_default(), removal()).await;
            }
        }
    }
}

/// Removes a container, also when the command is interrupted.
struct Gone {
    docker: bollard::Docker,
    id: String,
}

impl Gone {
    async fn now(mut self) {
        let id = std::mem::take(&mut self.id);
        let _ = self.docker.remove_container(&id, removal()).await;
    }
}

impl Drop for Gone {
    fn drop(&mut self) {
        let (docker, id) = (self.docker.clone(), std::mem::take(&mut self.id));
        if !id.is_empty()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(async move { docker.remove_container(&id, removal()).await });
        }
    }
}

fn removal() -> Option<RemoveContainerOptions> {
    Some(RemoveContainerOptions { force: true, v: true, ..RemoveContainerOptions::default() })
}

/// What is different in the image, as lines of a Dockerfile.
fn changes(user: &Accounts, person: &Person, config: &ImageConfig) -> Vec<String> {
    let value = |name: &str| {
        config.env.iter().flatten().find_map(|line| {
            let (it, value) = line.split_once('=')?;
            (it == name).then_some(value)
        })
    };
    let mut lines = Vec::new();
    let mut set = |name: &str, value: &str| lines.push(format!("ENV {name}={}", quoted(value)));
    let Owner { uid, gid } = person.owner;
    // Without the variable an engine takes it from the list of users.
    if value("HOME").is_some_and(|home| home != user.home) || uid == 0 {
        set("HOME", &user.home);
    }
    if uid != 0 && value("USER").is_none() {
        set("USER", &user.name);
    }
    for (name, id) in [("NB_UID", uid), ("NB_GID", gid)] {
        if uid != 0 && value(name).is_some() {
            set(name, &id.to_string());
        }
    }
    lines.push(format!("LABEL {DERIVED_FROM}={}", quoted(&person.image_id)));
    lines.push(format!("LABEL {MADE_FOR}={}", quoted(&person.made_for)));
    lines.push(format!("USER {uid}"));
    lines
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars().filter(|character| !character.is_control()) {
        if matches!(character, '"' | '\\' | '$') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

/// `/a/b/c`, `/a/b`, `/a`.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let path = path.trim_end_matches('/');
    std::iter::successors(Some(path), |path| path.rsplit_once('/').map(|(parent, _)| parent))
        .take_while(|it| !it.is_empty())
}

/// The contents of the first file of an archive.
fn first_file(archive: File) -> std::io::Result<String> {
    let mut archive = tar::Archive::new(archive);
    let mut text = Vec::new();
    if let Some(entry) = archive.entries()?.next() {
        entry?.take(LIST_BYTES).read_to_end(&mut text)?;
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn failed(error: bollard::errors::Error) -> ContainersError {
    engine_errors::other(ACTION)(error)
}

fn unwritten(error: std::io::Error) -> ContainersError {
    match crate::files::TemporaryError::within(&error) {
        Some(temporary) => temporary.clone().into(),
        None => ContainersError::Engine { action: ACTION, message: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> Accounts {
        let (passwd, group, shadow) = Default::default();
        let (name, home) = ("jovyan".into(), "/home/jovyan".into());
        Accounts { passwd, group, shadow, name, home, is_image_home: true }
    }

    fn changed(environment: &[&str], uid: u32) -> Vec<String> {
        let env = Some(environment.iter().map(|line| (*line).to_owned()).collect());
        let config = ImageConfig { env, ..ImageConfig::default() };
        let owner = Owner { uid, gid: 7 };
        let person = Person {
            image_id: "sha256:1".into(),
            owner,
            home: None,
            project: None,
            made_for: "ann".into(),
        };
        changes(&user(), &person, &config)
    }

    #[test]
    fn variables_of_the_image_name_the_user_who_runs() {
        let label = r#"LABEL io.renku.session.derived-from="sha256:1""#;
        let made_for = r#"LABEL io.renku.session.derived-for="ann""#;
        assert_eq!(changed(&[], 5), [r#"ENV USER="jovyan""#, label, made_for, "USER 5"]);
        assert_eq!(
            changed(&["HOME=/", "USER=x", "NB_UID=1000", "NB_GID=100"], 5),
            [
                r#"ENV HOME="/home/jovyan""#,
                r#"ENV NB_UID="5""#,
                r#"ENV NB_GID="7""#,
                label,
                made_for,
                "USER 5"
            ]
        );
        assert_eq!(
            changed(&["NB_UID=1000"], 0),
            [r#"ENV HOME="/home/jovyan""#, label, made_for, "USER 0"]
        );
    }

    #[test]
    fn nothing_of_a_value_is_taken_for_more_than_text() {
        assert_eq!(quoted("a\"b\\c$d\ne"), r#""a\"b\\c\$de""#);
    }

    #[test]
    fn the_way_to_a_folder_begins_with_itself() {
        assert_eq!(ancestors("/a/b/").collect::<Vec<_>>(), ["/a/b", "/a"]);
        assert_eq!(ancestors("/").count(), 0);
    }
}
