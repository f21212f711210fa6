//! A socket of the test's own before the real engine, which can go away.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Where the engine of these tests listens.
fn real_engine() -> String {
    let address = std::env::var("DOCKER_HOST").unwrap_or_default();
    address.strip_prefix("unix://").unwrap_or("/var/run/docker.sock").to_owned()
}

/// Connections that are open now; none when it is gone.
type Open = Arc<Mutex<Option<Vec<UnixStream>>>>;

/// The engine, until a request is seen that ends it.
pub struct FragileEngine {
    socket: PathBuf,
    open: Open,
}

impl FragileEngine {
    /// Listens in `folder`. As soon as a request holds `last_word` in its first
    /// line, every connection breaks and nobody listens any more.
    ///
    /// # Panics
    ///
    /// When there is no socket to be had.
    #[must_use]
    pub fn until(folder: &Path, last_word: &'static str) -> Self {
        let socket = folder.join("fragile.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let open: Open = Arc::new(Mutex::new(Some(Vec::new())));
        let engine = Self { socket: socket.clone(), open: Arc::clone(&open) };
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let Ok(client) = client else { break };
                let Ok(server) = UnixStream::connect(real_engine()) else { break };
                let mut kept = open.lock().unwrap();
                let Some(connections) = kept.as_mut() else { break };
                for stream in [&client, &server] {
                    connections.push(stream.try_clone().unwrap());
                }
                drop(kept);
                let (answers, asker) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                forward(answers, asker, |_| false, || ());
                let (open, socket) = (Arc::clone(&open), socket.clone());
                let is_last = move |bytes: &[u8]| {
                    let text = String::from_utf8_lossy(bytes);
                    text.lines().next().is_some_and(|line| line.contains(last_word))
                };
                forward(client, server, is_last, move || leave(&socket, &open));
            }
        });
        engine
    }

    /// For `DOCKER_HOST`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("unix://{}", self.socket.display())
    }
}

impl Drop for FragileEngine {
    fn drop(&mut self) {
        leave(&self.socket, &self.open);
    }
}

/// Breaks everything.
fn leave(socket: &Path, open: &Open) {
    let _ = std::fs::remove_file(socket);
    for stream in open.lock().unwrap().take().into_iter().flatten() {
        let _ = stream.shutdown(Shutdown::Both);
    }
}

/// Copies until the end, or until `is_last` sees what it waits for.
fn forward(
    mut from: UnixStream,
    mut to: UnixStream,
    is_last: impl Fn(&[u8]) -> bool + Send + 'static,
    leave: impl FnOnce() + Send + 'static,
) {
    std::thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count) = from.read(&mut buffer) {
            if is_last(&buffer[..count]) {
                return leave();
            }
            if count == 0 || to.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}
