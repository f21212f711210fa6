//! A small issuer of tokens (distribution specification, "Token Authentication"):
//! `ann` with the password `secret` gets what she asks for, nobody else anything.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::real::certificate;

pub(crate) struct Issuer {
    folder: tempfile::TempDir,
    port: u16,
}

impl Issuer {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        certificate(folder.path());
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("address").port();
        let keys = folder.path().to_owned();
        // It ends with the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &keys);
            }
        });
        Self { folder, port }
    }

    pub(crate) fn realm(&self) -> String {
        format!("http://127.0.0.1:{}/token", self.port)
    }

    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }
}

fn answer(mut stream: TcpStream, keys: &Path) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(read) => request.extend_from_slice(&buffer[..read]),
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let login = format!("Basic {}", STANDARD.encode("ann:secret"));
    let body = if request.contains(&login) {
        let scope = query(&request, "scope");
        let mut parts = scope.splitn(3, ':').skip(1);
        let name = parts.next().unwrap_or_default().to_owned();
        let actions: Vec<&str> = parts.next().unwrap_or_default().split(',').collect();
        let access = serde_json::json!([{"type": "repository", "name": name, "actions": actions}]);
        Some(serde_json::json!({ "token": token(keys, &access) }).to_string())
    } else {
        None
    };
    let (status, body) = match body {
        Some(body) => ("200 OK", body),
        None => ("401 Unauthorized", r#"{"errors":[{"code":"UNAUTHORIZED"}]}"#.to_owned()),
    };
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
}

/// A parameter of the request line, decoded as far as scopes need it.
fn query(request: &str, name: &str) -> String {
    let line = request.lines().next().unwrap_or_default();
    let target = line.split(' ').nth(1).unwrap_or_default();
    let parameters = target.split_once('?').map_or("", |(_, query)| query);
    parameters
        .split('&')
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.replace("%3A", ":").replace("%2F", "/").replace("%2C", ","))
        .unwrap_or_default()
}

/// A JSON Web Token (RFC 7519), signed with ES256.
fn token(keys: &Path, access: &serde_json::Value) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("time").as_secs();
    let certificate = std::fs::read_to_string(keys.join("certificate.pem")).expect("certificate");
    let chain: String = certificate.lines().filter(|line| !line.starts_with('-')).collect();
    let header = serde_json::json!({"typ": "JWT", "alg": "ES256", "x5c": [chain]});
    let claims = serde_json::json!({
        "iss": "test", "aud": "test", "sub": "ann", "jti": now.to_string(),
        "exp": now + 300, "nbf": now - 10, "iat": now, "access": access,
    });
    let encode = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encode(&header), encode(&claims));
    let signature = URL_SAFE_NO_PAD.encode(es256(keys, signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// openssl gives DER (SEQUENCE of two INTEGERs); tokens want both as 32 bytes.
fn es256(keys: &Path, bytes: &[u8]) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .current_dir(keys)
        .args(["dgst", "-sha256", "-sign", "key.pem"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl");
    child.stdin.take().expect("stdin").write_all(bytes).expect("write");
    let der = child.wait_with_output().expect("openssl").stdout;
    let mut at = 2;
    let mut raw = Vec::new();
    for _ in 0..2 {
        let length = usize::from(der[at + 1]);
        let integer = &der[at + 2..at + 2 + length];
        let integer = &integer[integer.len().saturating_sub(32)..];
        raw.extend(std::iter::repeat_n(0, 32 - integer.len()));
        raw.extend_from_slice(integer);
        at += 2 + length;
    }
    raw
}
