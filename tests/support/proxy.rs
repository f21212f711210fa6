//! An engine that is the real one, but for one answer: for what a real engine
//! cannot be brought to do in a test.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;

use tempfile::TempDir;

/// A socket for `DOCKER_HOST`.
pub struct EngineProxy {
    folder: TempDir,
}

impl EngineProxy {
    /// Requests that begin with `request` (`POST /build`) get `answer`, a whole
    /// HTTP response; the engine answers all others.
    ///
    /// # Panics
    ///
    /// When no socket can be made.
    #[must_use]
    pub fn answering(request: &'static str, answer: &'static str) -> Self {
        let folder = tempfile::Builder::new().prefix("renku-proxy-").tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("engine.sock")).unwrap();
        // Ends with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || serve(stream, request, answer));
            }
        });
        Self { folder }
    }

    /// The value of `DOCKER_HOST`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("unix://{}", self.folder.path().join("engine.sock").display())
    }
}

fn serve(mut client: UnixStream, request: &str, answer: &str) -> Option<()> {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    let end = loop {
        let count = client.read(&mut buffer).ok().filter(|count| *count > 0)?;
        head.extend_from_slice(&buffer[..count]);
        if let Some(end) = head.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
    };
    if head.starts_with(request.as_bytes()) {
        // The rest of the request is read, or the answer would be lost.
        let mut reading = client.try_clone().ok()?;
        std::thread::spawn(move || std::io::copy(&mut reading, &mut std::io::sink()));
        client.write_all(answer.as_bytes()).ok()?;
        return client.shutdown(Shutdown::Write).ok();
    }
    // One request a connection, so that every request is seen here.
    let is_upgrade = String::from_utf8_lossy(&head[..end]).to_lowercase().contains("upgrade:");
    if !is_upgrade {
        head.splice(end..end, b"\r\nConnection: close".iter().copied());
    }
    let mut engine = UnixStream::connect(engine_socket()).ok()?;
    engine.write_all(&head).ok()?;
    let (mut from_client, mut to_engine) = (client.try_clone().ok()?, engine.try_clone().ok()?);
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut from_client, &mut to_engine);
        let _ = to_engine.shutdown(Shutdown::Write);
    });
    let _ = std::io::copy(&mut engine, &mut client);
    client.shutdown(Shutdown::Both).ok()
}

fn engine_socket() -> PathBuf {
    let named = std::env::var("DOCKER_HOST").ok();
    let path = named.as_deref().and_then(|address| address.strip_prefix("unix://"));
    path.unwrap_or("/var/run/docker.sock").into()
}
