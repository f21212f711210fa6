//! A second Docker Engine whose disk is small, for what happens when it is full.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A daemon on a file system in memory. It ends when this is dropped.
pub struct SmallEngine {
    daemon: Child,
    folder: TempDir,
}

impl SmallEngine {
    /// With so many bytes, such as `40m`.
    ///
    /// # Panics
    ///
    /// When it does not start; only root can start it.
    #[must_use]
    pub fn with_disk(size: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("renku-engine-").tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(&data)
            .status()
            .unwrap();
        assert!(mounted.success(), "only root can mount a file system");
        let file = |name: &str| folder.path().join(name).display().to_string();
        // In a network of its own: a daemon that is told to use no bridge removes
        // `docker0`, which would be the other engine's.
        let daemon = Command::new("unshare")
            .args(["--net", "dockerd"])
            .args(["--data-root", &file("data"), "--exec-root", &file("exec")])
            .args(["--pidfile", &file("pid"), "--host", &format!("unix://{}", file("engine.sock"))])
            .args(["--bridge=none", "--iptables=false", "--ip6tables=false"])
            .args(["--ip-forward=false", "--ip-masq=false"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("`cargo xtask setup` installs dockerd");
        let engine = Self { daemon, folder };
        let begin = Instant::now();
        while !crate::docker(&["--host", &engine.address(), "version"]).success {
            assert!(begin.elapsed() < Duration::from_secs(90), "the engine does not start");
            std::thread::sleep(Duration::from_millis(100));
        }
        engine
    }

    /// The value of `DOCKER_HOST`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("unix://{}", self.folder.path().join("engine.sock").display())
    }

    /// The names of its images, those without one included.
    #[must_use]
    pub fn images(&self) -> String {
        crate::docker_ok(&["--host", &self.address(), "images", "-aq"])
    }
}

impl Drop for SmallEngine {
    fn drop(&mut self) {
        // It ends its containerd only when asked politely.
        let _ = Command::new("kill").arg(self.daemon.id().to_string()).status();
        let begin = Instant::now();
        while self.daemon.try_wait().is_ok_and(|ended| ended.is_none()) {
            if begin.elapsed() > Duration::from_secs(30) {
                let _ = self.daemon.kill();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        unmount(&self.folder.path().join("data"));
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
