//! A real JupyterHub on loopback, which ends with the test. `cargo xtask setup`
//! brings it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::http::{free_port, request};
use crate::target::in_target;

/// The user of every hub.
const USER: &str = "ann";
/// What lets the service `clerk` of every hub in. It has no servers and may do
/// everything.
const CLERK: &str = "token-of-the-clerk";
/// It is up in three seconds where nothing else runs, and much later on a busy machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// A hub with one user. Dropping it ends its servers, too.
pub struct JupyterHub {
    process: Child,
    folder: TempDir,
    port: u16,
}

impl JupyterHub {
    /// One where a user may have several servers.
    ///
    /// # Panics
    ///
    /// Here and below: when `cargo xtask setup` has not installed it, or it does not
    /// do what it should.
    #[must_use]
    pub fn start() -> Self {
        Self::new("yes")
    }

    /// One that gives everybody one server, as hubs are at first.
    #[must_use]
    pub fn without_named_servers() -> Self {
        Self::new("no")
    }

    fn new(named_servers: &str) -> Self {
        // A port that is free now may be taken a moment later; then other ones.
        let mut log = String::new();
        for _ in 0..3 {
            let folder = tempfile::Builder::new().prefix("renku-hub-").tempdir().unwrap();
            let port = free_port();
            let process = spawn(folder.path(), port, named_servers);
            let mut hub = Self { process, folder, port };
            if hub.comes_up() {
                return hub;
            }
            log = hub.log();
        }
        panic!("JupyterHub does not start:\n{log}");
    }

    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A token as its user makes one for `renku`.
    #[must_use]
    pub fn token(&self) -> String {
        let made = self.ask("POST", &format!("/users/{USER}/tokens"));
        made["token"].as_str().expect("a token").to_owned()
    }

    /// The token of a service, which may do everything and has no servers.
    #[must_use]
    pub fn token_of_a_service(&self) -> &'static str {
        CLERK
    }

    /// The names of its user's servers.
    #[must_use]
    pub fn servers(&self) -> Vec<String> {
        let user = self.ask("GET", &format!("/users/{USER}?include_stopped_servers=1"));
        let servers = user["servers"].as_object().expect("servers");
        servers.keys().filter(|name| !name.is_empty()).cloned().collect()
    }

    /// Starts a server as its user does in the browser.
    pub fn start_in_the_browser(&self, name: &str) {
        let _ = self.ask("POST", &format!("/users/{USER}/servers/{name}"));
    }

    /// Ends it, as a crash of its machine would.
    pub fn crash(mut self) {
        self.end();
    }

    /// What it has logged.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    #[track_caller]
    fn ask(&self, method: &str, path: &str) -> Value {
        let url = format!("{}/hub/api{path}", self.url());
        let login = format!("Authorization: token {CLERK}");
        let answer = request(method, &url, &[&login], "{}");
        assert!(answer.status < 300, "{method} {path}: {answer:?}\n{}", self.log());
        serde_json::from_str(&answer.body).unwrap_or_default()
    }

    /// Its own answer: the proxy is there a little earlier.
    fn comes_up(&mut self) -> bool {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if self.process.try_wait().unwrap().is_some() {
                return false;
            }
            let up = std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok()
                && request("GET", &format!("{}/hub/api/", self.url()), &[], "").status == 200;
            if up {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }

    /// On SIGTERM a hub ends its servers and its proxy.
    fn end(&mut self) {
        if self.process.try_wait().is_ok_and(|end| end.is_some()) {
            return;
        }
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE && self.process.try_wait().is_ok_and(|end| end.is_none()) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for JupyterHub {
    fn drop(&mut self) {
        self.end();
    }
}

fn spawn(folder: &Path, port: u16, named_servers: &str) -> Child {
    let installed = installed();
    let python = installed.join("python/bin/python");
    let log = File::create(folder.join("log")).unwrap();
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("support/jupyterhub/config.py");
    // Ends the hub also when the tests are killed.
    Command::new("setpriv")
        .args(["--pdeathsig", "TERM"])
        .arg(&python)
        .args(["-m", "jupyterhub", "-f"])
        .arg(config.canonicalize().unwrap())
        .current_dir(folder)
        .env("HUB_FOLDER", folder)
        .env("HUB_PORTS", format!("{port} {} {}", free_port(), free_port()))
        .env("HUB_PROXY", installed.join("node/node_modules/.bin/configurable-http-proxy"))
        .env("HUB_PYTHON", &python)
        .env("HUB_NAMED_SERVERS", named_servers)
        .env("HUB_TOKEN", CLERK)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .expect("setpriv is part of util-linux")
}

fn installed() -> PathBuf {
    in_target("xtask/jupyterhub").canonicalize().expect("`cargo xtask setup` installs JupyterHub")
}
