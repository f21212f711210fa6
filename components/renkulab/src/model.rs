//! What the service sends, as far as it is used here. Optional means absent:
//! the service leaves out what it does not know.

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) namespace: String,
    pub(crate) slug: String,
    #[serde(default)]
    pub(crate) repositories: Vec<String>,
    #[serde(default)]
    pub(crate) visibility: Option<String>,
}

impl Project {
    /// Whether only its members see it.
    pub(crate) fn is_private(&self) -> bool {
        self.visibility.as_deref() == Some("private")
    }

    /// `namespace/slug`, as people call it.
    pub(crate) fn path(&self) -> String {
        format!("{}/{}", self.namespace, self.slug)
    }
}

/// People who share projects.
#[derive(Debug, Deserialize)]
pub(crate) struct Group {
    pub(crate) slug: String,
}

/// What sessions are started from.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Launcher {
    pub(crate) id: String,
    pub(crate) name: String,
    launcher_type: Option<String>,
    pub(crate) resource_class_id: Option<u64>,
    pub(crate) disk_storage: Option<u64>,
    pub(crate) environment: Environment,
}

/// Where a launcher's image comes from.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Environment {
    #[serde(default)]
    pub(crate) id: String,
    container_image: Option<String>,
    environment_image_source: Option<String>,
}

impl Launcher {
    /// Older services have no other kind, and no word for it.
    pub(crate) fn is_interactive(&self) -> bool {
        self.launcher_type.as_deref().is_none_or(|kind| kind == "interactive")
    }

    /// Its image; none while it was never built.
    pub(crate) fn image(&self) -> Option<&str> {
        let image = self.environment.container_image.as_deref()?;
        (!image.is_empty() && image != "image:unknown-at-the-moment").then_some(image)
    }

    /// Whether RenkuLab builds its image from a repository.
    pub(crate) fn is_built_from_code(&self) -> bool {
        self.environment.environment_image_source.as_deref() == Some("build")
    }
}

/// Classes that share a place.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Pool {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) default: bool,
    /// Such as `linux/amd64`.
    pub(crate) platform: Option<String>,
    /// Where its sessions run when that is not the cluster of RenkuLab.
    pub(crate) remote: Option<Remote>,
    /// What all sessions in it may have together.
    pub(crate) quota: Option<Quota>,
    pub(crate) classes: Vec<Class>,
}

/// A machine that is not RenkuLab's own.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Remote {
    /// The service that the user must have connected an account of.
    pub(crate) provider_id: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Quota {
    pub(crate) cpu: f64,
    /// Gigabytes.
    pub(crate) memory: u64,
    #[serde(default)]
    pub(crate) gpu: u64,
}

/// What a session gets of a machine.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Class {
    pub(crate) id: u64,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) default: bool,
    pub(crate) cpu: f64,
    /// Gigabytes.
    pub(crate) memory: u64,
    #[serde(default)]
    pub(crate) gpu: u64,
    /// Gigabytes.
    pub(crate) max_storage: u64,
    /// The service's own opinion; it lists what is too small, too.
    pub(crate) matching: Option<bool>,
    /// Whether the hours that remain bind.
    #[serde(default)]
    pub(crate) quota_enforced: bool,
    /// Hours of this week in this class.
    pub(crate) usage_hours_remaining: Option<f64>,
    pub(crate) usage_hours_total: Option<f64>,
}

/// An account of the user at another service.
#[derive(Debug, Deserialize)]
pub(crate) struct Account {
    pub(crate) provider_id: String,
    pub(crate) status: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Found {
    pub(crate) name: String,
    pub(crate) image: Option<String>,
    /// The text `None` for a job.
    url: Option<String>,
    pub(crate) project_id: Option<String>,
    pub(crate) launcher_id: Option<String>,
    pub(crate) started: Option<String>,
    pub(crate) resource_class_id: Option<u64>,
    #[serde(default)]
    resources: Value,
    pub(crate) status: Status,
}

impl Found {
    /// Its disk in gigabytes, if known.
    pub(crate) fn disk(&self) -> Option<u64> {
        self.resources.pointer("/requests/storage").and_then(Value::as_u64)
    }

    /// Where it opens, when it is one that opens at all.
    pub(crate) fn url(&self) -> Option<&str> {
        self.url.as_deref().filter(|url| url.contains("://"))
    }
}

/// How a session is.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Status {
    pub(crate) state: String,
    pub(crate) message: Option<String>,
    #[serde(default)]
    pub(crate) ready_containers: u64,
    #[serde(default)]
    pub(crate) total_containers: u64,
    pub(crate) will_hibernate_at: Option<String>,
    pub(crate) will_delete_at: Option<String>,
}

/// Whether an image can be pulled, and if not, who could help.
#[derive(Debug, Deserialize)]
pub(crate) struct ImageAnswer {
    pub(crate) accessible: bool,
    /// Empty: nobody knows.
    #[serde(default)]
    pub(crate) platforms: Vec<Platform>,
    pub(crate) connection: Option<Connection>,
    pub(crate) provider: Option<ImageProvider>,
}

/// What an image was built for.
#[derive(Debug, Deserialize)]
pub(crate) struct Platform {
    pub(crate) os: String,
    pub(crate) architecture: String,
}

/// The user's account at a registry.
#[derive(Debug, Deserialize)]
pub(crate) struct Connection {
    pub(crate) status: String,
}

/// A registry that RenkuLab knows.
#[derive(Debug, Deserialize)]
pub(crate) struct ImageProvider {
    pub(crate) name: Option<String>,
    pub(crate) id: Option<String>,
}

/// `/version`.
#[derive(Debug, Deserialize)]
pub(crate) struct Version {
    pub(crate) version: String,
}

/// The service's errors, and the gateway's: `{"message": …}`.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Refusal {
    #[serde(default)]
    pub(crate) error: RefusalText,
    pub(crate) message: Option<String>,
}

/// What an error says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct RefusalText {
    pub(crate) message: Option<String>,
    pub(crate) detail: Option<String>,
    pub(crate) trace_id: Option<String>,
}
