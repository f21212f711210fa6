//! Everything that can go wrong with containers, in words for the person at
//! the terminal: on the way to the engine (`reach`), with images (`image`), and
//! here with the containers themselves.

mod causes;
mod exit;
mod reach;

pub use reach::{Attempt, ReachError};

use crate::domain::{EngineCommands, ProviderError};
use crate::files::TemporaryError;
use crate::files::session_key::SecretError;
use crate::images::ImageError;
use crate::registry::ReferenceError;

/// A failure of the containers capability.
#[derive(Debug, thiserror::Error)]
pub enum ContainersError {
    /// No way to the engine.
    #[error(transparent)]
    Reach(#[from] ReachError),
    #[error(transparent)]
    Image(#[from] ImageError),
    /// Nobody knows whose sessions these are.
    #[error(transparent)]
    Key(#[from] SecretError),
    /// There is no room for a copy on its way.
    #[error(transparent)]
    Temporary(#[from] TemporaryError),
    /// A container name of a wrong form.
    #[error("`{name}` cannot be a container name")]
    InvalidName {
        /// What was given.
        name: String,
    },
    /// A container of that name exists already.
    #[error("a container called `{name}` exists already")]
    NameTaken { name: String },
    /// The volume for a copy of the project exists, without its session.
    #[error("a volume called `{volume}` exists already")]
    VolumeTaken { volume: String, client: EngineCommands },
    /// A label that only the host may set.
    #[error("the label `{label}` is reserved")]
    ReservedLabel { label: String },
    /// An environment variable that cannot be one.
    #[error("`{name}` cannot be the name of an environment variable")]
    InvalidEnvironment { name: String },
    /// The project may not be mounted there.
    #[error("the project cannot be mounted at `{target}`: {reason}")]
    InvalidMount { target: String, reason: &'static str },
    /// An option would replace a secret of the session.
    #[error("`--env {name}` cannot be set: the session keeps its own secret in it")]
    SecretReplaced { name: String },
    /// An option mounts something where the project is.
    #[error("nothing else can be mounted at `{target}`: the project is mounted there")]
    MountTaken { target: String },
    /// Options that hand out more than the project, for a provider that is not
    /// bundled and an image that the user did not name.
    #[error("{} may not be used with an image that you did not name", options.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", "))]
    NeedsImage {
        /// Which, as they were typed.
        options: Vec<String>,
        /// The image that the provider wants to start.
        image: String,
        /// The container that would have been made, as JSON; none before that
        /// is known.
        container: Option<String>,
    },
    /// The engine has no such limit.
    #[error("this engine cannot set `--kernel-memory`")]
    KernelMemoryUnsupported { why: String },
    /// Somebody listens on a port that a session on the host's network needs.
    #[error("port {port} of this computer is in use")]
    HostPortTaken { port: u16 },
    /// Somebody listens on the port already.
    #[error("port {port} of this computer is in use")]
    PortTaken {
        port: u16,
        /// The engine's words.
        message: String,
    },
    /// The engine does not take an option that the user typed.
    #[error("the engine refuses `{option}`")]
    OptionRefused {
        /// The option with its value.
        option: String,
        /// The engine's words.
        message: String,
    },
    /// The engine takes an option and does nothing with it.
    #[error("this engine ignores an option")]
    Discarded {
        /// The engine's words.
        message: String,
    },
    /// What is to be mounted is not there.
    #[error("the source of a mount does not exist")]
    MountMissing {
        /// The engine's words.
        message: String,
    },
    /// The working directory is not absolute.
    #[error("the working directory `{path}` is not an absolute path")]
    InvalidWorkingDirectory {
        /// What was given.
        path: String,
    },
    /// The port cannot be published.
    #[error("{port} cannot be the port of a session")]
    InvalidPort { port: u16 },
    /// A text cannot stand for a port.
    #[error("`{placeholder}` cannot stand for port {port} of a session")]
    InvalidPlaceholder { placeholder: String, port: u16 },
    /// A session would end before it begins.
    #[error("a session cannot run for 0 seconds")]
    InvalidTimeLimit,
    /// The engine ends nothing by itself.
    #[error("this engine cannot limit how long a session runs")]
    TimeLimitUnsupported,
    #[error("port {port} of `{name}` is not published")]
    PortNotPublished { name: String, port: u16 },
    /// The user's grant does not reach that far.
    #[error("this provider has no permission for {what}")]
    NotGranted {
        /// What it wanted.
        what: String,
        /// What was allowed.
        granted: String,
    },
    /// A start needs a project.
    #[error("a container can only be started for a project")]
    NoProject,
    /// No container of this name that this provider may see.
    #[error("there is no session container `{name}`")]
    NotFound { name: String },
    /// The container's state does not allow this.
    #[error("`{name}` cannot be {action}")]
    WrongState {
        name: String,
        /// `paused`, `resumed`.
        action: &'static str,
        /// The engine's words.
        message: String,
    },
    /// The engine runs no commands in containers.
    #[error("this engine cannot run commands in a session")]
    ExecUnsupported,
    /// A command could not be started in a session.
    #[error("`{command}` cannot be run in the session")]
    NotExecuted {
        command: String,
        /// The engine's words.
        message: String,
    },
    /// CPU, memory or a count that makes no sense.
    #[error("{what} must be {rule}")]
    InvalidResource {
        what: &'static str,
        /// What would be right.
        rule: &'static str,
    },
    /// More CPUs than there are.
    #[error("{asked} CPUs were requested, but the engine has {available}")]
    CpuOverLimit { asked: f64, available: u64 },
    /// This engine cannot do that at all.
    #[error("sessions on this engine cannot {what}")]
    Unsupported {
        what: String,
        /// The way out.
        hint: String,
    },
    /// The storage of this engine knows no limits.
    #[error("this engine cannot limit disk space (storage driver `{driver}`)")]
    DiskUnsupported {
        /// The storage driver and what it stores on.
        driver: String,
    },
    /// No GPU can be given to a container.
    #[error("this engine has no GPU for containers")]
    GpuUnavailable {
        /// The engine's words, or what was missing.
        message: String,
    },
    /// The container ended before it answered.
    #[error("`{name}` ended before it was ready: {}", exit::exit(*exit_code, *out_of_memory))]
    ExitedBeforeReady {
        name: String,
        /// Its exit status.
        exit_code: Option<i32>,
        /// Whether memory ran out.
        out_of_memory: bool,
        /// Its last lines of output.
        log: Vec<String>,
    },
    /// The container ended before it answered, and `--rm` removed it and its output.
    #[error("`{name}` ended before it was ready: {}", exit::exit_of_removed(*exit_code))]
    RemovedBeforeReady {
        name: String,
        /// Its exit status, where it was still seen.
        exit_code: Option<i32>,
    },
    /// The container did not answer in time.
    #[error("`{name}` did not answer on port {port} within {seconds} s")]
    NotReady {
        name: String,
        port: u16,
        /// The time that was allowed.
        seconds: u64,
        /// Its last lines of output.
        log: Vec<String>,
    },
    /// Nobody needs a token to open the session.
    #[error("`{name}` needs no token: {who} can open it")]
    Unprotected {
        name: String,
        /// Who can connect to it.
        who: &'static str,
    },
    /// Whoever reads the log said stop, or failed.
    #[error(transparent)]
    Sink(#[from] ProviderError),
    /// The engine takes requests and does not answer.
    #[error("the container engine did not answer within {seconds} s")]
    Silent {
        /// How long it was waited for.
        seconds: u64,
    },
    /// The engine does not see the folder of the project, which is to be mounted.
    #[error("the container engine does not see the folder of this project")]
    ProjectUnseen {
        /// The engine's words.
        message: String,
    },
    /// The engine said something that has no name here.
    #[error("the container engine failed to {action}")]
    Engine {
        /// What was tried: `list containers`.
        action: &'static str,
        /// The engine's words.
        message: String,
    },
}

impl From<ReferenceError> for ContainersError {
    fn from(error: ReferenceError) -> Self {
        ImageError::from(error).into()
    }
}

impl ContainersError {
    /// The same with the commands of the engine that it is about.
    pub(crate) fn with_commands(self, commands: EngineCommands) -> Self {
        match self {
            Self::Image(error) => Self::Image(error.with_commands(commands)),
            Self::VolumeTaken { volume, client: _ } => {
                Self::VolumeTaken { volume, client: commands }
            }
            other => other,
        }
    }

    /// The same failure, which happened while doing something else.
    #[must_use]
    pub fn during(self, action: &'static str) -> Self {
        match self {
            Self::Engine { message, .. } => Self::Engine { action, message },
            other => other,
        }
    }
}
