//! Images of containers: which one a name leads to, and blobs that come in pieces.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use renku_session_domain::{Diagnostic as _, Digest, ErrorKind};
use renku_session_registry::artifacts::{DownloadError, OciReference, RegistryError, Which};
use renku_session_registry::image_manifest::{Blob, Platform};
use serde_json::json;

use crate::fake::{Asked, Fake, INDEX, MANIFEST, Reply, missing, ordinary, reply};
use crate::real::{nobody, reading};

fn blob(bytes: &[u8]) -> Blob {
    Blob {
        media_type: String::new(),
        digest: Digest::of(bytes),
        size: bytes.len() as u64,
        annotations: [].into(),
        platform: None,
    }
}

/// A server that breaks off after some bytes, and goes on where it is asked to, or not. What
/// was asked for comes back.
fn breaking(
    whole: &'static [u8],
    after: usize,
    ranges: bool,
) -> (OciReference, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("address").port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    std::thread::spawn(move || {
        let mut first = true;
        for mut stream in listener.incoming().flatten() {
            let mut buffer = [0; 4096];
            let count = stream.read(&mut buffer).unwrap_or(0);
            let request = String::from_utf8_lossy(&buffer[..count]).to_lowercase();
            if !request.starts_with("get /") {
                continue;
            }
            if !request.contains("/blobs/") {
                let _ = stream.write_all(
                    b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}",
                );
                continue;
            }
            let range = request.lines().find_map(|line| line.strip_prefix("range: bytes="));
            seen.lock().unwrap().push(range.unwrap_or("all").to_owned());
            let begin = range
                .filter(|_| ranges)
                .and_then(|it| it.trim_end_matches('-').parse().ok())
                .unwrap_or(0_usize);
            let (status, more) = match begin {
                0 => ("200 OK", String::new()),
                at => (
                    "206 Partial Content",
                    format!("content-range: bytes {at}-{}/{}\r\n", whole.len() - 1, whole.len()),
                ),
            };
            let body = &whole[begin..];
            let head = format!(
                "HTTP/1.1 {status}\r\nconnection: close\r\n{more}content-length: {}\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(head.as_bytes());
            let end = if std::mem::take(&mut first) { after } else { body.len() };
            let _ = stream.write_all(&body[..end]);
        }
    });
    (format!("127.0.0.1:{port}/acme/base").parse().expect("reference"), asked)
}

#[tokio::test]
async fn a_blob_goes_on_where_the_connection_broke_off() {
    let whole: &[u8] = b"a blob that comes in two pieces";
    for (ranges, second) in [(true, "10-"), (false, "10-")] {
        let (place, asked) = breaking(whole, 10, ranges);
        let registry = reading(&place, &nobody()).await.expect("reach");
        let (mut bytes, heard) = (Vec::new(), Mutex::new(0));
        let progress = |count| *heard.lock().unwrap() += count;
        registry.download("base", &blob(whole), &mut bytes, &progress).await.expect("download");
        assert_eq!(bytes, whole);
        assert_eq!(*heard.lock().unwrap(), whole.len() as u64);
        assert_eq!(*asked.lock().unwrap(), ["all", second]);
    }
}

#[tokio::test]
async fn a_blob_of_another_size_or_digest_is_an_error() {
    let sent: &[u8] = b"what is sent";
    for (promised, cause) in [
        (blob(b"what is meant"), "of 13 bytes came"),
        (blob(b"what"), "sent: more"),
        (blob(b"what is ment"), "promised: sha256:"),
    ] {
        let (place, _) = breaking(sent, sent.len(), true);
        let registry = reading(&place, &nobody()).await.expect("reach");
        let error =
            registry.download("base", &promised, &mut Vec::new(), &|_| {}).await.unwrap_err();
        let DownloadError::Registry(error) = error else { panic!("{error:?}") };
        assert!(error.causes().concat().contains(cause), "{:?}", error.causes());
    }
}

fn manifests(answer: fn(&str) -> Option<(&'static str, serde_json::Value)>) -> Fake {
    Fake::new(move |_, asked: &Asked| match asked.path.split_once("/manifests/") {
        None => ordinary(asked),
        Some((_, reference)) => match answer(reference) {
            Some((kind, body)) => reply("200 OK", kind, &body.to_string()),
            None => missing() as Reply,
        },
    })
}

#[tokio::test]
async fn what_is_no_image_is_named_as_that() {
    for (answer, kind) in [
        (
            (|_| Some((MANIFEST, json!({"config": {}, "layers": 3})))) as fn(&str) -> _,
            ErrorKind::InvalidInput,
        ),
        (|_| Some((INDEX, json!({"manifests": []}))), ErrorKind::Unsupported),
        (|_| None, ErrorKind::NotFound),
    ] {
        let fake = manifests(answer);
        let registry = reading(&fake.place(), &nobody()).await.expect("reach");
        let error = registry.image(&Which::Tag("1".into())).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
    let fake = manifests(|_| None);
    let registry = reading(&fake.place(), &nobody()).await.expect("reach");
    let error = registry.image(&Which::Newest).await.unwrap_err();
    assert!(matches!(error, RegistryError::NotAnImage { .. }), "{error:?}");
    assert_eq!(Platform::ours().os, "linux");
}
