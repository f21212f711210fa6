//! `renku:session/containers`: linked when granted, answered by the capability.

use std::sync::Arc;
use std::time::Duration;

use wasmtime::Result;
use wasmtime::component::Resource;

use super::bindings::renku::session::{containers, types};
use super::convert::{
    ToGuest, container_state_to_guest, image_state_to_guest, port_to_guest, resources_from_guest,
};
use super::state::{Build, ProjectHandle, SinkHandle, State};
use crate::containers::{
    ContainerCalls, ContainerInfo, ContainerSpec, ImageConfig, PortPlaceholder, Probe, RunAs,
};
use crate::domain::{ErrorKind, ProviderError};
use crate::footprint::{Footprint, in_collection};
use crate::grants::Capability;

/// The capability, or the answer `denied` of the function that needs it.
macro_rules! granted {
    ($capability:expr) => {
        match $capability {
            Ok(capability) => capability,
            Err(denied) => return Ok(Err(denied)),
        }
    };
}

impl State {
    /// The capability; where it was refused there is none, and nothing that
    /// could reach an engine.
    fn containers(&self) -> std::result::Result<Arc<dyn ContainerCalls>, types::Error> {
        self.invocation.calls.clone().ok_or_else(|| self.denied(Capability::Containers))
    }

    fn container(&mut self, info: ContainerInfo) -> Result<Resource<ContainerInfo>> {
        let bytes = info.footprint();
        self.handles.push(info, bytes)
    }
}

impl containers::Host for State {
    async fn find_image(&mut self, image: String) -> ToGuest<containers::ImageState> {
        let containers = granted!(self.containers());
        let state = self.host_work(containers.find_image(&image)).await?;
        Ok(state.map(image_state_to_guest))
    }

    async fn inspect_image(&mut self, image: String) -> ToGuest<Resource<ImageConfig>> {
        let containers = granted!(self.containers());
        match self.host_work(containers.inspect_image(&image)).await? {
            Ok(config) => {
                let bytes = config.footprint();
                Ok(Ok(self.handles.push(config, bytes)?))
            }
            Err(error) => Ok(Err(error)),
        }
    }

    async fn pull_image(&mut self, image: String) -> ToGuest<()> {
        let containers = granted!(self.containers());
        self.host_work(containers.pull_image(&image)).await
    }

    async fn build_image(
        &mut self,
        _project: Resource<ProjectHandle>,
        descriptor: String,
        image: String,
    ) -> ToGuest<()> {
        let containers = granted!(self.containers());
        let wanted = Build { descriptor, image };
        granted!(self.check_build(&wanted));
        let Build { descriptor, image } = wanted;
        let request = Arc::clone(&self.invocation.request);
        self.host_work(async move {
            let root = request.project_root.as_deref().ok_or_else(|| {
                ProviderError::new(ErrorKind::InvalidInput, "there is no project to build")
            })?;
            containers.build_image(root, &descriptor, &image).await
        })
        .await
    }

    async fn start(&mut self, spec: Resource<ContainerSpec>) -> ToGuest<Resource<ContainerInfo>> {
        let containers = granted!(self.containers());
        let spec = self.handles.get(&spec)?.clone();
        match self.host_work(containers.start(spec)).await? {
            Ok(info) => Ok(Ok(self.container(info)?)),
            Err(error) => Ok(Err(error)),
        }
    }

    async fn list_containers(&mut self) -> ToGuest<Vec<Resource<ContainerInfo>>> {
        let containers = granted!(self.containers());
        match self.host_work(containers.list()).await? {
            Ok(all) => {
                let handles: Result<Vec<_>> =
                    all.into_iter().map(|info| self.container(info)).collect();
                Ok(Ok(handles?))
            }
            Err(error) => Ok(Err(error)),
        }
    }

    async fn inspect(&mut self, name: String) -> ToGuest<Resource<ContainerInfo>> {
        let containers = granted!(self.containers());
        match self.host_work(containers.inspect(&name)).await? {
            Ok(info) => Ok(Ok(self.container(info)?)),
            Err(error) => Ok(Err(error)),
        }
    }

    async fn stop(&mut self, name: String, grace_seconds: u32) -> ToGuest<()> {
        let containers = granted!(self.containers());
        self.host_work(containers.stop(&name, grace_seconds)).await
    }

    async fn pause(&mut self, name: String) -> ToGuest<()> {
        let containers = granted!(self.containers());
        self.host_work(containers.pause(&name)).await
    }

    async fn resume(&mut self, name: String) -> ToGuest<()> {
        let containers = granted!(self.containers());
        self.host_work(containers.resume(&name)).await
    }

    async fn wait_ready(
        &mut self,
        name: String,
        port: u16,
        probes: Vec<containers::Probe>,
        timeout_seconds: u32,
    ) -> ToGuest<()> {
        let containers = granted!(self.containers());
        let probes: Vec<Probe> = probes
            .into_iter()
            .map(|probe| Probe { path: probe.path, status_below: probe.status_below })
            .collect();
        let timeout = Duration::from_secs(timeout_seconds.into());
        self.host_work(containers.wait_ready(&name, port, &probes, timeout)).await
    }

    async fn logs(
        &mut self,
        name: String,
        tail: Option<u32>,
        follow: bool,
        sink: Resource<SinkHandle>,
    ) -> ToGuest<()> {
        let containers = granted!(self.containers());
        let sink = self.sink(&sink)?;
        self.host_work(containers.logs(&name, tail, follow, sink.as_ref())).await
    }
}

impl containers::HostImageConfig for State {
    fn entrypoint(&mut self, image: Resource<ImageConfig>) -> Result<Vec<String>> {
        Ok(self.handles.get(&image)?.entrypoint.clone())
    }

    fn command(&mut self, image: Resource<ImageConfig>) -> Result<Vec<String>> {
        Ok(self.handles.get(&image)?.command.clone())
    }

    fn exposed_ports(&mut self, image: Resource<ImageConfig>) -> Result<Vec<u16>> {
        Ok(self.handles.get(&image)?.exposed_ports.clone())
    }

    fn user(&mut self, image: Resource<ImageConfig>) -> Result<String> {
        Ok(self.handles.get(&image)?.user.clone())
    }

    fn working_directory(&mut self, image: Resource<ImageConfig>) -> Result<String> {
        Ok(self.handles.get(&image)?.working_directory.clone())
    }

    fn environment(
        &mut self,
        image: Resource<ImageConfig>,
        name: String,
    ) -> Result<Option<String>> {
        Ok(self.handles.get(&image)?.environment.get(&name).cloned())
    }

    fn label(&mut self, image: Resource<ImageConfig>, name: String) -> Result<Option<String>> {
        Ok(self.handles.get(&image)?.labels.get(&name).cloned())
    }

    fn drop(&mut self, image: Resource<ImageConfig>) -> Result<()> {
        self.handles.delete(&image)
    }
}

impl containers::HostContainerSpec for State {
    fn new(&mut self, name: String, image: String) -> Result<Resource<ContainerSpec>> {
        let bytes = name.footprint() + image.footprint();
        self.handles.push(ContainerSpec { name, image, ..ContainerSpec::default() }, bytes)
    }

    fn command(&mut self, spec: Resource<ContainerSpec>, arguments: Vec<String>) -> Result<()> {
        let bytes = arguments.footprint();
        self.handles.grow(&spec, bytes)?.command = Some(arguments);
        Ok(())
    }

    fn entrypoint(&mut self, spec: Resource<ContainerSpec>, arguments: Vec<String>) -> Result<()> {
        let bytes = arguments.footprint();
        self.handles.grow(&spec, bytes)?.entrypoint = Some(arguments);
        Ok(())
    }

    fn environment(
        &mut self,
        spec: Resource<ContainerSpec>,
        name: String,
        value: String,
    ) -> Result<()> {
        let bytes = in_collection(&name) + in_collection(&value);
        self.handles.grow(&spec, bytes)?.environment.push((name, value));
        Ok(())
    }

    fn label(&mut self, spec: Resource<ContainerSpec>, name: String, value: String) -> Result<()> {
        let bytes = in_collection(&name) + in_collection(&value);
        self.handles.grow(&spec, bytes)?.labels.insert(name, value);
        Ok(())
    }

    fn publish(&mut self, spec: Resource<ContainerSpec>, port: u16) -> Result<()> {
        self.handles.grow(&spec, in_collection(&port))?.publish.push(port);
        Ok(())
    }

    fn mount_project(
        &mut self,
        spec: Resource<ContainerSpec>,
        _project: Resource<ProjectHandle>,
        target: String,
    ) -> Result<()> {
        let bytes = target.footprint();
        self.handles.grow(&spec, bytes)?.mount_project = Some(target);
        Ok(())
    }

    fn working_directory(&mut self, spec: Resource<ContainerSpec>, path: String) -> Result<()> {
        let bytes = path.footprint();
        self.handles.grow(&spec, bytes)?.working_directory = Some(path);
        Ok(())
    }

    fn run_as(&mut self, spec: Resource<ContainerSpec>, who: containers::RunAs) -> Result<()> {
        self.handles.grow(&spec, 0)?.run_as = match who {
            containers::RunAs::ProjectOwner => RunAs::ProjectOwner,
            containers::RunAs::ImageUser => RunAs::ImageUser,
        };
        Ok(())
    }

    fn resources(
        &mut self,
        spec: Resource<ContainerSpec>,
        resources: types::Resources,
    ) -> Result<()> {
        let resources = resources_from_guest(resources);
        let bytes = resources.gpu.footprint();
        self.handles.grow(&spec, bytes)?.resources = resources;
        Ok(())
    }

    fn time_limit(&mut self, spec: Resource<ContainerSpec>, seconds: u64) -> Result<()> {
        self.handles.grow(&spec, 0)?.time_limit = Some(Duration::from_secs(seconds));
        Ok(())
    }

    fn port_placeholder(
        &mut self,
        spec: Resource<ContainerSpec>,
        port: u16,
        placeholder: String,
    ) -> Result<()> {
        let bytes = in_collection(&placeholder);
        let spec = self.handles.grow(&spec, bytes)?;
        spec.port_placeholders.push(PortPlaceholder { port, placeholder });
        Ok(())
    }

    fn drop(&mut self, spec: Resource<ContainerSpec>) -> Result<()> {
        self.handles.delete(&spec)
    }
}

impl containers::HostContainer for State {
    fn name(&mut self, container: Resource<ContainerInfo>) -> Result<String> {
        Ok(self.handles.get(&container)?.name.clone())
    }

    fn image(&mut self, container: Resource<ContainerInfo>) -> Result<String> {
        Ok(self.handles.get(&container)?.image.clone())
    }

    fn state(&mut self, container: Resource<ContainerInfo>) -> Result<containers::ContainerState> {
        Ok(container_state_to_guest(self.handles.get(&container)?.state))
    }

    fn label(
        &mut self,
        container: Resource<ContainerInfo>,
        name: String,
    ) -> Result<Option<String>> {
        Ok(self.handles.get(&container)?.labels.get(&name).cloned())
    }

    fn ports(&mut self, container: Resource<ContainerInfo>) -> Result<Vec<types::Port>> {
        Ok(self.handles.get(&container)?.ports.iter().map(port_to_guest).collect())
    }

    fn created_at(&mut self, container: Resource<ContainerInfo>) -> Result<Option<String>> {
        Ok(self.handles.get(&container)?.created_at.clone())
    }

    fn exit_code(&mut self, container: Resource<ContainerInfo>) -> Result<Option<i32>> {
        Ok(self.handles.get(&container)?.exit_code)
    }

    fn out_of_memory(&mut self, container: Resource<ContainerInfo>) -> Result<bool> {
        Ok(self.handles.get(&container)?.out_of_memory)
    }

    fn environment(
        &mut self,
        container: Resource<ContainerInfo>,
        name: String,
    ) -> Result<Option<String>> {
        Ok(self.handles.get(&container)?.environment.get(&name).cloned())
    }

    fn legacy(&mut self, container: Resource<ContainerInfo>) -> Result<bool> {
        Ok(self.handles.get(&container)?.legacy)
    }

    fn reason(&mut self, container: Resource<ContainerInfo>) -> Result<Option<String>> {
        Ok(self.handles.get(&container)?.schedule.reason.clone())
    }

    fn expected_start(&mut self, container: Resource<ContainerInfo>) -> Result<Option<String>> {
        Ok(self.handles.get(&container)?.schedule.expected_start.clone())
    }

    fn expected_end(&mut self, container: Resource<ContainerInfo>) -> Result<Option<String>> {
        Ok(self.handles.get(&container)?.schedule.expected_end.clone())
    }

    fn node(&mut self, container: Resource<ContainerInfo>) -> Result<Option<String>> {
        Ok(self.handles.get(&container)?.schedule.node.clone())
    }

    fn drop(&mut self, container: Resource<ContainerInfo>) -> Result<()> {
        self.handles.delete(&container)
    }
}
