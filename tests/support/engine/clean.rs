//! Removes what a test left in the engine.

use std::sync::Mutex;

use super::docker::{Output, docker};

/// The projects of a test. Everything in the engine that belongs to one of them
/// goes when this is dropped.
#[derive(Default)]
pub struct Clean {
    projects: Mutex<Vec<String>>,
    /// The value of `DOCKER_HOST` of an engine that is not this machine's own.
    address: Option<String>,
}

impl Clean {
    /// In the engine at this address.
    pub(crate) fn of(address: &str) -> Self {
        Self { projects: Mutex::default(), address: Some(address.to_owned()) }
    }

    /// Where the engine is, when that has to be said.
    pub(crate) fn address(&self) -> Option<String> {
        self.address.clone().or_else(|| std::env::var("DOCKER_HOST").ok())
    }

    /// Runs the engine's own client.
    fn docker(&self, arguments: &[&str]) -> Output {
        match &self.address {
            Some(address) => docker(&[&["--host", address], arguments].concat()),
            None => docker(arguments),
        }
    }

    /// The names of what a project has, as `docker COMMAND` lists them.
    pub(crate) fn named(&self, command: &str, project: &str) -> Vec<String> {
        let filter = format!("label=io.renku.session.project={project}");
        let mut words: Vec<&str> = command.split(' ').collect();
        words.extend(["--filter", &filter]);
        let output = self.docker(&words);
        assert!(output.success, "docker {words:?}: {}", output.stderr);
        output.stdout.lines().map(str::to_owned).collect()
    }

    /// Remembers the project's id, which is the label of its containers, images
    /// and volumes.
    pub(crate) fn project(&self, id: String) {
        self.projects.lock().unwrap().push(id);
    }
}

impl Drop for Clean {
    fn drop(&mut self) {
        let Ok(projects) = self.projects.get_mut().map(std::mem::take) else { return };
        for id in projects {
            let filter = format!("label=io.renku.session.project={id}");
            let containers = self.docker(&["ps", "-aq", "--filter", &filter]).stdout;
            for container in containers.split_whitespace() {
                let _ = self.docker(&["rm", "-f", "-v", container]);
            }
            // One that others are built on goes only after them.
            for _ in 0..2 {
                let images = self.docker(&["images", "-q", "--filter", &filter]).stdout;
                for image in images.split_whitespace() {
                    let _ = self.docker(&["rmi", "-f", image]);
                }
            }
            let volumes = self.docker(&["volume", "ls", "-q", "--filter", &filter]).stdout;
            for volume in volumes.split_whitespace() {
                let _ = self.docker(&["volume", "rm", "-f", volume]);
            }
        }
    }
}
