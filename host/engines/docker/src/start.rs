//! Create and start, with nothing left behind on failure.
//!
//! API: `POST /containers/create`, `PUT /containers/{id}/archive`,
//! `POST /containers/{id}/start`.

use std::sync::Arc;

use bollard::Docker;
use bollard::body_full;
use bollard::models::ContainerCreateResponse;
use bollard::query_parameters::{
    CreateContainerOptions, StartContainerOptions, UploadToContainerOptions,
};

use super::connect::Engine;
use super::create::CreateRequest;
use super::facts::EngineFacts;
use super::home::Home;
use super::plan::Plan;
use super::run_as::Identity;
use super::{
    ContainerInfo, ContainerSpec, Containers, ContainersError, EngineOptions, ImageConfig,
    ImageError, ProjectFiles, copy, engine_errors, policy, resources,
};
use crate::domain::{Phase, text};
use crate::images::Owner;

impl Containers {
    /// Creates and starts a container of a local image.
    ///
    /// When this fails, nothing is left. When it is dropped in the middle,
    /// [`Containers::remove_created`] removes what there is.
    ///
    /// # Errors
    ///
    /// Whatever the policy refuses, before the engine is asked;
    /// [`ImageError::ImageMissing`], `NameTaken`, `CpuOverLimit`,
    /// `DiskUnsupported`, `GpuUnavailable`.
    pub async fn start(&self, spec: ContainerSpec) -> Result<ContainerInfo, ContainersError> {
        let mut plan = self.plan(spec, None).await?;
        loop {
            let request = self.request(&plan)?;
            match self.start_once(&plan, request).await {
                Ok(()) => {
                    let name = &plan.spec.name;
                    let seen = self.seen(name).await;
                    return seen
                        .map(|seen| seen.info)
                        .map_err(|error| self.unless_gone(name, error));
                }
                // Whether there is a GPU only the engine's own answer tells.
                Err(error) => self.leave_out(&mut plan.spec, error)?,
            }
        }
    }

    /// With `--best-effort`: takes what the engine cannot do out of `spec`, and
    /// says so.
    ///
    /// # Errors
    ///
    /// `error` itself, when it is about something else or nobody allowed this.
    pub(super) fn leave_out(
        &self,
        spec: &mut ContainerSpec,
        error: ContainersError,
    ) -> Result<(), ContainersError> {
        match resources::without(&spec.resources, &error) {
            Some(less) => {
                self.leave_out_or_fail(error)?;
                spec.resources = less;
                Ok(())
            }
            None => Err(error),
        }
    }

    /// With `--best-effort` says what is left out.
    pub(super) fn leave_out_or_fail(&self, error: ContainersError) -> Result<(), ContainersError> {
        if !self.0.options.best_effort {
            return Err(error);
        }
        self.0.reporter.message(&format!("warning: {error}; it is left out"));
        Ok(())
    }

    async fn start_once(&self, plan: &Plan, request: CreateRequest) -> Result<(), ContainersError> {
        let Plan { spec, facts, identity, owner, image, .. } = plan;
        let engine = self.connected().await?;
        let docker = &engine.docker;
        let failed = |action, error| failure(spec, facts.as_ref(), &self.0.options, action, &error);
        let project = self.0.scope.project.as_ref().ok_or(ContainersError::NoProject)?;
        let volume = match policy::copy_target(spec, project) {
            Some(_) => Some(copy::Volume::new(&spec.name, &self.0.scope, self.owner()?)),
            None => None,
        };
        let created = self
            .create(engine, &spec.name, volume, request)
            .await?
            .map_err(|error| failed("create the container", error))?;
        let ran = match self.all_done(&created.warnings) {
            Ok(()) => self
                .run(docker, &created.id, spec, identity, *owner, image)
                .await
                .map_err(|(action, error)| failed(action, error)),
            Err(error) => Err(error),
        };
        match ran {
            Ok(()) => {
                for warning in &created.warnings {
                    let message = format!("warning: the engine says: {warning}");
                    self.0.reporter.message(&message);
                }
                Ok(())
            }
            Err(error) => {
                // The first failure is the one to report; a container that
                // could not be removed stays in the list of `created`.
                let _ = self.remove_one_created(&spec.name).await;
                Err(error)
            }
        }
    }

    /// Docker writes "discarded" about what it takes and leaves out altogether.
    fn all_done(&self, warnings: &[String]) -> Result<(), ContainersError> {
        let left_out = warnings.iter().find(|it| it.to_lowercase().contains("discarded"));
        match left_out {
            Some(warning) if !self.0.options.best_effort => {
                Err(ContainersError::Discarded { message: text::one_line(warning, 600) })
            }
            _ => Ok(()),
        }
    }

    /// The create requests in a task of their own: dropping the caller does not
    /// make the engine forget a request it has read, so somebody has to wait
    /// for its answer.
    async fn create(
        &self,
        engine: &Engine,
        name: &str,
        volume: Option<copy::Volume>,
        request: CreateRequest,
    ) -> Result<Result<ContainerCreateResponse, bollard::errors::Error>, ContainersError> {
        let guard = self
            .0
            .ledger
            .begin(name)
            .ok_or_else(|| ContainersError::NameTaken { name: name.to_owned() })?;
        let options = CreateContainerOptions {
            name: Some(name.to_owned()),
            platform: self.0.options.platform.clone().unwrap_or_default(),
        };
        let (engine, ledger, name) = (engine.clone(), Arc::clone(&self.0.ledger), name.to_owned());
        let task = tokio::spawn(async move {
            let _guard = guard;
            if let Some(volume) = &volume {
                if let Err(error) = volume.require_new(&engine.docker).await {
                    ledger.forget(&name);
                    return Err(error);
                }
                volume.create(&engine.docker).await?;
            }
            match request.send(&engine, options).await {
                Ok(answer) => {
                    ledger.created(&name, &answer.id);
                    Ok(Ok(answer))
                }
                Err(error) => {
                    // Without an answer nobody knows whether it exists.
                    if engine_errors::status(&error).is_some() {
                        if volume.is_some() {
                            // That of a container which won the name is in use
                            // and stays.
                            let _ = copy::remove_volume(&engine.docker, &name).await;
                        }
                        ledger.forget(&name);
                    }
                    Ok(Err(error))
                }
            }
        });
        task.await.unwrap_or_else(|error| {
            Err(ContainersError::Engine {
                action: "create the container",
                message: error.to_string(),
            })
        })
    }

    async fn run(
        &self,
        docker: &Docker,
        id: &str,
        spec: &ContainerSpec,
        identity: &Identity,
        owner: Owner,
        image: &ImageConfig,
    ) -> Result<(), (&'static str, bollard::errors::Error)> {
        // Nothing can be unpacked into what is read only: `policy` mounts a home.
        let read_only = self.0.options.host.readonly_rootfs == Some(true);
        if let Some(home) = identity.home.as_ref().filter(|_| !read_only) {
            put_home(docker, id, home).await.map_err(|error| ("prepare the container", error))?;
        }
        if let (Some(project), Some(target)) = (&self.0.scope.project, &spec.mount_project) {
            let owner = identity.owner_of_copies(owner, image);
            match &project.files {
                ProjectFiles::Mounted => Ok(()),
                ProjectFiles::Copied(files) => {
                    let _phase = Phase::begin(&self.0.reporter, "Copying the project");
                    copy::fill(docker, id, target, &project.root, files, owner).await
                }
                ProjectFiles::Absent => copy::make_folder(docker, id, target, owner).await,
            }
            .map_err(|error| ("copy the project", error))?;
        }
        docker
            .start_container(id, None::<StartContainerOptions>)
            .await
            .map_err(|error| ("start the container", error))
    }
}

async fn put_home(docker: &Docker, id: &str, home: &Home) -> Result<(), bollard::errors::Error> {
    let options = UploadToContainerOptions { path: "/".to_owned(), ..Default::default() };
    docker.upload_to_container(id, Some(options), body_full(home.archive()?.into())).await
}

/// The named error in the engine's answer.
fn failure(
    spec: &ContainerSpec,
    facts: Option<&EngineFacts>,
    options: &EngineOptions,
    action: &'static str,
    error: &bollard::errors::Error,
) -> ContainersError {
    let message = engine_errors::message(error);
    if let Some(port) = options.taken_port(&message) {
        return ContainersError::PortTaken { port, message };
    }
    if message.contains("bind source path does not exist") {
        return ContainersError::MountMissing { message };
    }
    if let Some(named) = resources::refused(&message, &spec.resources, facts) {
        return named;
    }
    let taken = message.contains("already in use");
    match engine_errors::status(error) {
        Some(404) if message.contains("image") && !message.contains("platform") => {
            ImageError::ImageMissing { image: spec.image.clone() }.into()
        }
        // Podman answers 500.
        Some(409 | 500) if taken && message.contains("name") => {
            ContainersError::NameTaken { name: spec.name.clone() }
        }
        _ => match options.refused(&message) {
            Some(option) => ContainersError::OptionRefused { option, message },
            None => ContainersError::Engine { action, message },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status_code: u16, message: &str) -> String {
        let spec = ContainerSpec {
            name: "a1".into(),
            image: "analysis:1".into(),
            ..ContainerSpec::default()
        };
        let error = bollard::errors::Error::DockerResponseServerError {
            status_code,
            message: message.into(),
        };
        failure(&spec, None, &EngineOptions::default(), "create the container", &error).to_string()
    }

    #[test]
    fn answers_of_engines_get_their_names() {
        let docker = "Conflict. The container name \"/a1\" is already in use by container \"f0\".";
        let podman =
            "creating container storage: the container name \"a1\" is already in use by f0";
        assert_eq!(answer(409, docker), "a container called `a1` exists already");
        assert_eq!(answer(500, podman), "a container called `a1` exists already");
        assert_eq!(
            answer(404, "No such image: analysis:1"),
            "there is no image `analysis:1` on this engine"
        );
        assert_eq!(answer(500, "disk full"), "the container engine failed to create the container");
    }
}
