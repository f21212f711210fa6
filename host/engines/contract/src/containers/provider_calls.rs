//! The calls of a provider, answered over a driver.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::time::Duration;

use crate::domain::{Diagnostic, ImageState, ProviderError};
use crate::{
    ContainerCalls, ContainerInfo, ContainerSpec, Containers, ImageConfig, LogSink, Pending, Probe,
};

/// A call, with its error in the words of the contract.
fn boxed<'a, T: 'a, E: Diagnostic + 'a>(
    call: impl Future<Output = Result<T, E>> + Send + 'a,
) -> Pending<'a, T> {
    Box::pin(async move { call.await.map_err(|error| ProviderError::from_diagnostic(&error)) })
}

impl ContainerCalls for Containers {
    fn find_image<'a>(&'a self, image: &'a str) -> Pending<'a, ImageState> {
        boxed(self.image_state(image))
    }

    fn inspect_image<'a>(&'a self, image: &'a str) -> Pending<'a, ImageConfig> {
        boxed(self.image_config(image))
    }

    fn pull_image<'a>(&'a self, image: &'a str) -> Pending<'a, ()> {
        boxed(self.pull(image))
    }

    fn build_image<'a>(
        &'a self,
        root: &'a Path,
        descriptor: &'a str,
        image: &'a str,
    ) -> Pending<'a, ()> {
        boxed(async move { self.build(root, descriptor, image, &BTreeMap::new()).await })
    }

    fn start(&self, spec: ContainerSpec) -> Pending<'_, ContainerInfo> {
        boxed(Self::start(self, spec))
    }

    fn list(&self) -> Pending<'_, Vec<ContainerInfo>> {
        boxed(Self::list(self))
    }

    fn inspect<'a>(&'a self, name: &'a str) -> Pending<'a, ContainerInfo> {
        boxed(Self::inspect(self, name))
    }

    fn stop<'a>(&'a self, name: &'a str, grace_seconds: u32) -> Pending<'a, ()> {
        boxed(Self::stop(self, name, grace_seconds))
    }

    fn pause<'a>(&'a self, name: &'a str) -> Pending<'a, ()> {
        boxed(Self::pause(self, name))
    }

    fn resume<'a>(&'a self, name: &'a str) -> Pending<'a, ()> {
        boxed(Self::resume(self, name))
    }

    fn wait_ready<'a>(
        &'a self,
        name: &'a str,
        port: u16,
        probes: &'a [Probe],
        timeout: Duration,
    ) -> Pending<'a, ()> {
        boxed(Self::wait_ready(self, name, port, probes, timeout))
    }

    fn logs<'a>(
        &'a self,
        name: &'a str,
        tail: Option<u32>,
        follow: bool,
        sink: &'a dyn LogSink,
    ) -> Pending<'a, ()> {
        boxed(Self::logs(self, name, tail, follow, sink))
    }
}
