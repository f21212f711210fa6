//! An engine that is the real one, but for one answer, for what a real engine
//! cannot be brought to do in a test; and that remembers what it was asked.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

/// A socket for `DOCKER_HOST`.
pub struct EngineProxy {
    folder: TempDir,
    /// The first lines of all requests.
    seen: Arc<Mutex<Vec<String>>>,
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
        Self::new(Some((request, answer)))
    }

    /// The engine answers everything.
    ///
    /// # Panics
    ///
    /// When no socket can be made.
    #[must_use]
    pub fn watching() -> Self {
        Self::new(None)
    }

    fn new(special: Option<(&'static str, &'static str)>) -> Self {
        let seen = Arc::<Mutex<Vec<String>>>::default();
        let log = Arc::clone(&seen);
        let folder = tempfile::Builder::new().prefix("renku-proxy-").tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("engine.sock")).unwrap();
        // Ends with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let log = Arc::clone(&log);
                std::thread::spawn(move || serve(stream, special, &log));
            }
        });
        Self { folder, seen }
    }

    /// The first lines of all requests so far, but for those that only read.
    ///
    /// # Panics
    ///
    /// When a thread of it has panicked.
    #[must_use]
    pub fn writes(&self) -> Vec<String> {
        let reads = |line: &&String| line.starts_with("GET ") || line.starts_with("HEAD ");
        self.seen.lock().unwrap().iter().filter(|line| !reads(line)).cloned().collect()
    }

    /// How many requests there were.
    ///
    /// # Panics
    ///
    /// When a thread of it has panicked.
    #[must_use]
    pub fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// The value of `DOCKER_HOST`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("unix://{}", self.folder.path().join("engine.sock").display())
    }
}

fn serve(
    mut client: UnixStream,
    special: Option<(&str, &str)>,
    seen: &Mutex<Vec<String>>,
) -> Option<()> {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    let end = loop {
        let count = client.read(&mut buffer).ok().filter(|count| *count > 0)?;
        head.extend_from_slice(&buffer[..count]);
        if let Some(end) = head.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
    };
    let text = String::from_utf8_lossy(&head[..end]);
    seen.lock().unwrap().push(text.lines().next().unwrap_or_default().to_owned());
    let is_upgrade = text.to_lowercase().contains("upgrade:");
    if let Some((_, answer)) = special.filter(|(request, _)| head.starts_with(request.as_bytes())) {
        // The rest of the request is read, or the answer would be lost.
        let mut reading = client.try_clone().ok()?;
        std::thread::spawn(move || std::io::copy(&mut reading, &mut std::io::sink()));
        client.write_all(answer.as_bytes()).ok()?;
        return client.shutdown(Shutdown::Write).ok();
    }
    // One request a connection, so that every request is seen here.
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
