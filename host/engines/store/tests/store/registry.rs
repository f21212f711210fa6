//! `docker-registry` on a free port of this computer, for one test, and images in it.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use renku_session_domain::Digest;
use renku_session_registry::artifacts::Logins;
use renku_session_registry::{ImageReference, Login};

use crate::image::{INDEX, Image, MANIFEST};

/// A registry that ends with the test.
pub(crate) struct Registry {
    process: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Registry {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = folder.path().join("config.yml");
        let text = format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\n\
             http:\n  addr: 127.0.0.1:{port}\n",
            folder.path().join("blobs").display()
        );
        std::fs::write(&config, text).unwrap();
        let process = Command::new("docker-registry")
            .arg("serve")
            .arg(&config)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("`cargo xtask setup` installs docker-registry");
        let registry = Self { process, port, folder };
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begin.elapsed() < Duration::from_secs(60), "the registry does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        registry
    }

    pub(crate) fn name(&self, rest: &str) -> ImageReference {
        ImageReference::parse(&format!("localhost:{}/{rest}", self.port)).unwrap()
    }

    /// Puts an image there, under a tag or its digest.
    pub(crate) fn push(&self, repository: &str, tag: &str, image: &Image) {
        for (name, bytes) in image.blobs() {
            let digest = name.replace("blobs/sha256/", "sha256:");
            self.blob(repository, &digest, &bytes);
        }
        self.manifest(repository, tag, MANIFEST, &image.manifest());
    }

    pub(crate) fn push_index(
        &self,
        repository: &str,
        tag: &str,
        named: &[serde_json::Value],
    ) -> Digest {
        let index = serde_json::json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": named});
        let index = index.to_string().into_bytes();
        self.manifest(repository, tag, INDEX, &index);
        Digest::of(&index)
    }

    fn blob(&self, repository: &str, digest: &str, bytes: &[u8]) {
        let (status, place) =
            self.send("POST", &format!("/v2/{repository}/blobs/uploads/"), "", b"");
        assert_eq!(status, 202);
        let place = place.unwrap();
        let at = place.find("/v2/").unwrap();
        let mark = if place.contains('?') { '&' } else { '?' };
        let path = format!("{}{mark}digest={digest}", &place[at..]);
        assert_eq!(self.send("PUT", &path, "application/octet-stream", bytes).0, 201);
    }

    fn manifest(&self, repository: &str, tag: &str, kind: &str, bytes: &[u8]) {
        let path = format!("/v2/{repository}/manifests/{tag}");
        assert_eq!(self.send("PUT", &path, kind, bytes).0, 201);
    }

    /// The status, and where the answer leads to.
    fn send(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> (u16, Option<String>) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost:{}\r\nconnection: close\r\n\
             content-type: {kind}\r\ncontent-length: {length}\r\n\r\n",
            self.port
        );
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let place = answer.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
        });
        (status, place)
    }

    /// The files in which it keeps these bytes.
    pub(crate) fn kept(&self, bytes: &[u8]) -> Vec<PathBuf> {
        let mut folders = vec![self.folder.path().join("blobs")];
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in folder.read_dir().unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if std::fs::read(&path).unwrap() == bytes {
                    found.push(path);
                }
            }
        }
        found
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Who has no login.
pub(crate) struct Nobody;

impl Logins for Nobody {
    fn login<'a>(&'a self, _: &'a str, _: &'a str) -> BoxFuture<'a, Option<Login>> {
        Box::pin(std::future::ready(None))
    }
}
