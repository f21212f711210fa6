//! Images that the engine has, and those that registries have.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::images::ImageConfig;

/// An image of the engine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Image {
    /// `sha256:` and 64 digits.
    pub id: String,
    /// With a tag each.
    pub names: BTreeSet<String>,
    /// The image that it was built on.
    pub parent: Option<String>,
    /// ENTRYPOINT.
    pub entrypoint: Vec<String>,
    /// CMD.
    pub command: Vec<String>,
    /// TCP ports of EXPOSE.
    pub exposed_ports: BTreeSet<u16>,
    /// USER.
    pub user: String,
    /// WORKDIR.
    pub working_directory: String,
    /// ENV.
    pub environment: BTreeMap<String, String>,
    /// LABEL.
    pub labels: BTreeMap<String, String>,
    /// Bytes of its own, without those of its parent.
    pub size: u64,
    /// In seconds since 1970.
    pub created: i64,
    /// The Dockerfile and build arguments that it was built of.
    pub built_of: Option<(String, BTreeMap<String, String>)>,
}

impl Image {
    /// What it says about itself.
    pub(crate) fn config(&self) -> ImageConfig {
        ImageConfig {
            entrypoint: self.entrypoint.clone(),
            command: self.command.clone(),
            exposed_ports: self.exposed_ports.iter().copied().collect(),
            user: self.user.clone(),
            working_directory: self.working_directory.clone(),
            environment: self.environment.clone(),
            labels: self.labels.clone(),
        }
    }
}

/// An image of a registry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RemoteImage {
    pub image: Image,
    /// Who may have it.
    pub access: Access,
}

/// Who may have an image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    #[default]
    Open,
    Private,
    /// Nobody knows: the registry does not answer.
    Unreachable,
}
