//! Engines other than this machine's own: a root's Podman, an ordinary user's
//! Podman, and a second Docker Engine behind TLS and ssh. Each is started once,
//! by the first test that wants it, holds the images of the tests, and ends with
//! the tests: it lives until their end of a pipe is closed, however they end.
//!
//! The second Docker Engine has a network of its own, which tests enter.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use crate::context::open_to_all;
use crate::target::in_target;

/// The ordinary user whom `cargo xtask setup --all-engines` makes for tests.
pub const TEST_USER: &str = "renku-test";

/// An engine of the tests' own.
pub struct OtherEngine {
    /// Its socket, as `DOCKER_HOST`.
    pub host: String,
    /// Where its files are; removed with it.
    pub directory: PathBuf,
    /// What else it printed when it was ready.
    words: Vec<String>,
    // Its standard input is what it lives by.
    process: Child,
}

impl OtherEngine {
    /// Runs `script` of `sh` by way of `before`, which may be nothing.
    fn start(before: &[&str], script: &str, arguments: &[&str]) -> Self {
        let engine = Self::try_start(before, script, arguments).unwrap_or_else(|failed| {
            panic!(
                "`cargo xtask setup --all-engines` as root prepares this engine:\n{}",
                failed.log
            )
        });
        engine.load(&[crate::jupyter_image(), crate::httpd_image()]);
        engine
    }

    fn try_start(before: &[&str], script: &str, arguments: &[&str]) -> Result<Self, NotStarted> {
        let directory = tempfile::Builder::new().prefix("renku-engine-").tempdir().unwrap().keep();
        open_to_all(&directory);
        let words = [before, &["sh", "-c", script, "sh"]].concat();
        let mut process = Command::new(words[0])
            .args(&words[1..])
            .arg(&directory)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let mut words = line.split_whitespace().map(str::to_owned);
        let (ready, socket) = (words.next(), words.next());
        let (Some("ready"), Some(socket)) = (ready.as_deref(), socket) else {
            let log = std::fs::read_to_string(directory.join("log")).unwrap_or_default();
            drop(process.stdin.take());
            let _ = process.wait();
            return Err(NotStarted { directory, log });
        };
        Ok(Self { host: format!("unix://{socket}"), directory, words: words.collect(), process })
    }

    /// Brings images of this machine's engine.
    fn load(&self, images: &[String]) {
        let mut save =
            Command::new("docker").arg("save").args(images).stdout(Stdio::piped()).spawn().unwrap();
        let loaded = Command::new("docker")
            .args(["-H", &self.host, "load", "--quiet"])
            .stdin(save.stdout.take().unwrap())
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(save.wait().unwrap().success() && loaded.success());
    }

    /// Runs Docker's client against it and wants success.
    ///
    /// # Panics
    ///
    /// When it fails.
    #[must_use]
    #[track_caller]
    pub fn docker(&self, arguments: &[&str]) -> String {
        let output =
            Command::new("docker").args(["-H", &self.host]).args(arguments).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "docker {arguments:?}: {error}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Takes the thread into the network of the engine, with whatever it starts,
    /// until the answer is dropped.
    ///
    /// # Panics
    ///
    /// For whom this is not allowed; root may.
    #[must_use]
    pub fn enter(&self) -> Inside {
        let home = File::open("/proc/thread-self/ns/net").unwrap();
        let network = format!("/proc/{}/ns/net", self.process.id());
        move_to(&File::open(network).unwrap());
        Inside { home }
    }

    /// A word it printed when it was ready.
    fn word(&self, index: usize) -> &str {
        &self.words[index]
    }

    #[must_use]
    pub fn tls_port(&self) -> &str {
        self.word(0)
    }

    /// As `DOCKER_HOST`, for ssh.
    #[must_use]
    pub fn ssh(&self) -> String {
        format!("ssh://{TEST_USER}@127.0.0.1:{}", self.word(1))
    }

    /// An address in its network that is not the loopback.
    #[must_use]
    pub fn address(&self) -> &str {
        self.word(2)
    }

    /// `PATH` with an `ssh` that knows the engine's host and key.
    #[must_use]
    pub fn path(&self) -> String {
        let path = std::env::var("PATH").unwrap();
        format!("{}:{path}", self.directory.join("bin").display())
    }
}

/// An engine that did not start, and is gone.
pub struct NotStarted {
    /// Where its files were.
    pub directory: PathBuf,
    /// What it said.
    pub log: String,
}

/// A thread in the network of an engine.
pub struct Inside {
    home: File,
}

impl Drop for Inside {
    fn drop(&mut self) {
        move_to(&self.home);
    }
}

/// Moves the thread into a network (setns(2)).
#[cfg(target_os = "linux")]
fn move_to(network: &File) {
    nix::sched::setns(network, nix::sched::CloneFlags::CLONE_NEWNET).unwrap();
}

#[cfg(not(target_os = "linux"))]
fn move_to(_: &File) {
    panic!("networks of one's own are Linux's");
}

/// A Podman of root's.
pub fn podman() -> &'static OtherEngine {
    static ENGINE: OnceLock<OtherEngine> = OnceLock::new();
    ENGINE.get_or_init(|| OtherEngine::start(&[], include_str!("engines/podman.sh"), &[]))
}

/// A Podman of an ordinary user's, at the place where that user would have it.
pub fn rootless_podman() -> &'static OtherEngine {
    static ENGINE: OnceLock<OtherEngine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let script = include_str!("engines/podman.sh");
        OtherEngine::start(&[], script, &[TEST_USER])
    })
}

/// A second Docker Engine, with TLS and ssh, in a network of its own.
pub fn second_docker() -> &'static OtherEngine {
    static ENGINE: OnceLock<OtherEngine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let script = include_str!("engines/dockerd.sh");
        OtherEngine::start(&["unshare", "--net"], script, &[TEST_USER, &sshd()])
    })
}

/// The same with an sshd that is not there, so that it does not get far.
///
/// # Panics
///
/// When it starts.
#[must_use]
pub fn second_docker_without_sshd() -> NotStarted {
    let script = include_str!("engines/dockerd.sh");
    match OtherEngine::try_start(&["unshare", "--net"], script, &[TEST_USER, "/nowhere"]) {
        Ok(engine) => panic!("it is at {}", engine.host),
        Err(failed) => failed,
    }
}

/// Where `cargo xtask setup --all-engines` unpacked Debian's sshd.
fn sshd() -> String {
    in_target("xtask/sshd").display().to_string()
}

/// User and group of the test user.
///
/// # Panics
///
/// When there is no such user.
#[must_use]
pub fn test_user() -> (u32, u32) {
    let number = |option: &str| {
        let output = Command::new("id").args([option, TEST_USER]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        text.trim()
            .parse()
            .expect("`cargo xtask setup --all-engines` as root makes the user `renku-test`")
    };
    (number("-u"), number("-g"))
}
