//! One test's own image, project and containers on the real engine. Everything
//! carries the label `renku-test=<the fixture's name>` (containers inherit it
//! from the image), and is removed when the test ends, also when it fails.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, OnceLock};

use bollard::Docker;
use bollard::models::ContainerCreateBody;
use bollard::query_parameters::{
    CreateContainerOptions, CreateImageOptions, ListContainersOptions, ListImagesOptions,
    RemoveContainerOptions, RemoveImageOptions,
};
use futures_util::TryStreamExt;
use renku_session_contract::{ContainerSpec, Containers, ProjectFiles, ProjectScope, Scope};
use renku_session_docker::EngineSettings;
use renku_session_domain::{Identity, Silent};
use renku_session_files::session_key::KeyFile;

pub(crate) struct Fixture {
    pub(crate) docker: Docker,
    pub(crate) name: String,
    /// A busybox without entrypoint and command.
    pub(crate) image: String,
    pub(crate) project: tempfile::TempDir,
    home: tempfile::TempDir,
}

impl Fixture {
    pub(crate) async fn new(test: &str) -> Self {
        let docker = Docker::connect_with_defaults().expect("a container engine");
        let name = format!("renku-test-{test}-{}", std::process::id());
        let fixture = Self {
            docker,
            image: format!("{name}:base"),
            project: tempfile::tempdir().expect("project"),
            home: tempfile::tempdir().expect("home"),
            name,
        };
        fixture.import().await;
        fixture
    }

    /// The image: one static busybox with the links that the tests need.
    async fn import(&self) {
        let mut archive = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o755);
        header.set_size(busybox().len() as u64);
        archive.append_data(&mut header, "bin/busybox", busybox()).expect("busybox");
        for link in ["sh", "sleep", "touch", "id", "ls", "httpd", "cat", "false", "seq", "mkdir"] {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(tar::EntryType::Symlink);
            header.set_size(0);
            archive.append_link(&mut header, format!("bin/{link}"), "busybox").expect("link");
        }
        let options = CreateImageOptions {
            from_src: Some("-".into()),
            repo: Some(self.name.clone()),
            tag: Some("base".into()),
            changes: vec![format!("LABEL renku-test={}", self.name)],
            ..CreateImageOptions::default()
        };
        let body = bollard::body_full(archive.into_inner().expect("archive").into());
        let answers = self.docker.create_image(Some(options), Some(body), None);
        answers.try_collect::<Vec<_>>().await.expect("import");
    }

    pub(crate) fn scope(&self, provider: &str, legacy: bool) -> Scope {
        let root = self.project.path().canonicalize().expect("root");
        let project =
            Some(ProjectScope { id: self.name.clone(), root, files: ProjectFiles::Mounted });
        let key = KeyFile::within(self.home.path(), true);
        Scope { provider: Identity::named(provider), project, legacy, key }
    }

    /// A handle of the provider `docker` for the project.
    pub(crate) fn containers(&self) -> Containers {
        self.containers_of(self.scope("docker", true))
    }

    pub(crate) fn containers_of(&self, scope: Scope) -> Containers {
        let engine = renku_session_docker::Docker::new(EngineSettings::from_environment());
        Containers::new(scope, Arc::new(engine), Arc::new(Silent))
    }

    /// A container that runs `script`, named after the fixture.
    pub(crate) fn spec(&self, suffix: &str, script: &str) -> ContainerSpec {
        ContainerSpec {
            name: format!("{}-{suffix}", self.name),
            image: self.image.clone(),
            command: Some(vec!["sh".into(), "-c".into(), script.into()]),
            labels: [("renku_project".to_owned(), "analysis".to_owned())].into(),
            ..ContainerSpec::default()
        }
    }

    /// A container that somebody else made and started; gives its id.
    pub(crate) async fn foreign(&self, suffix: &str, body: ContainerCreateBody) -> String {
        let options = CreateContainerOptions {
            name: Some(format!("{}-{suffix}", self.name)),
            ..CreateContainerOptions::default()
        };
        let body = ContainerCreateBody {
            image: body.image.or_else(|| Some(self.image.clone())),
            cmd: Some(vec!["sleep".into(), "600".into()]),
            ..body
        };
        let id = self.docker.create_container(Some(options), body).await.expect("create").id;
        self.docker.start_container(&id, None).await.expect("start");
        id
    }

    /// Names of the fixture's containers in any state, whoever made them.
    pub(crate) async fn on_engine(&self) -> Vec<String> {
        all(&self.docker, &self.name).await.into_iter().map(|(_, name)| name).collect()
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let (docker, name) = (self.docker.clone(), self.name.clone());
        // A runtime cannot be entered twice on one thread.
        let cleaning = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("runtime")
                .block_on(clean(docker, name));
        });
        let _ = cleaning.join();
    }
}

async fn clean(docker: Docker, name: String) {
    for (id, _) in all(&docker, &name).await {
        let options = RemoveContainerOptions { force: true, v: true, link: false };
        let _ = docker.remove_container(&id, Some(options)).await;
    }
    // An image with a child goes after the child.
    for _ in 0..2 {
        let filters = Some(filter(&name));
        let options = ListImagesOptions { all: true, filters, ..ListImagesOptions::default() };
        for image in docker.list_images(Some(options)).await.unwrap_or_default() {
            let options = RemoveImageOptions { force: true, ..RemoveImageOptions::default() };
            let _ = docker.remove_image(&image.id, Some(options), None).await;
        }
    }
}

async fn all(docker: &Docker, name: &str) -> Vec<(String, String)> {
    let options = ListContainersOptions {
        all: true,
        filters: Some(filter(name)),
        ..ListContainersOptions::default()
    };
    let mut found = Vec::new();
    for row in docker.list_containers(Some(options)).await.expect("list") {
        let name = row.names.unwrap_or_default().concat().trim_start_matches('/').to_owned();
        found.push((row.id.unwrap_or_default(), name));
    }
    found
}

fn filter(name: &str) -> HashMap<String, Vec<String>> {
    HashMap::from([("label".to_owned(), vec![format!("renku-test={name}")])])
}

/// A static busybox out of Debian's package, fetched once.
fn busybox() -> &'static [u8] {
    static BUSYBOX: OnceLock<Vec<u8>> = OnceLock::new();
    BUSYBOX.get_or_init(|| {
        let kept = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("busybox-static");
        if let Ok(bytes) = std::fs::read(&kept) {
            return bytes;
        }
        let place = tempfile::tempdir().expect("tempdir");
        let script = "apt-get -qq -o APT::Sandbox::User=root download busybox-static >&2 \
                      && dpkg-deb --fsys-tarfile busybox-static_*.deb | tar -xO ./bin/busybox";
        let output =
            Command::new("sh").args(["-c", script]).current_dir(place.path()).output().expect("sh");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::write(&kept, &output.stdout).expect("keep busybox");
        output.stdout
    })
}
