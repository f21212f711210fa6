//! Removes what a test left in the engine.

use std::sync::Mutex;

use super::docker::docker;

/// The projects of a test. Everything in the engine that belongs to one of them
/// goes when this is dropped.
#[derive(Default)]
pub struct Clean {
    projects: Mutex<Vec<String>>,
}

impl Clean {
    /// Remembers the project's id, which is the label of its containers, images
    /// and volumes.
    pub(crate) fn project(&self, id: String) {
        self.projects.lock().unwrap().push(id);
    }
}

impl Drop for Clean {
    fn drop(&mut self) {
        let Ok(projects) = self.projects.get_mut() else { return };
        for id in projects {
            let filter = format!("label=io.renku.session.project={id}");
            let containers = docker(&["ps", "-aq", "--filter", &filter]).stdout;
            for container in containers.split_whitespace() {
                let _ = docker(&["rm", "-f", "-v", container]);
            }
            // One that others are built on goes only after them.
            for _ in 0..2 {
                let images = docker(&["images", "-q", "--filter", &filter]).stdout;
                for image in images.split_whitespace() {
                    let _ = docker(&["rmi", "-f", image]);
                }
            }
            let volumes = docker(&["volume", "ls", "-q", "--filter", &filter]).stdout;
            for volume in volumes.split_whitespace() {
                let _ = docker(&["volume", "rm", "-f", volume]);
            }
        }
    }
}
