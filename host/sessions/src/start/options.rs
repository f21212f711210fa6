//! What the user wants of a start.

use std::path::PathBuf;
use std::time::Duration;

use super::provider::StartProvider;
use crate::image::ImageWish;
use crate::providers::ProviderFile;

/// What the user wants of a start. What is left out comes from the settings, else from the
/// provider.
pub struct StartOptions {
    pub provider: StartProvider,
    /// From which image.
    pub image: ImageWish,
    /// The name of the session; none: the provider makes one.
    pub name: Option<String>,
    /// CPUs, such as `2` or `0.5`.
    pub cpu: Option<String>,
    /// Memory, such as `2Gi`.
    pub memory: Option<String>,
    /// Disk, such as `10G`.
    pub disk: Option<String>,
    /// GPUs: a number, `all`, or `device=NAME,…`.
    pub gpu: Option<String>,
    /// Whether what the engine cannot do is left out with a warning.
    pub best_effort: bool,
    /// How the session gets the project's files.
    pub mount: Mount,
    /// A YAML file with settings of the provider.
    pub config: Option<PathBuf>,
    /// How long to wait until the session answers.
    pub wait: Wait,
    /// Whether the branch may be pushed without a question.
    pub push: bool,
    /// Whether a session that fails to start is left, for a look at it.
    pub keep_failed: bool,
}

/// How a session gets the project's files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mount {
    /// It works on this folder.
    #[default]
    Project,
    /// It has a copy on the engine.
    Volume,
    /// Not at all.
    None,
}

/// How long a start waits until the session answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wait {
    /// As long as is usual for the provider.
    #[default]
    Usual,
    For(Duration),
    /// Not at all.
    Not,
}

impl StartOptions {
    /// With nothing but the defaults.
    #[must_use]
    pub fn new(file: ProviderFile) -> Self {
        Self {
            provider: StartProvider::new(file),
            image: ImageWish::default(),
            name: None,
            cpu: None,
            memory: None,
            disk: None,
            gpu: None,
            best_effort: false,
            mount: Mount::default(),
            config: None,
            wait: Wait::default(),
            push: false,
            keep_failed: false,
        }
    }
}
