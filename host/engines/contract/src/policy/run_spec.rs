//! What a session's container should be, decided in full: an engine translates it
//! and decides nothing.
//!
//! Every engine also reaps the children of the program, and never starts it again
//! when it has ended.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use super::home::Home;
use super::labels;
use crate::domain::Resources;
use crate::domain::changes::MASK;
use crate::images::Owner;
use crate::options::{Published, RunOptions, Typed};

/// A container that is about to be made.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RunSpec {
    pub name: String,
    /// A local image.
    pub image: String,
    /// Replaces ENTRYPOINT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entrypoint: Option<Vec<String>>,
    /// Replaces CMD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// The working directory; none: as the image says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub working_directory: Option<String>,
    /// As whom it runs; none: as the image says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// How users of the container are those of the machine, in the words of
    /// `--userns`; none: as the engine does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_namespace: Option<String>,
    /// A home directory to put into it before it starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home: Option<Home>,
    pub environment: BTreeMap<String, String>,
    pub labels: BTreeMap<String, String>,
    /// Which port is published where.
    pub ports: Vec<Published>,
    /// How it gets the files of the project; none: it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<ProjectMount>,
    pub resources: Resources,
    /// Seconds that it may run; none: as long as it likes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_limit: Option<u64>,
    /// What the user typed for the engine, and the host leaves to the engine.
    pub options: RunOptions,
    /// The same as it was typed, for messages.
    #[serde(skip)]
    pub typed: Typed,
}

impl RunSpec {
    /// The volume that is made for it.
    #[must_use]
    pub fn volume(&self) -> Option<&str> {
        match &self.project.as_ref()?.files {
            MountedFiles::Volume(volume) => Some(volume),
            MountedFiles::Folder(_) | MountedFiles::Nowhere => None,
        }
    }

    /// The labels of that volume: it is whose the container is.
    #[must_use]
    pub fn volume_labels(&self) -> BTreeMap<String, String> {
        let own = [labels::PROVIDER, labels::OWNER, labels::PROJECT, labels::NAME];
        let value = |label: &str| self.labels.get(label).cloned().unwrap_or_default();
        own.map(|label| (label.to_owned(), value(label))).into()
    }

    /// The same for a person who has to decide: values of variables may be secrets.
    #[must_use]
    pub fn masked(&self) -> Self {
        let mut shown = self.clone();
        for value in shown.environment.values_mut() {
            MASK.clone_into(value);
        }
        shown
    }
}

/// The project in a container.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProjectMount {
    /// Where in the container.
    pub target: String,
    pub files: MountedFiles,
    /// Whose files are that were made for the container.
    pub owner: Owner,
}

/// Where the files of a project are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MountedFiles {
    /// In this folder of the engine's machine, which is mounted.
    Folder(PathBuf),
    /// In a volume of this name, which is new and gets a copy.
    Volume(String),
    /// Nowhere: the folder is empty, and in the container itself.
    Nowhere,
}
