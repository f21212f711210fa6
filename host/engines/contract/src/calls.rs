//! The calls of the capability as a provider makes them, apart from who answers:
//! the engine of this machine, one that only plays, or somebody who refuses.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use crate::domain::{ImageState, ProviderError};
use crate::{ContainerInfo, ContainerSpec, ImageConfig, LogSink, Probe};

/// A call under way. Dropping it ends the call.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, ProviderError>> + Send + 'a>>;

/// `renku:session/containers`, function by function; `wit/v0.1/containers.wit`
/// says what each one promises.
pub trait ContainerCalls: Send + Sync {
    fn find_image<'a>(&'a self, image: &'a str) -> Pending<'a, ImageState>;
    /// What a local image says about itself.
    fn inspect_image<'a>(&'a self, image: &'a str) -> Pending<'a, ImageConfig>;
    fn pull_image<'a>(&'a self, image: &'a str) -> Pending<'a, ()>;
    /// Builds the directory `root`.
    fn build_image<'a>(
        &'a self,
        root: &'a Path,
        descriptor: &'a str,
        image: &'a str,
    ) -> Pending<'a, ()>;
    /// Creates and starts a container.
    fn start(&self, spec: ContainerSpec) -> Pending<'_, ContainerInfo>;
    /// The containers this command is about.
    fn list(&self) -> Pending<'_, Vec<ContainerInfo>>;
    /// One container, with everything known about it.
    fn inspect<'a>(&'a self, name: &'a str) -> Pending<'a, ContainerInfo>;
    /// Stops a container and removes it.
    fn stop<'a>(&'a self, name: &'a str, grace_seconds: u32) -> Pending<'a, ()>;
    /// Freezes a container.
    fn pause<'a>(&'a self, name: &'a str) -> Pending<'a, ()>;
    /// Thaws a container.
    fn resume<'a>(&'a self, name: &'a str) -> Pending<'a, ()>;
    /// Waits until a published port answers.
    fn wait_ready<'a>(
        &'a self,
        name: &'a str,
        port: u16,
        probes: &'a [Probe],
        timeout: Duration,
    ) -> Pending<'a, ()>;
    /// Sends a container's output to `sink`.
    fn logs<'a>(
        &'a self,
        name: &'a str,
        tail: Option<u32>,
        follow: bool,
        sink: &'a dyn LogSink,
    ) -> Pending<'a, ()>;
}
