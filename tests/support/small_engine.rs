//! A second Docker Engine of a test's own, for what nobody may do to the one that others
//! use: fill its disk, freeze it, kill it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A daemon on a file system in memory. It ends when this is dropped.
pub struct SmallEngine {
    daemon: Child,
    /// What holds its network; it lives by its end of a pipe.
    network: Child,
    has_bridge: bool,
    folder: TempDir,
}

impl SmallEngine {
    /// With so many bytes, such as `40m`. Its containers have no network.
    ///
    /// # Panics
    ///
    /// Here and below: when it does not start; only root can start it.
    #[must_use]
    pub fn with_disk(size: &str) -> Self {
        Self::start(size, false)
    }

    /// The same, with ports that are published where nobody here reaches them.
    #[must_use]
    pub fn with_network(size: &str) -> Self {
        Self::start(size, true)
    }

    fn start(size: &str, has_bridge: bool) -> Self {
        let folder = tempfile::Builder::new().prefix("renku-engine-").tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(&data)
            .status()
            .unwrap();
        assert!(mounted.success(), "only root can mount a file system");
        // In a network of its own: a daemon that is told to use no bridge removes
        // `docker0`, which would be the other engine's.
        let mut network = Command::new("unshare")
            .args(["--net", "sh", "-c", "ip link set lo up; echo; exec cat"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = [0];
        std::io::Read::read_exact(network.stdout.as_mut().unwrap(), &mut line).unwrap();
        let daemon = daemon(folder.path(), network.id(), has_bridge);
        let mut engine = Self { daemon, network, has_bridge, folder };
        engine.wait();
        engine
    }

    /// The value of `DOCKER_HOST`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("unix://{}", self.file("engine.sock").display())
    }

    /// The names of its images, those without one included.
    #[must_use]
    pub fn images(&self) -> String {
        crate::docker_ok(&["--host", &self.address(), "images", "-aq"])
    }

    /// Brings an image of this machine's engine.
    pub fn load(&self, image: &str) {
        let mut save =
            Command::new("docker").args(["save", image]).stdout(Stdio::piped()).spawn().unwrap();
        let loaded = Command::new("docker")
            .args(["--host", &self.address(), "load", "--quiet"])
            .stdin(save.stdout.take().unwrap())
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(save.wait().unwrap().success() && loaded.success(), "{image} is not there");
    }

    /// It takes connections, and does nothing, until it is thawed.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// Ends that.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    /// It ends now. What runs in it goes on.
    pub fn kill(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }

    /// Starts it again, and waits until it answers.
    pub fn restart(&mut self) {
        self.daemon = daemon(self.folder.path(), self.network.id(), self.has_bridge);
        self.wait();
    }

    fn signal(&self, name: &str) {
        let _ = Command::new("kill").args(["-s", name, &self.daemon.id().to_string()]).status();
    }

    fn wait(&mut self) {
        let begin = Instant::now();
        while !crate::docker(&["--host", &self.address(), "version"]).success {
            assert!(begin.elapsed() < Duration::from_secs(90), "the engine does not start");
            // The containerd of one that was killed may be in the way of the next one.
            if self.daemon.try_wait().is_ok_and(|ended| ended.is_some()) {
                self.daemon = daemon(self.folder.path(), self.network.id(), self.has_bridge);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Its containerd, when it is still there.
    fn containerd(&self) -> Option<String> {
        let process = std::fs::read_to_string(self.file("exec/containerd/containerd.pid")).ok()?;
        let line = std::fs::read(format!("/proc/{}/cmdline", process.trim())).ok()?;
        // Another program may have the number by now.
        let folder = self.folder.path().display().to_string();
        String::from_utf8_lossy(&line).contains(&folder).then(|| process.trim().to_owned())
    }
}

fn daemon(folder: &Path, network: u32, has_bridge: bool) -> Child {
    let file = |name: &str| folder.join(name).display().to_string();
    let mut command = Command::new("nsenter");
    command
        .args([&format!("--net=/proc/{network}/ns/net"), "dockerd"])
        .args(["--data-root", &file("data"), "--exec-root", &file("exec")])
        .args(["--pidfile", &file("pid"), "--host", &format!("unix://{}", file("engine.sock"))])
        .args(["--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false"]);
    if !has_bridge {
        command.arg("--bridge=none");
    }
    // A daemon that was killed leaves its number behind.
    let _ = std::fs::remove_file(file("pid"));
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("`cargo xtask setup` installs dockerd")
}

impl Drop for SmallEngine {
    fn drop(&mut self) {
        // It ends its containerd only when asked politely.
        self.thaw();
        self.signal("TERM");
        let begin = Instant::now();
        while self.daemon.try_wait().is_ok_and(|ended| ended.is_none()) {
            if begin.elapsed() > Duration::from_secs(30) {
                let _ = self.daemon.kill();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        if let Some(containerd) = self.containerd() {
            let _ = Command::new("kill").args(["-s", "KILL", &containerd]).status();
        }
        drop(self.network.stdin.take());
        let _ = self.network.wait();
        unmount(&self.file("data"));
    }
}

fn unmount(folder: &Path) {
    // What it mounted inside may still be going.
    for _ in 0..50 {
        if Command::new("umount")
            .arg(folder)
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|it| it.success())
        {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}
