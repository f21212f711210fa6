//! A list is one request, whatever the number of sessions.

use std::sync::Arc;

use renku_session_contract::{Containers, Scope};
use renku_session_docker::{Docker, EngineSettings};
use renku_session_domain::{Identity, Silent};
use renku_session_files::session_key::KeyFile;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn scope(legacy: bool) -> Scope {
    let key = KeyFile { path: "/none".into(), may_be_made: false };
    Scope { provider: Identity::named("docker"), project: None, legacy, key }
}

/// The first lines of all requests that `list` sends to an engine without
/// containers.
async fn requests(scope: Scope) -> Vec<String> {
    let directory = tempfile::tempdir().expect("tempdir");
    let socket = directory.path().join("engine.sock");
    let listener = tokio::net::UnixListener::bind(&socket).expect("bind");
    let engine = tokio::spawn(async move {
        let mut seen = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).await.expect("read");
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            // A connection without a request only asks whether we listen.
            let Some(line) = request.lines().next() else { continue };
            seen.push(line.to_owned());
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]";
            stream.write_all(answer.as_bytes()).await.expect("write");
            break;
        }
        seen
    });
    let settings = EngineSettings {
        docker_host: Some(format!("unix://{}", socket.display())),
        ..EngineSettings::default()
    };
    let containers = Containers::new(scope, Arc::new(Docker::new(settings)), Arc::new(Silent));
    assert_eq!(containers.list().await.expect("list"), []);
    engine.await.expect("engine")
}

#[tokio::test]
async fn a_list_is_one_request_that_needs_no_version() {
    let scope = scope(true);
    assert_eq!(
        requests(scope).await,
        ["GET /containers/json?all=true&size=false&filters=\
          %7B%22label%22%3A%5B%22renku_project%22%5D%7D HTTP/1.1"]
    );
}
