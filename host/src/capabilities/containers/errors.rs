//! Everything that can go wrong with containers, in words for the person at
//! the terminal. One enum for the room, so that the list of what users meet can
//! be read in one place.

use std::path::PathBuf;

use super::error_causes;
use crate::domain::{Diagnostic, ErrorKind, ProviderError};

/// An engine address that was tried, and why it did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The address, `unix:///…` or `tcp://…`.
    pub address: String,
    /// Why not, a few words.
    pub reason: String,
}

/// A failure of the containers capability.
#[derive(Debug, thiserror::Error)]
pub enum ContainersError {
    /// Nobody answers at any known address.
    #[error("no container engine can be reached")]
    EngineUnreachable {
        /// Every address, in the order of trying.
        tried: Vec<Attempt>,
        /// The setting that named the only address, when one did.
        setting: Option<String>,
    },
    /// The socket is there, but this user may not open it.
    #[error("you may not use the container engine at `{address}`")]
    SocketPermission {
        /// The socket.
        address: String,
        /// Every address, in the order of trying.
        tried: Vec<Attempt>,
    },
    /// An address of a kind that is not supported.
    #[error("the engine address `{address}` from {setting} is not supported: {reason}")]
    AddressUnsupported {
        /// The address.
        address: String,
        /// Where it was set.
        setting: String,
        /// Why.
        reason: String,
    },
    /// A Docker context that is not there.
    #[error("there is no Docker context `{context}`, which {setting} names")]
    ContextMissing {
        /// The context.
        context: String,
        /// Where it was set.
        setting: String,
    },
    /// A Docker context with TLS that trusts anybody.
    #[error("the Docker context `{context}` does not check who the engine is")]
    TlsUnverified {
        /// The context.
        context: String,
    },
    /// The image name cannot be one.
    #[error("`{image}` is not a valid image name: {reason}")]
    InvalidImageName {
        /// What was given.
        image: String,
        /// Why.
        reason: &'static str,
    },
    /// The engine does not have the image.
    #[error("there is no image `{image}` on this engine")]
    ImageMissing {
        /// The image.
        image: String,
    },
    /// The registry does not have the image.
    #[error("the image `{image}` was not found in its registry")]
    PullNotFound {
        /// The image.
        image: String,
        /// The engine's words.
        message: String,
    },
    /// The registry wants a login.
    #[error("the image `{image}` does not exist or needs a login")]
    PullDenied {
        /// The image.
        image: String,
        /// The registry's host.
        registry: String,
        /// The engine's words.
        message: String,
    },
    /// The registry does not answer.
    #[error("the registry of the image `{image}` cannot be reached")]
    PullUnreachable {
        /// The image.
        image: String,
        /// The engine's words.
        message: String,
    },
    /// Another failure of a pull.
    #[error("pulling the image `{image}` failed")]
    PullFailed {
        /// The image.
        image: String,
        /// The engine's words.
        message: String,
    },
    /// A registry answers, but cannot say whether it has the image.
    #[error("the registry `{registry}` could not say whether it has the image `{image}`")]
    RegistryBroken {
        /// The image.
        image: String,
        /// The registry's host.
        registry: String,
        /// The engine's words.
        message: String,
    },
    /// The engine has no room left.
    #[error("the disk of the container engine is full: {what} failed")]
    DiskFull {
        /// What was under way.
        what: String,
        /// The engine's words.
        message: String,
    },
    /// A step of the Dockerfile failed.
    #[error("building `{image}` failed at step {number}: `{step}`")]
    BuildStep {
        /// The image.
        image: String,
        /// Which step, from 1. Without a total: the builder counts the labels
        /// of the host as steps, too.
        number: u64,
        /// The instruction.
        step: String,
        /// Its last lines of output.
        output: Vec<String>,
        /// The engine's words.
        message: String,
    },
    /// The image that the Dockerfile begins from.
    #[error(
        "building `{image}` failed: the image `{base}` that its Dockerfile begins from cannot be had"
    )]
    BaseImage {
        /// The image that is built.
        image: String,
        /// The one it begins from.
        base: String,
        /// The engine's words.
        message: String,
    },
    /// The build failed before or between steps.
    #[error("building `{image}` failed")]
    BuildFailed {
        /// The image.
        image: String,
        /// The engine's words.
        message: String,
    },
    /// The Dockerfile is not there.
    #[error("there is no Dockerfile `{descriptor}` in the project")]
    DockerfileMissing {
        /// The path, relative to the project.
        descriptor: String,
    },
    /// The Dockerfile is not in the project.
    #[error("the Dockerfile `{descriptor}` is outside the project")]
    DockerfileOutside {
        /// The path that was given.
        descriptor: String,
    },
    /// A line of `.dockerignore` that means nothing.
    #[error("`{file}` has an invalid pattern: `{pattern}`")]
    IgnorePattern {
        /// The file, relative to the project.
        file: String,
        /// The pattern.
        pattern: String,
    },
    /// A file of the project cannot be sent to the engine.
    #[error("`{path}` cannot be read")]
    ProjectUnreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A container name of a wrong form.
    #[error("`{name}` cannot be a container name")]
    InvalidName {
        /// What was given.
        name: String,
    },
    /// A container of that name exists already.
    #[error("a container called `{name}` exists already")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// A label that only the host may set.
    #[error("the label `{label}` is reserved")]
    ReservedLabel {
        /// The label.
        label: String,
    },
    /// An environment variable that cannot be one.
    #[error("`{name}` cannot be the name of an environment variable")]
    InvalidEnvironment {
        /// The name.
        name: String,
    },
    /// The project may not be mounted there.
    #[error("the project cannot be mounted at `{target}`: {reason}")]
    InvalidMount {
        /// Where.
        target: String,
        /// Why.
        reason: &'static str,
    },
    /// An option would replace a secret of the session.
    #[error("`--env {name}` cannot be set: the session keeps its own secret in it")]
    SecretReplaced {
        /// The variable.
        name: String,
    },
    /// An option mounts something where the project is.
    #[error("something else cannot be mounted at `{target}`: the project is there")]
    MountTaken {
        /// Where.
        target: String,
    },
    /// Options that hand out more than the project, for a provider that is not
    /// bundled and an image that the user did not name.
    #[error("{} may not be used with an image that you did not name", options.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", "))]
    NeedsImage {
        /// Which, as they were typed.
        options: Vec<String>,
        /// The image that the provider wants to start.
        image: String,
        /// The container that would have been made, as JSON.
        container: String,
    },
    /// The engine is too old for hardware addresses.
    #[error("this engine cannot set `--mac-address`: its API is {version}, and 1.44 is needed")]
    MacAddressUnsupported {
        /// The version of its API.
        version: String,
    },
    /// Somebody listens on the port already.
    #[error("port {port} of this computer is in use")]
    PortTaken {
        /// Which.
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
    #[error("this engine leaves out something that was asked for")]
    Discarded {
        /// The engine's words.
        message: String,
    },
    /// What is to be mounted is not there.
    #[error("what is to be mounted does not exist")]
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
    InvalidPort {
        /// The port.
        port: u16,
    },
    /// The port is not published.
    #[error("port {port} of `{name}` is not published")]
    PortNotPublished {
        /// The container.
        name: String,
        /// The port.
        port: u16,
    },
    /// The user's grant does not reach that far.
    #[error("this provider was not allowed {what}")]
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
    NotFound {
        /// The name.
        name: String,
    },
    /// The container's state does not allow this.
    #[error("`{name}` cannot be {action}")]
    WrongState {
        /// The container.
        name: String,
        /// `paused`, `resumed`.
        action: &'static str,
        /// The engine's words.
        message: String,
    },
    /// CPU, memory or a count that makes no sense.
    #[error("{what} must be {rule}")]
    InvalidResource {
        /// Which one.
        what: &'static str,
        /// What would be right.
        rule: &'static str,
    },
    /// More CPUs than there are.
    #[error("{asked} CPUs were asked for, but the engine has {available}")]
    CpuOverLimit {
        /// Asked for.
        asked: f64,
        /// There are.
        available: u64,
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
    #[error("`{name}` ended before it was ready: {}", error_causes::exit(*exit_code, *out_of_memory))]
    ExitedBeforeReady {
        /// The container.
        name: String,
        /// Its exit status.
        exit_code: Option<i32>,
        /// Whether memory ran out.
        out_of_memory: bool,
        /// Its last lines of output.
        log: Vec<String>,
    },
    /// The container did not answer in time.
    #[error("`{name}` did not answer on port {port} within {seconds} s")]
    NotReady {
        /// The container.
        name: String,
        /// The port.
        port: u16,
        /// The time that was allowed.
        seconds: u64,
        /// Its last lines of output.
        log: Vec<String>,
    },
    /// The project's files are here and the engine is elsewhere.
    #[error(
        "the engine is on another machine (`{address}`), which does not have the files of this project"
    )]
    ProjectElsewhere {
        /// The engine.
        address: String,
    },
    /// No way to a port of another machine.
    #[error("no tunnel to `{host}` could be made")]
    TunnelFailed {
        /// The machine.
        host: String,
        /// The words of `ssh`.
        message: String,
    },
    /// Whoever reads the log said stop, or failed.
    #[error(transparent)]
    Sink(#[from] ProviderError),
    /// The engine said something that has no name here.
    #[error("the container engine failed to {action}")]
    Engine {
        /// What was tried: `list containers`.
        action: &'static str,
        /// The engine's words.
        message: String,
    },
}

impl Diagnostic for ContainersError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::EngineUnreachable { .. }
            | Self::PullUnreachable { .. }
            | Self::RegistryBroken { .. }
            | Self::TunnelFailed { .. }
            | Self::Engine { .. } => ErrorKind::Unavailable,
            Self::SocketPermission { .. }
            | Self::ReservedLabel { .. }
            | Self::NeedsImage { .. } => ErrorKind::Denied,
            Self::AddressUnsupported { .. }
            | Self::TlsUnverified { .. }
            | Self::ProjectElsewhere { .. }
            | Self::MacAddressUnsupported { .. }
            | Self::DiskUnsupported { .. }
            | Self::Discarded { .. }
            | Self::GpuUnavailable { .. } => ErrorKind::Unsupported,
            Self::ContextMissing { .. }
            | Self::ImageMissing { .. }
            | Self::PullNotFound { .. }
            | Self::DockerfileMissing { .. }
            | Self::NotFound { .. } => ErrorKind::NotFound,
            Self::InvalidImageName { .. }
            | Self::DockerfileOutside { .. }
            | Self::IgnorePattern { .. }
            | Self::InvalidName { .. }
            | Self::InvalidEnvironment { .. }
            | Self::InvalidMount { .. }
            | Self::SecretReplaced { .. }
            | Self::MountTaken { .. }
            | Self::OptionRefused { .. }
            | Self::MountMissing { .. }
            | Self::InvalidWorkingDirectory { .. }
            | Self::InvalidPort { .. }
            | Self::PortNotPublished { .. }
            | Self::NoProject
            | Self::InvalidResource { .. }
            | Self::CpuOverLimit { .. } => ErrorKind::InvalidInput,
            Self::PullDenied { .. } => ErrorKind::Unauthenticated,
            Self::NotGranted { .. } => ErrorKind::Denied,
            Self::NameTaken { .. } | Self::PortTaken { .. } | Self::WrongState { .. } => {
                ErrorKind::Conflict
            }
            Self::ExitedBeforeReady { out_of_memory: true, .. } | Self::DiskFull { .. } => {
                ErrorKind::ResourceExhausted
            }
            Self::NotReady { .. } => ErrorKind::Timeout,
            Self::Sink(error) => error.kind(),
            Self::PullFailed { .. }
            | Self::BuildStep { .. }
            | Self::BaseImage { .. }
            | Self::BuildFailed { .. }
            | Self::ProjectUnreadable { .. }
            | Self::ExitedBeforeReady { .. } => ErrorKind::Other,
        }
    }

    fn hint(&self) -> Option<String> {
        error_causes::hint(self)
    }

    fn causes(&self) -> Vec<String> {
        error_causes::causes(self)
    }
}
