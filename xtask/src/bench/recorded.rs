//! An engine that has a thousand sessions, as far as a list goes: a socket that
//! answers two requests with what was prepared. Both programs ask it, so that
//! neither waits for an engine.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use serde_json::json;

/// The key of the user whose sessions these are, for `session.key`.
pub(super) const KEY: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// What the program calls the user with this key.
const OWNER: &str = "3966d40771b37a9e08237cd0bf1a7261";

/// The recorded engine, until the program ends.
pub(super) struct Recorded {
    address: String,
}

impl Recorded {
    /// Listens on a socket in `folder` and has `count` sessions of the project with
    /// this id.
    ///
    /// # Errors
    ///
    /// When the socket cannot be made.
    pub(super) fn new(folder: &Path, project: &str, count: usize) -> Result<Self> {
        let path = folder.join("recorded.sock");
        let listener = UnixListener::bind(&path)?;
        let list: Arc<[u8]> = serde_json::to_vec(&sessions(project, count))?.into();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let list = Arc::clone(&list);
                // A client that goes away ends its own thread.
                std::thread::spawn(move || answer(&stream, &list));
            }
        });
        Ok(Self { address: format!("unix://{}", path.display()) })
    }

    /// For `DOCKER_HOST`.
    pub(super) fn address(&self) -> &str {
        &self.address
    }
}

/// Answers the requests of one connection. None of them has a body.
fn answer(stream: &UnixStream, list: &[u8]) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        let mut line = String::new();
        while reader.read_line(&mut line)? > 2 {
            line.clear();
        }
        let body: &[u8] = if first.contains("/containers/json") { list } else { b"OK" };
        write!(
            writer,
            "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        )?;
        if !first.starts_with("HEAD ") {
            writer.write_all(body)?;
        }
    }
}

/// Rows of `GET /containers/json`, with all that an engine says of a session.
fn sessions(project: &str, count: usize) -> serde_json::Value {
    let row = |number: usize| {
        let name = format!("bench-{number:05}");
        json!({
            "Id": format!("{number:064x}"),
            "Names": [format!("/{name}")],
            "Image": "bench:0123456",
            "ImageID": format!("sha256:{number:064x}"),
            "Command": "tini -g -- start-notebook.sh --ServerApp.ip=0.0.0.0",
            "Created": 1_700_000_000 + number,
            "Ports": [{"IP": "127.0.0.1", "PrivatePort": 8888, "PublicPort": 20_000 + number, "Type": "tcp"}],
            "Labels": {
                "io.renku.session.name": name,
                "io.renku.session.project": project,
                "io.renku.session.provider": "docker",
                "io.renku.session.owner": OWNER,
                "io.renku.session.environment": "JUPYTER_TOKEN",
                "renku_project": "bench",
                "branch": "main",
                "commit": format!("{number:040x}"),
            },
            "State": "running",
            "Status": "Up 2 minutes",
            "HostConfig": {"NetworkMode": "default"},
            "NetworkSettings": {"Networks": {"bridge": {"NetworkID": format!("{number:064x}"), "IPAddress": "172.17.0.2"}}},
            "Mounts": [{"Type": "bind", "Source": "/home/ann/bench", "Destination": "/home/jovyan/work/bench", "Mode": "", "RW": true, "Propagation": "rprivate"}],
        })
    };
    (0..count).map(row).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn a_connection_can_ask_several_times() {
        let folder = tempfile::tempdir().unwrap();
        let recorded = Recorded::new(folder.path(), "p", 3).unwrap();
        let path = recorded.address().strip_prefix("unix://").unwrap();
        let mut stream = UnixStream::connect(path).unwrap();
        stream.write_all(b"HEAD /_ping HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        stream.write_all(b"GET /v1.41/containers/json HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        assert_eq!(text.matches("200 OK").count(), 2);
        let (_, list) = text.rsplit_once("\r\n\r\n").unwrap();
        let list: serde_json::Value = serde_json::from_str(list).unwrap();
        assert_eq!(list[2]["Names"][0], "/bench-00002");
    }
}
