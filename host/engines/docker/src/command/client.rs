//! The client that a person types, and how it finds the engine that was found here.

use crate::connect::Engine;
use crate::settings::EngineSettings;

/// A client, with what makes it use this engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Client {
    words: Vec<String>,
    is_podman: bool,
}

impl Client {
    /// The client for `engine`.
    pub(crate) fn of(engine: &Engine, is_podman: bool, settings: &EngineSettings) -> Self {
        let (program, option) = if is_podman { ("podman", "--url") } else { ("docker", "--host") };
        let by_itself = if is_podman {
            // Without an address it starts containers of the user who types it.
            settings.xdg_runtime_dir.as_ref().is_some_and(|folder| {
                engine.shown == format!("unix://{}", folder.join("podman/podman.sock").display())
            })
        } else {
            engine.is_clients_own
        };
        let mut words = vec![program.to_owned()];
        if !by_itself {
            words.extend([option.to_owned(), engine.shown.clone()]);
        }
        Self { words, is_podman }
    }

    pub(crate) fn is_podman(&self) -> bool {
        self.is_podman
    }

    /// A command of it.
    pub(crate) fn words(&self, command: &[&str]) -> Vec<String> {
        let command = command.iter().map(|word| (*word).to_owned());
        self.words.iter().cloned().chain(command).collect()
    }
}

#[cfg(test)]
pub(super) fn client(words: &[&str], is_podman: bool) -> Client {
    Client { words: words.iter().map(|word| (*word).to_owned()).collect(), is_podman }
}
