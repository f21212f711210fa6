//! The server: a thread for each connection, over TCP or TLS on loopback.

use std::io::{self, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::Shared;
use super::log::Seen;
use super::wire::{Request, Response};

/// Listens until it is dropped.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    end: Arc<AtomicBool>,
}

impl Server {
    pub(super) fn start(
        listener: TcpListener,
        shared: &Arc<Shared>,
        tls: Option<Arc<ServerConfig>>,
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let end = Arc::new(AtomicBool::new(false));
        let (ended, shared) = (Arc::clone(&end), Arc::clone(shared));
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(socket) = socket else { continue };
                let (shared, tls) = (Arc::clone(&shared), tls.clone());
                // A client that goes away in the middle is the client's affair.
                std::thread::spawn(move || drop(connection(socket, &shared, tls)));
            }
        });
        Self { address, end }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end.store(true, Ordering::SeqCst);
        // Wakes the listener.
        let _ = TcpStream::connect(self.address);
    }
}

fn connection(
    socket: TcpStream,
    shared: &Shared,
    tls: Option<Arc<ServerConfig>>,
) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let control = socket.try_clone()?;
    match tls {
        None => serve(socket, &control, shared),
        Some(config) => {
            let connection = ServerConnection::new(config).map_err(io::Error::other)?;
            serve(StreamOwned::new(connection, socket), &control, shared)
        }
    }
}

fn serve(stream: impl Read + Write, control: &TcpStream, shared: &Shared) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(request) = Request::read(&mut stream)? {
        let fault = shared.fault(&request);
        let response = match fault.as_ref().and_then(|fault| fault.instead()) {
            Some(response) => response,
            None => shared.answer(&request),
        };
        shared.log(Seen::of(&request, response.status));
        let response: Response = response.with("x-request-id", super::ids::digest("id", 32));
        let alive = match fault {
            None => response.write(stream.get_mut()).map(|()| true)?,
            Some(fault) => fault.write(&response, stream.get_mut(), control)?,
        };
        if !alive {
            return Ok(());
        }
    }
    Ok(())
}
