//! As much of HTTP/1.1 as a browser needs of a session: one request a connection.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::page::{Answer, Site};

/// How long a request may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// Answers until the process ends, once there is a file `serving`. Before, and where
/// nobody serves the port, a connection breaks as it does at an engine.
pub(crate) fn serve(listener: &TcpListener, site: Option<&Site>, port: u16, serving: &Path) {
    for stream in listener.incoming().flatten() {
        let Some(site) = site.filter(|site| site.serves(port) && serving.exists()) else {
            continue;
        };
        let site = site.clone();
        thread::spawn(move || answer(stream, &site));
    }
}

fn answer(mut stream: TcpStream, site: &Site) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let mut authorization = None;
    for line in lines {
        let line = line?;
        match line.split_once(": ") {
            _ if line.is_empty() => break,
            Some((name, value)) if name.eq_ignore_ascii_case("authorization") => {
                authorization = Some(value.to_owned());
            }
            _ => {}
        }
    }
    let target = request.split(' ').nth(1).unwrap_or("/");
    let Answer { status, headers, body } = site.answer(target, authorization.as_deref());
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}
