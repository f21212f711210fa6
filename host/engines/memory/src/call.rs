//! The calls of the driver, by name: what faults are ordered for, and what was asked.

use serde::{Deserialize, Serialize};

/// A call of the driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Call {
    Place,
    Facts,
    Tunnel,
    Image,
    LookUp,
    Pull,
    Build,
    Images,
    Tag,
    RemoveImage,
    PruneImages,
    Create,
    Put,
    Get,
    Start,
    List,
    Inspect,
    Logs,
    Exec,
    Stop,
    Pause,
    Resume,
    Remove,
    RemoveCopy,
}

impl Call {
    /// What an engine that failed would have done: `the container engine failed to …`.
    pub(crate) fn action(self) -> &'static str {
        match self {
            Self::Place | Self::Facts | Self::Tunnel => "describe itself",
            Self::Image => "inspect an image",
            Self::LookUp => "ask the registry",
            Self::Pull => "pull an image",
            Self::Build => "build an image",
            Self::Images => "list images",
            Self::Tag => "name an image",
            Self::RemoveImage | Self::PruneImages => "remove images",
            Self::Create => "create the container",
            Self::Put => "write into the container",
            Self::Get => "read the files of the container",
            Self::Start => "start the container",
            Self::List => "list containers",
            Self::Inspect => "inspect a container",
            Self::Logs => "read the logs",
            Self::Exec => "run the command",
            Self::Stop => "stop the container",
            Self::Pause | Self::Resume => "change the container",
            Self::Remove => "remove the container",
            Self::RemoveCopy => "remove the volume of the session",
        }
    }
}
