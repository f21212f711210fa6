//! The calls of a provider, answered over a driver.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::time::Duration;

use crate::domain::{ImageState, ProviderError};
use crate::{
    ContainerCalls, ContainerInfo, ContainerSpec, Containers, ContainersError, ImageConfig,
    LogSink, Pending, Probe,
};

impl Containers {
    /// The answer to a call: as [`Self::asked`], its error in the form of the contract.
    fn answer<'a, T: Send + 'a>(
        &'a self,
        call: impl Future<Output = Result<T, ContainersError>> + Send + 'a,
    ) -> Pending<'a, T> {
        let answer = self.asked(call);
        Box::pin(
            async move { answer.await.map_err(|error| ProviderError::from_diagnostic(&error)) },
        )
    }
}

impl ContainerCalls for Containers {
    fn find_image<'a>(&'a self, image: &'a str) -> Pending<'a, ImageState> {
        self.answer(self.image_state(image))
    }

    fn inspect_image<'a>(&'a self, image: &'a str) -> Pending<'a, ImageConfig> {
        self.answer(self.image_config(image))
    }

    fn pull_image<'a>(&'a self, image: &'a str) -> Pending<'a, ()> {
        self.answer(self.pull(image))
    }

    fn build_image<'a>(
        &'a self,
        root: &'a Path,
        descriptor: &'a str,
        image: &'a str,
    ) -> Pending<'a, ()> {
        self.answer(async move { self.build(root, descriptor, image, &BTreeMap::new()).await })
    }

    fn start(&self, spec: ContainerSpec) -> Pending<'_, ContainerInfo> {
        self.answer(Self::start(self, spec))
    }

    fn list(&self) -> Pending<'_, Vec<ContainerInfo>> {
        self.answer(Self::list(self))
    }

    fn inspect<'a>(&'a self, name: &'a str) -> Pending<'a, ContainerInfo> {
        self.answer(Self::inspect(self, name))
    }

    fn stop<'a>(&'a self, name: &'a str, grace_seconds: u32) -> Pending<'a, ()> {
        self.answer(Self::stop(self, name, grace_seconds))
    }

    fn pause<'a>(&'a self, name: &'a str) -> Pending<'a, ()> {
        self.answer(Self::pause(self, name))
    }

    fn resume<'a>(&'a self, name: &'a str) -> Pending<'a, ()> {
        self.answer(Self::resume(self, name))
    }

    fn wait_ready<'a>(
        &'a self,
        name: &'a str,
        port: u16,
        probes: &'a [Probe],
        timeout: Duration,
    ) -> Pending<'a, ()> {
        self.answer(Self::wait_ready(self, name, port, probes, timeout))
    }

    fn logs<'a>(
        &'a self,
        name: &'a str,
        tail: Option<u32>,
        follow: bool,
        sink: &'a dyn LogSink,
    ) -> Pending<'a, ()> {
        self.answer(Self::logs(self, name, tail, follow, sink))
    }
}
