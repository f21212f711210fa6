//! Errors on a machine without an engine.

use super::*;
use crate::domain::Diagnostic;

#[tokio::test]
async fn a_dead_docker_host_is_an_error_that_names_it_and_why() {
    let directory = tempfile::tempdir().expect("tempdir");
    let dead = directory.path().join("dead.sock");
    drop(std::os::unix::net::UnixListener::bind(&dead).expect("bind"));
    let settings = EngineSettings {
        docker_host: Some(format!("unix://{}", dead.display())),
        ..EngineSettings::default()
    };
    let error = connect(&settings).await.expect_err("nobody listens");
    assert_eq!(error.to_string(), "no container engine can be reached");
    assert_eq!(error.causes(), [format!("`unix://{}`: nobody listens", dead.display())]);
    assert_eq!(
        error.hint().as_deref(),
        Some("start the engine at that address, or change `DOCKER_HOST`")
    );
}

#[tokio::test]
async fn a_port_that_speaks_no_tls_is_no_engine() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let address = format!("tcp://{}", listener.local_addr().expect("address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            use tokio::io::AsyncWriteExt as _;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let settings = EngineSettings {
        docker_host: Some(address.clone()),
        docker_tls_verify: true,
        ..EngineSettings::default()
    };
    let error = connect(&settings).await.expect_err("no TLS");
    assert_eq!(
        error.causes(),
        [format!("`{address}`: received corrupt message of type InvalidContentType")]
    );
}
