//! A registry that is slow, cut, broken or not there.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use renku_session_domain::Diagnostic as _;
use renku_session_registry::artifacts::{OciReference, Purpose, Registry, RegistryError, Which};

use crate::real::{free_port, nobody, reading};

const LAYER: &str = "application/wasm";
const CONFIG: &str = "application/vnd.wasm.config.v0+json";
const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Answers every request with what `answer` makes of its path, then hangs up.
fn server(answer: impl Fn(&str) -> String + Send + 'static) -> OciReference {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("address").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut buffer = [0; 4096];
            let read = stream.read(&mut buffer).unwrap_or(0);
            let request = String::from_utf8_lossy(&buffer[..read]).into_owned();
            let path = request.split(' ').nth(1).unwrap_or_default();
            // A greeting in TLS is no request.
            if path.starts_with('/') {
                let _ = stream.write_all(answer(path).as_bytes());
            }
        }
    });
    format!("127.0.0.1:{port}/acme/slurm").parse().expect("reference")
}

fn http(status: &str, kind: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn manifest(size: usize) -> String {
    let body = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": CONFIG, "digest": DIGEST, "size": 0},
        "layers": [{"mediaType": LAYER, "digest": DIGEST, "size": size}],
    });
    http("200 OK", "application/vnd.oci.image.manifest.v1+json", &body.to_string())
}

async fn pull(place: &OciReference) -> RegistryError {
    match reading(place, &nobody()).await {
        Err(error) => error,
        Ok(reader) => {
            reader.pull(&Which::Tag("1.0.0".into()), 1_000_000).await.expect_err("it is broken")
        }
    }
}

#[tokio::test]
async fn a_registry_that_is_not_there_is_named() {
    let place: OciReference = format!("127.0.0.1:{}/acme/slurm", free_port()).parse().expect("ok");
    let error = pull(&place).await;
    assert_eq!(error.to_string(), format!("the registry `{}` cannot be used", place.host));
    assert_eq!(error.causes(), ["Connection refused (os error 111)"]);
}

#[tokio::test]
async fn a_registry_that_fails_says_its_status() {
    let place = server(|path| match path {
        "/v2/" => http("200 OK", "application/json", "{}"),
        _ => http("500 Internal Server Error", "text/html", "<html>a long page of a proxy</html>"),
    });
    let error = pull(&place).await;
    assert!(matches!(error, RegistryError::Unavailable { .. }), "{error:?}");
    assert_eq!(error.causes(), ["status 500: <html>a long page of a proxy</html>"]);
}

#[tokio::test]
async fn a_page_instead_of_a_manifest_is_no_provider() {
    let place = server(|_| http("200 OK", "text/html", "<html>welcome</html>"));
    let error = pull(&place).await;
    assert!(matches!(error, RegistryError::NotAProvider { .. }), "{error:?}");
}

#[tokio::test]
async fn a_connection_that_is_cut_leaves_nothing() {
    let place = server(|path| {
        if path.contains("/manifests/") {
            return manifest(1000);
        }
        if path.contains("/blobs/") {
            return "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly the beginn".to_owned();
        }
        http("200 OK", "application/json", "{}")
    });
    let error = pull(&place).await;
    assert_eq!(
        error.to_string(),
        format!("the connection to the registry `{}` was cut", place.host)
    );
}

/// It says how much will come, and then nothing.
#[tokio::test]
async fn a_registry_that_falls_silent_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("address").port();
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for mut stream in listener.incoming().flatten() {
            let mut buffer = [0; 4096];
            let read = stream.read(&mut buffer).unwrap_or(0);
            let request = String::from_utf8_lossy(&buffer[..read]).into_owned();
            let path = request.split(' ').nth(1).unwrap_or_default();
            if path.contains("/manifests/") {
                let _ = stream.write_all(manifest(1000).as_bytes());
            } else if path.contains("/blobs/") {
                let begin = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly the beginn";
                let _ = stream.write_all(begin.as_bytes());
                held.push(stream);
            } else if path.starts_with('/') {
                let _ = stream.write_all(http("200 OK", "application/json", "{}").as_bytes());
            }
        }
    });
    let place: OciReference = format!("127.0.0.1:{port}/acme/slurm").parse().expect("reference");
    let silence = Duration::from_millis(300);
    let reader = Registry::connect_within(&place, &nobody(), Purpose::Pull, silence)
        .await
        .expect("it greets");
    let error =
        reader.pull(&Which::Tag("1.0.0".into()), 1_000_000).await.expect_err("it is silent");
    assert!(matches!(error, RegistryError::Timeout { .. }), "{error:?}");
}

#[tokio::test]
async fn a_registry_cannot_send_more_than_it_announced() {
    let place = server(|path| {
        if path.contains("/manifests/") {
            return manifest(10);
        }
        if path.contains("/blobs/") {
            return http("200 OK", "application/octet-stream", &"x".repeat(1_100_000));
        }
        http("200 OK", "application/json", "{}")
    });
    let error = pull(&place).await;
    assert!(matches!(error, RegistryError::TooLarge { .. }), "{error:?}");
}
