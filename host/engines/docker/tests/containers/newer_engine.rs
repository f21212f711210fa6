//! An engine that is newer than the ones here: Docker 29 refuses every version
//! below 1.44. Played by a socket that answers as that engine does.

use std::path::Path;
use std::sync::{Arc, Mutex};

use renku_session_contract::{ContainerSpec, Containers, ProjectFiles, ProjectScope, Scope};
use renku_session_docker::{Docker, EngineSettings};
use renku_session_domain::{Identity, ImageState, Silent};
use renku_session_files::session_key::KeyFile;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

/// The oldest version that Docker 29 speaks, and its words about older ones.
const OLDEST: u32 = 44;

/// A socket that answers, and the requests that came.
struct Newer {
    settings: EngineSettings,
    requests: Arc<Mutex<Vec<String>>>,
    _folder: tempfile::TempDir,
}

impl Newer {
    fn listen() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let socket = folder.path().join("docker.sock");
        let listener = UnixListener::bind(&socket).expect("bind");
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&seen)));
            }
        });
        let settings = EngineSettings {
            docker_host: Some(format!("unix://{}", socket.display())),
            ..EngineSettings::default()
        };
        Self { settings, requests, _folder: folder }
    }
}

async fn answer(mut stream: UnixStream, seen: Arc<Mutex<Vec<String>>>) {
    let mut bytes = Vec::new();
    let head = loop {
        let mut piece = [0; 4096];
        let length = stream.read(&mut piece).await.unwrap_or(0);
        if length == 0 {
            return;
        }
        bytes.extend_from_slice(&piece[..length]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            break head.to_owned();
        }
    };
    let wanted = head
        .lines()
        .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok())
        .unwrap_or(0);
    let mut had = bytes.len() - head.len() - 4;
    while had < wanted {
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(length) if length > 0 => had += length,
            _ => return,
        }
    }
    let mut words = head.split(' ');
    let method = words.next().unwrap_or_default();
    let target = words.next().unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default();
    seen.lock().expect("requests").push(format!("{method} {path}"));
    let (status, body) = response(method, path);
    let text = format!(
        "HTTP/1.1 {status} x\r\nApi-Version: 1.52\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(text.as_bytes()).await;
}

/// The key whose owner the played engine knows.
fn write_key(home: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let file = home.join("session.key");
    std::fs::write(&file, "00".repeat(32)).expect("write");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("mode");
}

fn response(method: &str, path: &str) -> (u16, String) {
    let (version, path) = match path.strip_prefix("/v1.").and_then(|rest| rest.split_once('/')) {
        Some((version, rest)) => (version.parse().unwrap_or(0), format!("/{rest}")),
        None => (OLDEST, path.to_owned()),
    };
    if version < OLDEST {
        let message = format!(
            "client version 1.{version} is too old. Minimum supported API version is 1.{OLDEST}, \
             please upgrade your client to a newer version"
        );
        return (400, format!("{{\"message\":\"{message}\"}}"));
    }
    match (method, &*path) {
        ("GET", "/info") => (200, r#"{"NCPU":2,"Driver":"overlayfs"}"#.into()),
        ("GET", "/version") => (
            200,
            r#"{"Version":"29.0.0","ApiVersion":"1.52","MinAPIVersion":"1.44",
                "Components":[{"Name":"Engine","Version":"29.0.0"}]}"#
                .into(),
        ),
        ("GET", "/images/base:1/json") => (200, r#"{"Config":{"User":"1000"}}"#.into()),
        ("POST", "/containers/create") => (201, r#"{"Id":"f0","Warnings":[]}"#.into()),
        ("GET", "/containers/analysis-x1/json") => (
            200,
            r#"{"Id":"f0","Name":"/analysis-x1","State":{"Status":"running","Running":true},
                "Config":{"Image":"base:1","Labels":{"io.renku.session.provider":"docker",
                "io.renku.session.owner":"3966d40771b37a9e08237cd0bf1a7261",
                "io.renku.session.project":"p1","io.renku.session.name":"analysis-x1"}}}"#
                .into(),
        ),
        ("GET", "/containers/json") => (200, "[]".into()),
        ("PUT", "/containers/f0/archive") => (200, String::new()),
        ("POST" | "DELETE", _) => (204, String::new()),
        _ => (404, r#"{"message":"page not found"}"#.into()),
    }
}

#[tokio::test]
async fn every_request_has_a_version_that_a_newer_engine_accepts() {
    let newer = Newer::listen();
    let project = tempfile::tempdir().expect("project");
    let home = tempfile::tempdir().expect("home");
    write_key(home.path());
    let scope = Scope {
        provider: Identity::named("docker"),
        project: Some(ProjectScope {
            id: "p1".into(),
            root: project.path().to_owned(),
            files: ProjectFiles::Mounted,
        }),
        legacy: false,
        key: KeyFile::within(home.path(), false),
    };
    let engine = Docker::new(newer.settings.clone());
    let containers = Containers::new(scope, Arc::new(engine), Arc::new(Silent));
    assert_eq!(containers.image_state("base:1").await.expect("state"), ImageState::Local);
    assert_eq!(containers.list().await.expect("list"), []);
    let spec = ContainerSpec {
        name: "analysis-x1".into(),
        image: "base:1".into(),
        mount_project: Some("/work".into()),
        publish: vec![8888],
        ..ContainerSpec::default()
    };
    assert_eq!(containers.start(spec).await.expect("start").name, "analysis-x1");
    containers.pause("analysis-x1").await.expect("pause");
    containers.stop("analysis-x1", 1).await.expect("stop");

    let requests = newer.requests.lock().expect("requests").clone();
    assert!(requests.iter().any(|request| request == "POST /containers/create"), "{requests:?}");
    let old: Vec<_> = requests.iter().filter(|request| request.contains(" /v1.")).collect();
    assert_eq!(old, Vec::<&String>::new(), "no request names a version");
}

#[test]
fn the_played_engine_refuses_as_docker_29_does() {
    let (status, body) = response("GET", "/v1.41/containers/json");
    assert_eq!(status, 400);
    assert!(body.contains("Minimum supported API version is 1.44"), "{body}");
    assert_eq!(response("GET", "/v1.44/containers/json").0, 200);
}
