//! The engine in memory as somebody else on the machine sees it: a file with everything
//! it has, under a lock, and the processes of its sessions.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::target::in_target;

/// An engine of a test's own. It is gone, with its sessions, when this is dropped.
pub struct MemoryEngine {
    folder: PathBuf,
}

/// The program on the engine in memory.
fn binary() -> PathBuf {
    let built = || in_target("debug/renku-in-memory");
    std::env::var_os("RENKU_IN_MEMORY_BIN").map_or_else(built, PathBuf::from)
}

impl MemoryEngine {
    /// In this folder, with the images of tests.
    pub(super) fn new(folder: &Path) -> Self {
        let engine = Self { folder: folder.join("engine") };
        fs::create_dir(&engine.folder).unwrap();
        // Help and errors call a program what it was called as.
        std::os::unix::fs::symlink(binary(), engine.program()).unwrap();
        engine.change(|state| {
            state["images"] = json!([jupyter(), httpd(), python()]);
        });
        engine
    }

    pub(super) fn program(&self) -> PathBuf {
        self.folder.join("renku")
    }

    pub(super) fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("RENKU_MEMORY_ENGINE", self.folder.display().to_string()),
            ("RENKU_MEMORY_TEST", std::process::id().to_string()),
        ]
    }

    /// Changes what the engine has (`State` of the room `memory`), as its own processes
    /// do: one after the other, and in one step.
    pub fn change<T>(&self, work: impl FnOnce(&mut Value) -> T) -> T {
        let mut lock = File::options();
        let lock = lock.create(true).append(true).open(self.folder.join("lock")).unwrap();
        lock.lock().unwrap();
        let file = self.folder.join("state.json");
        let before = fs::read_to_string(&file).unwrap_or_else(|_| "{}".to_owned());
        let mut state = serde_json::from_str(&before).unwrap();
        let answer = work(&mut state);
        let new = self.folder.join("state.new");
        fs::write(&new, state.to_string()).unwrap();
        fs::rename(new, file).unwrap();
        answer
    }

    /// Orders faults (`Fault` of the room `memory`) for all later calls.
    pub fn order(&self, faults: Value) {
        self.change(|state| {
            state["faults"] = faults;
            state["calls"] = json!([]);
        });
    }

    /// The calls of the driver since then.
    #[must_use]
    pub fn calls(&self) -> Vec<String> {
        let calls = self.change(|state| state["calls"].clone());
        calls.as_array().into_iter().flatten().map(|it| it.as_str().unwrap().into()).collect()
    }

    /// Everything about a container; null when there is none.
    #[must_use]
    pub fn container(&self, name: &str) -> Value {
        self.change(|state| state["containers"][name].clone())
    }

    /// All images, by everything about them.
    #[must_use]
    pub fn images(&self) -> Vec<Value> {
        self.change(|state| state["images"].as_array().cloned().unwrap_or_default())
    }

    /// Has this image in a registry; `access` is `open`, `private` or `unreachable`.
    pub fn offer(&self, name: &str, access: &str) {
        let image = jupyter();
        self.change(|state| {
            state["registries"][name] = json!({ "image": image, "access": access });
        });
    }

    /// Freezes a container, as somebody else does.
    pub fn pause(&self, name: &str) {
        self.signal(name, "STOP");
        self.change(|state| state["containers"][name]["stage"] = json!("paused"));
    }

    /// Thaws a container, as somebody else does.
    pub fn resume(&self, name: &str) {
        self.signal(name, "CONT");
        self.change(|state| state["containers"][name]["stage"] = json!("running"));
    }

    /// Waits until the program of a container has ended.
    #[track_caller]
    pub fn wait(&self, name: &str) {
        let id = self.container(name)["id"].as_str().unwrap().to_owned();
        let alive = File::open(self.folder.join("programs").join(id).join("alive")).unwrap();
        // Held as long as it lives.
        alive.lock_shared().unwrap();
    }

    /// The calls that change something, since faults were ordered.
    #[must_use]
    pub fn changes(&self) -> Vec<String> {
        const READS: [&str; 9] =
            ["place", "facts", "image", "look-up", "images", "get", "list", "inspect", "logs"];
        self.calls().into_iter().filter(|call| !READS.contains(&call.as_str())).collect()
    }

    /// Whether an image has this name.
    #[must_use]
    pub fn has_image(&self, name: &str) -> bool {
        self.images().iter().any(|it| it["names"].as_array().unwrap().contains(&json!(name)))
    }

    /// Removes a container, as somebody else does.
    pub fn remove(&self, name: &str) {
        self.kill(name);
        self.change(|state| state["containers"].as_object_mut().unwrap().remove(name));
    }

    /// Ends the program of a container, as a crash does.
    pub fn kill(&self, name: &str) {
        self.signal(name, "KILL");
    }

    fn signal(&self, name: &str, signal: &str) {
        let process = self.container(name)["process"].as_u64();
        signal_group(process.expect("the container runs"), signal);
    }

    pub(super) fn containers(&self, project: &str) -> Vec<String> {
        let all = self.change(|state| state["containers"].clone());
        let all = all.as_object().into_iter().flatten();
        let own = all.filter(|(_, it)| it["labels"]["io.renku.session.project"] == project);
        let mut own: Vec<_> = own.map(|(name, it)| (it["number"].as_u64(), name)).collect();
        own.sort_by(|one, other| other.cmp(one));
        own.into_iter().map(|(_, name)| name.clone()).collect()
    }

    pub(super) fn volumes(&self, project: &str) -> Vec<String> {
        let all = self.change(|state| state["volumes"].clone());
        let all = all.as_object().into_iter().flatten();
        let own = all.filter(|(_, labels)| labels["io.renku.session.project"] == project);
        own.map(|(name, _)| name.clone()).collect()
    }
}

impl Drop for MemoryEngine {
    fn drop(&mut self) {
        let file = fs::read_to_string(self.folder.join("state.json")).unwrap_or_default();
        let state: Value = serde_json::from_str(&file).unwrap_or_default();
        for container in state["containers"].as_object().into_iter().flatten() {
            if let Some(process) = container.1["process"].as_u64() {
                signal_group(process, "KILL");
            }
        }
        // Whatever began meanwhile ends with the folder.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn signal_group(process: u64, signal: &str) {
    let group = format!("-{process}");
    let mut kill = Command::new("kill");
    let _ = kill.args(["-s", signal, "--", &group]).stderr(Stdio::null()).status();
}

/// What the image with JupyterLab says about itself (`xtask/src/image`).
fn jupyter() -> Value {
    json!({
        "id": format!("sha256:{}", "a".repeat(64)),
        "names": [crate::jupyter_image()],
        "entrypoint": ["tini", "-s", "--"],
        "command": ["jupyter", "lab", "--ip=0.0.0.0", "--port=8888", "--no-browser"],
        "exposed_ports": [8888],
        "user": "1000:100",
        "working_directory": "/home/jovyan",
        "environment": {
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/home/jovyan",
            "NB_USER": "jovyan", "NB_UID": "1000", "NB_GID": "100",
        },
        "size": 273_000_000,
    })
}

/// The small web server.
fn httpd() -> Value {
    json!({
        "id": format!("sha256:{}", "b".repeat(64)),
        "names": [crate::httpd_image()],
        "command": ["httpd", "-f", "-p", "8080", "-h", "/www"],
        "exposed_ports": [8080],
        "environment": { "PATH": "/bin" },
        "size": 1_980_000,
    })
}

/// An image whose own program is an interpreter.
fn python() -> Value {
    let mut image = jupyter();
    image["id"] = json!(format!("sha256:{}", "c".repeat(64)));
    image["names"] = json!(["renku-test/python:latest"]);
    image["entrypoint"] = json!([]);
    image["command"] = json!(["python3"]);
    image
}
