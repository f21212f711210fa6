//! The calls of the capability as a provider makes them, apart from who answers:
//! the engine of this machine, one that only plays, or somebody who refuses.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use super::{ContainerInfo, ContainerSpec, Containers, ImageConfig, LogSink, Probe};
use crate::domain::{Diagnostic, ImageState, ProviderError};

/// The answer of a call. Dropping it ends the call.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, ProviderError>> + Send + 'a>>;

/// `renku:session/containers`, function by function; `wit/v0.1/containers.wit`
/// says what each one promises.
pub trait ContainerCalls: Send + Sync {
    /// Where an image is.
    fn find_image<'a>(&'a self, image: &'a str) -> Answer<'a, ImageState>;
    /// What a local image says about itself.
    fn inspect_image<'a>(&'a self, image: &'a str) -> Answer<'a, ImageConfig>;
    /// Pulls an image.
    fn pull_image<'a>(&'a self, image: &'a str) -> Answer<'a, ()>;
    /// Builds the directory `root`.
    fn build_image<'a>(
        &'a self,
        root: &'a Path,
        descriptor: &'a str,
        image: &'a str,
    ) -> Answer<'a, ()>;
    /// Creates and starts a container.
    fn start(&self, spec: ContainerSpec) -> Answer<'_, ContainerInfo>;
    /// The containers this command is about.
    fn list(&self) -> Answer<'_, Vec<ContainerInfo>>;
    /// One container, with everything known about it.
    fn inspect<'a>(&'a self, name: &'a str) -> Answer<'a, ContainerInfo>;
    /// Stops a container and removes it.
    fn stop<'a>(&'a self, name: &'a str, grace_seconds: u32) -> Answer<'a, ()>;
    /// Freezes a container.
    fn pause<'a>(&'a self, name: &'a str) -> Answer<'a, ()>;
    /// Thaws a container.
    fn resume<'a>(&'a self, name: &'a str) -> Answer<'a, ()>;
    /// Waits until a published port answers.
    fn wait_ready<'a>(
        &'a self,
        name: &'a str,
        port: u16,
        probes: &'a [Probe],
        timeout: Duration,
    ) -> Answer<'a, ()>;
    /// Sends a container's output to `sink`.
    fn logs<'a>(
        &'a self,
        name: &'a str,
        tail: Option<u32>,
        follow: bool,
        sink: &'a dyn LogSink,
    ) -> Answer<'a, ()>;
}

/// A call of the real engine, with its error in the words of the contract.
fn boxed<'a, T: 'a, E: Diagnostic + 'a>(
    call: impl Future<Output = Result<T, E>> + Send + 'a,
) -> Answer<'a, T> {
    Box::pin(async move { call.await.map_err(|error| ProviderError::from_diagnostic(&error)) })
}

impl ContainerCalls for Containers {
    fn find_image<'a>(&'a self, image: &'a str) -> Answer<'a, ImageState> {
        boxed(self.image_state(image))
    }

    fn inspect_image<'a>(&'a self, image: &'a str) -> Answer<'a, ImageConfig> {
        boxed(self.image_config(image))
    }

    fn pull_image<'a>(&'a self, image: &'a str) -> Answer<'a, ()> {
        boxed(self.pull(image))
    }

    fn build_image<'a>(
        &'a self,
        root: &'a Path,
        descriptor: &'a str,
        image: &'a str,
    ) -> Answer<'a, ()> {
        boxed(async move { self.build(root, descriptor, image, &BTreeMap::new()).await })
    }

    fn start(&self, spec: ContainerSpec) -> Answer<'_, ContainerInfo> {
        boxed(Self::start(self, spec))
    }

    fn list(&self) -> Answer<'_, Vec<ContainerInfo>> {
        boxed(Self::list(self))
    }

    fn inspect<'a>(&'a self, name: &'a str) -> Answer<'a, ContainerInfo> {
        boxed(Self::inspect(self, name))
    }

    fn stop<'a>(&'a self, name: &'a str, grace_seconds: u32) -> Answer<'a, ()> {
        boxed(Self::stop(self, name, grace_seconds))
    }

    fn pause<'a>(&'a self, name: &'a str) -> Answer<'a, ()> {
        boxed(Self::pause(self, name))
    }

    fn resume<'a>(&'a self, name: &'a str) -> Answer<'a, ()> {
        boxed(Self::resume(self, name))
    }

    fn wait_ready<'a>(
        &'a self,
        name: &'a str,
        port: u16,
        probes: &'a [Probe],
        timeout: Duration,
    ) -> Answer<'a, ()> {
        boxed(Self::wait_ready(self, name, port, probes, timeout))
    }

    fn logs<'a>(
        &'a self,
        name: &'a str,
        tail: Option<u32>,
        follow: bool,
        sink: &'a dyn LogSink,
    ) -> Answer<'a, ()> {
        boxed(Self::logs(self, name, tail, follow, sink))
    }
}
