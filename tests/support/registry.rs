//! Registries: Debian's `docker-registry` on a port of the test's own, and one
//! that answers what a test wants to see answered.
//!
//! Engines take registries on 127.0.0.0/8 without TLS.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::http::free_port;

/// The user of a registry with logins, and the password.
pub const LOGIN: (&str, &str) = ("ann", "secret");
/// The line of the password file for it (bcrypt).
const HTPASSWD: &str = "ann:$2y$05$PFHuzPezxHLa24IVw4aGaOnvo/z6aB3Mo4C96o02ikRE/0hB7v28O";

/// A real registry. It ends when this is dropped.
pub struct Registry {
    process: Child,
    folder: TempDir,
    port: u16,
}

impl Registry {
    /// One that everybody may read and write.
    ///
    /// # Panics
    ///
    /// Here and below: when `cargo xtask setup` has not installed it, or it does
    /// not start.
    #[must_use]
    pub fn open() -> Self {
        Self::start("")
    }

    /// One that wants [`LOGIN`].
    #[must_use]
    pub fn with_login() -> Self {
        Self::start("auth: {htpasswd: {realm: test, path: htpasswd}}\n")
    }

    fn start(auth: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("renku-registry-").tempdir().unwrap();
        std::fs::write(folder.path().join("htpasswd"), format!("{HTPASSWD}\n")).unwrap();
        // A port that is free now may be taken a moment later; then another one.
        for _ in 0..10 {
            let port = free_port();
            let settings = format!(
                "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: data}}}}\n\
                 http: {{addr: \"127.0.0.1:{port}\"}}\n{auth}"
            );
            std::fs::write(folder.path().join("registry.yml"), settings).unwrap();
            let mut process = Command::new("docker-registry")
                .args(["serve", "registry.yml"])
                .current_dir(&folder)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("`cargo xtask setup` installs docker-registry");
            if answers(port, &mut process) {
                return Self { process, folder, port };
            }
            let _ = process.kill();
            let _ = process.wait();
        }
        panic!("docker-registry does not start");
    }

    /// `127.0.0.1:PORT`.
    #[must_use]
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Gives what has the tag `from` another one, as somebody who bypasses `push` would.
    #[track_caller]
    pub fn tag(&self, repository: &str, from: &str, to: &str) {
        let manifest = self.ask("GET", &format!("/v2/{repository}/manifests/{from}"), "");
        let _ = self.ask("PUT", &format!("/v2/{repository}/manifests/{to}"), &manifest);
    }

    /// One request; gives the body of the answer.
    #[track_caller]
    fn ask(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.host()).unwrap();
        let kind = "application/vnd.oci.image.manifest.v1+json";
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAccept: {kind}\r\n\
             Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
            self.host(),
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    /// Puts an image of the engine into it under `name`, and gives its whole name.
    /// The engine does not have it under that name afterwards.
    #[must_use]
    #[track_caller]
    pub fn push(&self, image: &str, name: &str) -> String {
        let whole = format!("{}/{name}", self.host());
        let _ = crate::docker_ok(&["tag", image, &whole]);
        let settings = self.folder.path().join("client");
        std::fs::create_dir_all(&settings).unwrap();
        let auths = format!("{{\"auths\":{{\"{}\":{{\"auth\":\"{}\"}}}}}}", self.host(), BASIC);
        std::fs::write(settings.join("config.json"), auths).unwrap();
        let settings = settings.display().to_string();
        let _ = crate::docker_ok(&["--config", &settings, "push", "-q", &whole]);
        let _ = crate::docker_ok(&["rmi", &whole]);
        whole
    }
}

/// base64 of [`LOGIN`], as `config.json` keeps it.
pub const BASIC: &str = "YW5uOnNlY3JldA==";

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        // What was pulled from it, and what was given its name.
        let prefix = format!("{}/", self.host());
        let images = crate::docker(&["images", "--format", "{{.Repository}}:{{.Tag}}"]).stdout;
        for image in images.lines().filter(|image| image.starts_with(&prefix)) {
            let _ = crate::docker(&["rmi", "-f", image]);
        }
    }
}

/// A registry that answers every question about a manifest with one status, or
/// not at all.
pub struct FakeRegistry {
    port: u16,
}

impl FakeRegistry {
    /// `status` is the line after `HTTP/1.1`, such as `500 Internal Server Error`.
    #[must_use]
    pub fn answering(status: &'static str) -> Self {
        Self::start(Some(status))
    }

    /// Takes questions and never answers.
    #[must_use]
    pub fn silent() -> Self {
        Self::start(None)
    }

    fn start(status: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        // Ends with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || answer(stream, status));
            }
        });
        Self { port }
    }

    /// `127.0.0.1:PORT`.
    #[must_use]
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

fn answer(mut stream: TcpStream, status: Option<&str>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    loop {
        let request = lines.next()?.ok()?;
        while !lines.next()?.ok()?.is_empty() {}
        let path = request.split(' ').nth(1)?.to_owned();
        // The first question is whether this is a registry at all.
        let status = match status {
            _ if path == "/v2/" => "200 OK",
            Some(status) => status,
            None => {
                std::thread::sleep(Duration::from_secs(120));
                return None;
            }
        };
        write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").ok()?;
    }
}

fn answers(port: u16, process: &mut Child) -> bool {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(30) {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return process.try_wait().is_ok_and(|ended| ended.is_none());
        }
        if process.try_wait().is_ok_and(|ended| ended.is_some()) {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}
