//! An engine that keeps its containers in a list, and where every container answers.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::contract::{
    Asked, Census, ContainerCalls, ContainerInfo, ContainerSpec, ContainerState, ContainersError,
    CopiedProject, Engine, EnginePlace, Engines, Examination, ExecSpec, ExecStreams, Glimpse,
    HostEngine, ImageConfig, Inside, LeftCopy, LogSink, OwnImage, Pending, Probe, ProjectImage,
    ProjectScope, ReachError, Schedule, Task, Tunnel,
};
use crate::domain::changes::PlannedContainer;
use crate::domain::{EngineCommands, ErrorKind, ImageState, Port, ProviderError, Transport};
use crate::files::session_key::KeyFile;

/// The only image.
pub(super) const IMAGE: &str = "jupyter:1";

/// The engine; clones are the same one.
#[derive(Clone, Default)]
pub(super) struct ContainerList(Arc<Mutex<Vec<ContainerInfo>>>);

impl ContainerList {
    fn containers(&self) -> MutexGuard<'_, Vec<ContainerInfo>> {
        self.0.lock().unwrap()
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.containers().iter().map(|container| container.name.clone()).collect()
    }

    /// Changes a container and gives it as it is then.
    fn change(
        &self,
        name: &str,
        change: impl FnOnce(&mut ContainerInfo),
    ) -> Result<ContainerInfo, ProviderError> {
        let mut containers = self.containers();
        let found = containers.iter_mut().find(|container| container.name == name);
        let container = found.ok_or_else(|| ProviderError::new(ErrorKind::NotFound, "not here"))?;
        change(container);
        Ok(container.clone())
    }
}

fn answer<T: Send + 'static>(result: Result<T, ProviderError>) -> Pending<'static, T> {
    Box::pin(async { result })
}

fn asked<T: Send + 'static>(value: T) -> Asked<'static, T> {
    Box::pin(async { Ok(value) })
}

impl Engines for ContainerList {
    fn open(&self, _: Task) -> Arc<dyn Engine> {
        Arc::new(self.clone())
    }

    fn glance<'a>(
        &'a self,
        _: &'a ProjectScope,
        _: &'a KeyFile,
        _: &'a str,
    ) -> BoxFuture<'a, Vec<Glimpse>> {
        Box::pin(async { Vec::new() })
    }

    fn census<'a>(&'a self, _: &'a KeyFile) -> BoxFuture<'a, Census> {
        Box::pin(async { Census::default() })
    }

    fn examine<'a>(&'a self, _: &'a KeyFile) -> BoxFuture<'a, Vec<Examination>> {
        Box::pin(async { Vec::new() })
    }

    fn sees_our_files(&self) -> bool {
        true
    }
}

impl ContainerCalls for ContainerList {
    fn find_image<'a>(&'a self, image: &'a str) -> Pending<'a, ImageState> {
        answer(Ok(if image == IMAGE { ImageState::Local } else { ImageState::Absent }))
    }

    fn inspect_image<'a>(&'a self, _: &'a str) -> Pending<'a, ImageConfig> {
        answer(Ok(ImageConfig {
            command: vec!["start-notebook.py".into()],
            exposed_ports: vec![8888],
            working_directory: "/home/jovyan".into(),
            ..ImageConfig::default()
        }))
    }

    fn pull_image<'a>(&'a self, _: &'a str) -> Pending<'a, ()> {
        answer(Err(ProviderError::new(ErrorKind::Unavailable, "there is no registry")))
    }

    fn build_image<'a>(&'a self, _: &'a Path, _: &'a str, _: &'a str) -> Pending<'a, ()> {
        answer(Err(ProviderError::new(ErrorKind::Unsupported, "nothing is built here")))
    }

    fn start(&self, spec: ContainerSpec) -> Pending<'_, ContainerInfo> {
        let port = |container: &u16| Port {
            container: *container,
            host: Some(40000 + *container),
            host_ip: Some("127.0.0.1".into()),
            protocol: Transport::Tcp,
        };
        let container = ContainerInfo {
            ports: spec.publish.iter().map(port).collect(),
            name: spec.name,
            image: spec.image,
            state: ContainerState::Running,
            labels: spec.labels,
            created_at: None,
            exit_code: None,
            out_of_memory: false,
            environment: spec.environment.into_iter().collect(),
            legacy: false,
            schedule: Schedule::default(),
        };
        self.containers().push(container.clone());
        answer(Ok(container))
    }

    fn list(&self) -> Pending<'_, Vec<ContainerInfo>> {
        answer(Ok(self.containers().clone()))
    }

    fn inspect<'a>(&'a self, name: &'a str) -> Pending<'a, ContainerInfo> {
        answer(self.change(name, |_| {}))
    }

    fn stop<'a>(&'a self, name: &'a str, _: u32) -> Pending<'a, ()> {
        let found = self.change(name, |_| {});
        self.containers().retain(|container| container.name != name);
        answer(found.map(drop))
    }

    fn pause<'a>(&'a self, name: &'a str) -> Pending<'a, ()> {
        answer(self.change(name, |it| it.state = ContainerState::Paused).map(drop))
    }

    fn resume<'a>(&'a self, name: &'a str) -> Pending<'a, ()> {
        answer(self.change(name, |it| it.state = ContainerState::Running).map(drop))
    }

    fn wait_ready<'a>(
        &'a self,
        _: &'a str,
        _: u16,
        _: &'a [Probe],
        _: Duration,
    ) -> Pending<'a, ()> {
        answer(Ok(()))
    }

    fn logs<'a>(
        &'a self,
        name: &'a str,
        _: Option<u32>,
        _: bool,
        sink: &'a dyn LogSink,
    ) -> Pending<'a, ()> {
        answer(sink.write(format!("the log of {name}\n").as_bytes()))
    }
}

impl HostEngine for ContainerList {
    fn place(&self) -> Asked<'_, EnginePlace> {
        asked(EnginePlace::Here)
    }

    fn tunnel(&self, _: u16) -> Asked<'_, Box<dyn Tunnel>> {
        let (host, message) = ("localhost".to_owned(), "nothing listens".to_owned());
        Box::pin(async { Err(ReachError::TunnelFailed { host, message }.into()) })
    }

    fn check_project_files(&self) -> Asked<'_, ()> {
        asked(())
    }

    fn check_image(&self, _: &str) -> Result<(), ContainersError> {
        Ok(())
    }

    fn may_build<'a>(&'a self, _: &'a str) -> Asked<'a, ()> {
        asked(())
    }

    fn own_image<'a>(&'a self, _: &'a str, _: &'a str, _: bool) -> Asked<'a, OwnImage> {
        asked(OwnImage::Missing)
    }

    fn image_of<'a>(&'a self, _: &'a str, _: &'a str) -> Asked<'a, Option<String>> {
        asked(None)
    }

    fn project_images<'a>(&'a self, _: &'a str) -> Asked<'a, Vec<ProjectImage>> {
        asked(Vec::new())
    }

    fn prune_project_images<'a>(&'a self, _: &'a [ProjectImage]) -> Asked<'a, u64> {
        asked(0)
    }

    fn commands(&self) -> BoxFuture<'_, EngineCommands> {
        Box::pin(async { EngineCommands::default() })
    }

    fn builder_cache(&self) -> BoxFuture<'_, Option<u64>> {
        Box::pin(async { None })
    }

    fn planned<'a>(
        &'a self,
        spec: ContainerSpec,
        _: Option<&'a str>,
    ) -> Asked<'a, PlannedContainer> {
        asked(PlannedContainer {
            container: Some(serde_json::json!({ "Image": spec.image })),
            ..PlannedContainer::default()
        })
    }

    fn copied_paths(&self, _: &ContainerSpec) -> Option<usize> {
        None
    }

    fn copied_project<'a>(&'a self, _: &'a str) -> Asked<'a, Option<CopiedProject>> {
        asked(None)
    }

    fn note_copy<'a>(&'a self, _: &'a str, _: &'a [u8]) -> Asked<'a, ()> {
        asked(())
    }

    fn open_to<'a>(&'a self, _: &'a str, _: &'a str) -> Asked<'a, Option<&'static str>> {
        asked(None)
    }

    fn left_copies(&self) -> Asked<'_, Vec<LeftCopy>> {
        asked(Vec::new())
    }

    fn remove_left_copies<'a>(&'a self, _: &'a [LeftCopy]) -> Asked<'a, ()> {
        asked(())
    }

    fn exec<'a>(&'a self, _: &'a str, _: &'a ExecSpec, _: ExecStreams) -> Asked<'a, i32> {
        asked(0)
    }

    fn inside<'a>(&'a self, name: &'a str) -> Asked<'a, Inside> {
        asked(Inside { container: name.to_owned(), working_directory: "/work".to_owned() })
    }

    fn created(&self) -> Vec<String> {
        Vec::new()
    }

    fn left_nothing(&self) -> bool {
        true
    }

    fn remove_created(&self) -> BoxFuture<'_, Vec<ContainersError>> {
        Box::pin(async { Vec::new() })
    }
}
