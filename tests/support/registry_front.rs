//! A registry with switches: a real one, with somebody before it who answers some requests
//! otherwise, as proxies and overloaded registries do.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use crate::registry::Registry;

/// A request that is not passed on, and its answer.
struct Switch {
    /// `GET /v2/…`, or a part of it.
    request: String,
    /// A status line and headers, such as `429 Too Many Requests\r\nRetry-After: 900`.
    answer: String,
}

/// Answers for a real registry.
pub struct RegistryFront {
    port: u16,
    switches: Arc<Mutex<Vec<Switch>>>,
}

impl RegistryFront {
    /// Passes everything on.
    ///
    /// # Panics
    ///
    /// When there is no port.
    #[must_use]
    pub fn before(registry: &Registry) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let switches: Arc<Mutex<Vec<Switch>>> = Arc::default();
        let (behind, shared) = (registry.host(), Arc::clone(&switches));
        // Ends with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (behind, switches) = (behind.clone(), Arc::clone(&shared));
                std::thread::spawn(move || serve(stream, &behind, &switches));
            }
        });
        Self { port, switches }
    }

    /// `127.0.0.1:PORT`.
    #[must_use]
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// From now on requests whose first line holds `request` get `answer`: a status line,
    /// and headers behind it.
    pub fn answer(&self, request: &str, answer: &str) {
        let switch = Switch { request: request.to_owned(), answer: answer.to_owned() };
        self.switches.lock().unwrap_or_else(PoisonError::into_inner).push(switch);
    }

    /// Passes everything on again.
    pub fn pass(&self) {
        self.switches.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn serve(mut stream: TcpStream, behind: &str, switches: &Mutex<Vec<Switch>>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut first = Vec::new();
    // A greeting in TLS is no request.
    reader.by_ref().take(8192).read_until(b'\n', &mut first).ok()?;
    let first = String::from_utf8(first).ok()?;
    let mut head = first.clone();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? <= 2 {
            break;
        }
        let (name, value) = line.split_once(':')?;
        match name.to_ascii_lowercase().as_str() {
            "connection" => continue,
            "content-length" => length = value.trim().parse().ok()?,
            _ => {}
        }
        head += &line;
    }
    head += "Connection: close\r\n\r\n";
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let answer = {
        let switches = switches.lock().unwrap_or_else(PoisonError::into_inner);
        let switch = switches.iter().find(|switch| first.contains(&switch.request));
        switch.map(|switch| switch.answer.clone())
    };
    if let Some(answer) = answer {
        let end = "Content-Length: 0\r\nConnection: close\r\n\r\n";
        return write!(stream, "HTTP/1.1 {answer}\r\n{end}").ok();
    }
    let mut registry = TcpStream::connect(behind).ok()?;
    registry.write_all(head.as_bytes()).ok()?;
    registry.write_all(&body).ok()?;
    std::io::copy(&mut registry, &mut stream).ok().map(drop)
}
