//! The calls of a provider: each is counted, and goes wrong where it should; then the
//! policy of every engine answers it, over the engine in memory.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::Engine;
use crate::containers::{
    ContainerCalls, ContainerInfo, ContainerSpec, Containers, ImageConfig, LogSink, Pending, Probe,
    ProjectFiles, ProjectScope, Scope,
};
use crate::domain::{Identity, ImageState, ProviderError, Silent};

/// The calls of one command of this provider; without a project, about all.
pub(crate) fn calls_of(
    engine: &Arc<Engine>,
    provider: &Identity,
    project: Option<String>,
) -> Arc<dyn ContainerCalls> {
    let project = project.map(|id| ProjectScope {
        id,
        root: engine.root.clone(),
        files: ProjectFiles::Mounted,
    });
    let scope =
        Scope { provider: provider.clone(), project, legacy: false, key: engine.key.clone() };
    let containers = Containers::new(scope, engine.memory.clone(), Arc::new(Silent));
    Arc::new(Calls { engine: Arc::clone(engine), containers })
}

struct Calls {
    engine: Arc<Engine>,
    containers: Containers,
}

impl Calls {
    /// Counts the call, then lets it be answered.
    fn answer<'a, T: 'a>(
        &'a self,
        name: &'static str,
        answer: impl FnOnce(&'a dyn ContainerCalls) -> Pending<'a, T> + Send + 'a,
    ) -> Pending<'a, T> {
        Box::pin(async move {
            self.engine.enter(name).await?;
            answer(&self.containers).await
        })
    }
}

impl ContainerCalls for Calls {
    fn find_image<'a>(&'a self, image: &'a str) -> Pending<'a, ImageState> {
        self.answer("find-image", move |it| it.find_image(image))
    }

    fn inspect_image<'a>(&'a self, image: &'a str) -> Pending<'a, ImageConfig> {
        self.answer("inspect-image", move |it| it.inspect_image(image))
    }

    fn pull_image<'a>(&'a self, image: &'a str) -> Pending<'a, ()> {
        self.answer("pull-image", move |it| it.pull_image(image))
    }

    fn build_image<'a>(
        &'a self,
        root: &'a Path,
        descriptor: &'a str,
        image: &'a str,
    ) -> Pending<'a, ()> {
        self.answer("build-image", move |it| it.build_image(root, descriptor, image))
    }

    fn start(&self, spec: ContainerSpec) -> Pending<'_, ContainerInfo> {
        self.answer("start", move |it| it.start(spec))
    }

    fn list(&self) -> Pending<'_, Vec<ContainerInfo>> {
        self.answer("list-containers", move |it| it.list())
    }

    fn inspect<'a>(&'a self, name: &'a str) -> Pending<'a, ContainerInfo> {
        self.answer("inspect", move |it| it.inspect(name))
    }

    fn stop<'a>(&'a self, name: &'a str, grace_seconds: u32) -> Pending<'a, ()> {
        self.answer("stop", move |it| it.stop(name, grace_seconds))
    }

    fn pause<'a>(&'a self, name: &'a str) -> Pending<'a, ()> {
        self.answer("pause", move |it| it.pause(name))
    }

    fn resume<'a>(&'a self, name: &'a str) -> Pending<'a, ()> {
        self.answer("resume", move |it| it.resume(name))
    }

    fn wait_ready<'a>(
        &'a self,
        name: &'a str,
        port: u16,
        probes: &'a [Probe],
        timeout: Duration,
    ) -> Pending<'a, ()> {
        self.answer("wait-ready", move |it| it.wait_ready(name, port, probes, timeout))
    }

    fn logs<'a>(
        &'a self,
        name: &'a str,
        tail: Option<u32>,
        follow: bool,
        sink: &'a dyn LogSink,
    ) -> Pending<'a, ()> {
        Box::pin(async move {
            self.engine.enter("logs").await?;
            ContainerCalls::logs(&self.containers, name, tail, false, sink).await?;
            if follow {
                self.engine.hanging.notify_one();
                std::future::pending::<()>().await;
            }
            Ok::<(), ProviderError>(())
        })
    }
}
