//! A proxy for TLS: it makes tunnels (`CONNECT`, RFC 9110 §9.3.6), all of them to
//! one server, and keeps what it was asked.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A proxy on loopback.
pub struct ConnectProxy {
    url: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl ConnectProxy {
    /// Every tunnel leads to `server` (`127.0.0.1:4711`); none: all are refused.
    ///
    /// # Panics
    ///
    /// When no port is free.
    #[must_use]
    pub fn to(server: Option<&str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let (seen, server) = (Arc::clone(&heads), server.map(str::to_owned));
        // Ends with the process of the tests.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (seen, server) = (Arc::clone(&seen), server.clone());
                // A client that goes away is nobody's failure.
                std::thread::spawn(move || tunnel(&client, server.as_deref(), &seen));
            }
        });
        Self { url, heads }
    }

    /// The value of `HTTPS_PROXY`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What was asked of the proxy itself, each with its headers.
    #[must_use]
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

fn tunnel(
    mut client: &TcpStream,
    server: Option<&str>,
    seen: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(1, client);
    let mut head = String::new();
    while reader.read_line(&mut head)? > 2 {}
    seen.lock().unwrap().push(head);
    let Some(server) = server else {
        return client.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    };
    let mut server = TcpStream::connect(server)?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    std::thread::spawn(move || {
        let _ = io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    io::copy(&mut server, &mut client)?;
    client.shutdown(Shutdown::Both)
}
