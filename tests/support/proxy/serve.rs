//! One connection: one request, so that every request is seen.

use std::io::{Read, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use super::fault::Fault;
use super::state::{Kept, State};

/// Where the engine of these tests listens.
fn engine_socket() -> PathBuf {
    let named = std::env::var("DOCKER_HOST").ok();
    let path = named.as_deref().and_then(|address| address.strip_prefix("unix://"));
    path.unwrap_or("/var/run/docker.sock").into()
}

pub(super) fn serve(mut client: UnixStream, state: &State) -> Option<()> {
    let _kept = state.keep(&client)?;
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    let end = loop {
        let count = client.read(&mut buffer).ok().filter(|count| *count > 0)?;
        request.extend_from_slice(&buffer[..count]);
        if let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
    };
    let head = String::from_utf8_lossy(&request[..end]).into_owned();
    let fault = state.request(head.lines().next().unwrap_or_default());
    let is_upgrade = head.to_lowercase().contains("upgrade:");
    if !is_upgrade {
        request.splice(end..end, b"\r\nConnection: close".iter().copied());
    }
    let exchange = Exchange { client, request, state };
    match fault {
        Some(fault) => exchange.befall(fault),
        None => exchange.forward(usize::MAX).map(|client| close(&client)),
    }
}

/// A request that was read up to the end of its head, at least.
struct Exchange<'a> {
    client: UnixStream,
    request: Vec<u8>,
    state: &'a State,
}

impl<'a> Exchange<'a> {
    fn befall(self, fault: Fault) -> Option<()> {
        match fault {
            Fault::Delay(time) => {
                std::thread::sleep(time);
                self.forward(usize::MAX).map(|client| close(&client))
            }
            Fault::Cut(bytes) => self.forward(bytes).map(|client| close(&client)),
            Fault::Freeze(bytes) => self.forward(bytes).map(wait_for_its_end),
            Fault::AfterDoing(fault) => {
                let (client, state) = (self.client.try_clone().ok()?, self.state);
                self.ask()?.answer_to_nobody();
                Exchange { client, request: Vec::new(), state }.answer(*fault)
            }
            fault => {
                // The rest of the request is read, or the answer would be lost.
                let mut rest = self.client.try_clone().ok()?;
                std::thread::spawn(move || std::io::copy(&mut rest, &mut std::io::sink()));
                self.answer(fault)
            }
        }
    }

    /// Answers without the engine.
    fn answer(self, fault: Fault) -> Option<()> {
        let mut client = self.client;
        match fault {
            Fault::Answer(bytes) => {
                client.write_all(&bytes).ok()?;
                client.shutdown(Shutdown::Write).ok()
            }
            Fault::Endless { head, piece } => {
                client.write_all(&head).ok()?;
                let pieces = piece.repeat((64 * 1024 / piece.len().max(1)).max(1));
                while client.write_all(&pieces).is_ok() {}
                Some(())
            }
            Fault::Stall(head) => {
                client.write_all(&head).ok()?;
                wait_for_its_end(client);
                Some(())
            }
            Fault::Vanish => {
                self.state.vanish();
                Some(())
            }
            Fault::Close => {
                close(&client);
                Some(())
            }
            // What needs the engine's answer has none here.
            Fault::Hang
            | Fault::Delay(_)
            | Fault::Cut(_)
            | Fault::Freeze(_)
            | Fault::AfterDoing(_) => {
                wait_for_its_end(client);
                Some(())
            }
        }
    }

    /// Sends the request to the engine; its body follows as it comes.
    fn ask(self) -> Option<Asked<'a>> {
        let mut engine = UnixStream::connect(engine_socket()).ok()?;
        let kept = self.state.keep(&engine)?;
        engine.write_all(&self.request).ok()?;
        let (mut from, mut to) = (self.client.try_clone().ok()?, engine.try_clone().ok()?);
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        });
        Some(Asked { client: self.client, engine, _kept: kept })
    }

    /// Lets the engine answer, up to so many bytes; the client, still open.
    fn forward(self, bytes: usize) -> Option<UnixStream> {
        let Asked { mut client, engine, _kept } = self.ask()?;
        let _ = std::io::copy(&mut (&engine).take(bytes as u64), &mut client);
        // After a part of its answer, an engine that goes on streaming is left alone.
        let _ = engine.shutdown(Shutdown::Both);
        Some(client)
    }
}

/// A request that the engine has, or is getting.
struct Asked<'a> {
    client: UnixStream,
    engine: UnixStream,
    _kept: Kept<'a>,
}

impl Asked<'_> {
    /// Waits until the engine is done.
    fn answer_to_nobody(mut self) {
        let _ = std::io::copy(&mut self.engine, &mut std::io::sink());
    }
}

fn close(client: &UnixStream) {
    let _ = client.shutdown(Shutdown::Both);
}

/// Nothing more is sent; a client that gives up, or the end of the proxy, ends it.
fn wait_for_its_end(mut client: UnixStream) {
    let _ = std::io::copy(&mut client, &mut std::io::sink());
}
