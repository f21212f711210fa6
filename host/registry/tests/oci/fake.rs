//! A registry that answers what a test wants, request by request.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use renku_session_registry::artifacts::OciReference;

pub(crate) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";

pub(crate) const PROVIDER: &str = "a provider";
/// sha256 of [`PROVIDER`].
pub(crate) const DIGEST: &str =
    "sha256:52697a2265140c6e6bcf45b54c989a32b28aa3fcc5702e84a8791f5e3c971be1";

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// `GET`
    pub(crate) method: String,
    /// With its query.
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What is answered.
pub(crate) enum Reply {
    /// A status line, headers, a body.
    Whole(&'static str, Vec<(&'static str, String)>, String),
    /// A status and a type, then bytes for as long as they are taken.
    Endless(&'static str, &'static str),
    /// The beginning of a body, then nothing.
    Silent(&'static str),
}

/// An answer with a body of some type.
pub(crate) fn reply(status: &'static str, kind: &str, body: &str) -> Reply {
    Reply::Whole(status, vec![("content-type", kind.to_owned())], body.to_owned())
}

pub(crate) fn json(value: &serde_json::Value) -> Reply {
    reply("200 OK", "application/json", &value.to_string())
}

pub(crate) fn missing() -> Reply {
    reply("404 Not Found", "application/json", r#"{"errors":[{"code":"MANIFEST_UNKNOWN"}]}"#)
}

pub(crate) fn manifest() -> Reply {
    let body = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": "application/vnd.wasm.config.v0+json", "digest": DIGEST, "size": 2},
        "layers": [{"mediaType": "application/wasm", "digest": DIGEST, "size": PROVIDER.len()}],
    });
    reply("200 OK", MANIFEST, &body.to_string())
}

/// What a registry with one unsigned provider answers.
pub(crate) fn ordinary(asked: &Asked) -> Reply {
    let path = asked.path.as_str();
    match path {
        "/v2/" => json(&serde_json::json!({})),
        _ if path.contains("/manifests/sha256-") => missing(),
        _ if path.contains("/manifests/") => manifest(),
        _ if path.contains("/blobs/") => reply("200 OK", "application/octet-stream", PROVIDER),
        _ if path.contains("/tags/") => {
            json(&serde_json::json!({"name": "acme/slurm", "tags": ["1.0.0"]}))
        }
        _ => missing(),
    }
}

type Answers = dyn Fn(&str, &Asked) -> Reply + Send + Sync;

/// A server on loopback.
pub(crate) struct Fake {
    pub(crate) host: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    written: Arc<AtomicU64>,
}

impl Fake {
    /// `answer` sees the server's `HOST:PORT` and the request.
    pub(crate) fn new(answer: impl Fn(&str, &Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let host = format!("127.0.0.1:{}", listener.local_addr().expect("address").port());
        let fake = Self { host, asked: Arc::default(), written: Arc::default() };
        let answer: Arc<Answers> = Arc::new(answer);
        let (host, asked, written) =
            (fake.host.clone(), Arc::clone(&fake.asked), Arc::clone(&fake.written));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, host) = (Arc::clone(&answer), host.clone());
                let (asked, written) = (Arc::clone(&asked), Arc::clone(&written));
                std::thread::spawn(move || serve(stream, &host, &*answer, &asked, &written));
            }
        });
        fake
    }

    pub(crate) fn place(&self) -> OciReference {
        format!("{}/acme/slurm", self.host).parse().expect("reference")
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("lock").clone()
    }

    /// Bytes of endless answers that somebody took.
    pub(crate) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }
}

fn serve(
    mut stream: TcpStream,
    host: &str,
    answer: &Answers,
    asked: &Mutex<Vec<Asked>>,
    written: &AtomicU64,
) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut line = Vec::new();
    // A greeting in TLS is no request.
    reader.by_ref().take(8192).read_until(b'\n', &mut line).ok()?;
    let line = String::from_utf8(line).ok()?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header).ok()? <= 2 {
            break;
        }
        let (name, value) = header.trim_end().split_once(':')?;
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let mut request = Asked { method, path, headers, body: String::new() };
    let length = request.header("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.body = String::from_utf8_lossy(&body).into_owned();
    asked.lock().expect("lock").push(request.clone());
    match answer(host, &request) {
        Reply::Whole(status, headers, body) => {
            let mut head = format!("HTTP/1.1 {status}\r\nconnection: close\r\n");
            for (name, value) in headers {
                head += &format!("{name}: {value}\r\n");
            }
            write!(stream, "{head}content-length: {}\r\n\r\n", body.len()).ok()?;
            if request.method != "HEAD" {
                stream.write_all(body.as_bytes()).ok()?;
            }
        }
        Reply::Endless(status, kind) => {
            let head =
                format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: {kind}\r\n\r\n");
            stream.write_all(head.as_bytes()).ok()?;
            // A gigabyte is as good as no end.
            for _ in 0..16384 {
                stream.write_all(&[b' '; 65536]).ok()?;
                written.fetch_add(65536, Ordering::Relaxed);
            }
        }
        Reply::Silent(kind) => {
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1000\r\n";
            write!(stream, "{head}content-type: {kind}\r\n\r\n{{").ok()?;
            std::thread::sleep(Duration::from_secs(60));
        }
    }
    Some(())
}
