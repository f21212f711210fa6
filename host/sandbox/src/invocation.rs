//! One command as a provider sees it: what it was asked, and through whom it may
//! act. Made by the command line, which alone knows where everything comes from.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::Cancel;
use crate::containers::{ContainerCalls, HostEngine, ImageOptions};
use crate::domain::Asker;
use crate::domain::Identity;
use crate::domain::ProjectFacts;
use crate::domain::Repository;
use crate::domain::changes::Withhold;
use crate::domain::{Reporter, Resources};
use crate::files::session_key::KeyFile;
use crate::web::http::Http;

/// What the user asked for.
#[derive(Clone, Default)]
pub struct Request {
    /// The project; none when the command is about all projects.
    pub project: Option<Arc<dyn ProjectFacts>>,
    /// The canonical git root, for the capabilities; guests never see it.
    pub project_root: Option<PathBuf>,
    /// The provider's configuration, checked against its schema.
    pub config: serde_json::Map<String, serde_json::Value>,
    /// Values of the provider's own options.
    pub options: BTreeMap<String, String>,
    /// What the user asks of the machine.
    pub resources: Resources,
    /// The name the user wants for the session.
    pub session_name: Option<String>,
    /// How long to wait until the session answers; none: do not wait.
    pub wait_timeout: Option<Duration>,
    /// Whether the user named the image.
    pub image_is_users: bool,
    /// The other options about images.
    pub images: ImageOptions,
}

/// One command, for one provider.
#[derive(Clone)]
pub struct Invocation {
    /// The provider as its name was resolved; the identity that labels and
    /// secrets are bound to.
    pub provider: Identity,
    /// What it is called where it speaks for itself; none: it is part of this program,
    /// and speaks as that.
    pub speaker: Option<String>,
    /// What the user asked for.
    pub request: Arc<Request>,
    /// Containers as the provider reaches them, where they are granted.
    pub calls: Option<Arc<dyn ContainerCalls>>,
    /// The same for the host itself: where the engine is, what to clean up.
    pub containers: Option<Arc<dyn HostEngine>>,
    /// The origins this provider may use, where `http` is granted.
    pub http: Option<Http>,
    /// The repository of the project, where it is granted and there is one.
    pub repository: Option<Arc<dyn Repository>>,
    /// Who answers what would change something, where nothing may be changed.
    pub changes: Option<Arc<dyn Withhold>>,
    /// Who answers questions.
    pub asker: Arc<dyn Asker>,
    /// Who hears about progress.
    pub reporter: Arc<dyn Reporter>,
    /// The wish to end.
    pub cancel: Cancel,
    /// The key that session secrets are derived from.
    pub key: KeyFile,
    /// Whether `--offline` was given, which takes the web away from everybody.
    pub offline: bool,
    /// Whether `-v` was given (then `info` messages are shown).
    pub verbose: bool,
}

/// What an instance has used of the machine so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// CPU time of guest code.
    pub cpu: Duration,
    /// Bytes of linear memory.
    pub memory: usize,
}

/// Who a provider says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderInfo {
    pub name: String,
    pub version: String,
    pub about: String,
}
