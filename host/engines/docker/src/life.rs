//! Containers that are made, started, stopped and removed.
//!
//! API: `POST /containers/create`, `POST /containers/{id}/start`, `…/stop`,
//! `…/pause`, `…/unpause`, `DELETE /containers/{id}`.

use std::time::Duration;

use bollard::errors::Error;
use bollard::query_parameters::{
    CreateContainerOptions, RemoveContainerOptions, StartContainerOptions, StopContainerOptions,
};

use crate::contract::ContainerState::{self, Paused, Running};
use crate::contract::{ContainerRef, ContainersError, Created, Gaps, NotCreated, RunSpec};
use crate::create::{CreateRequest, Fields};
use crate::docker_config::DockerConfig;
use crate::docker_facts::DockerFacts;
use crate::domain::text;
use crate::message::fits;
use crate::{Docker, engine_errors, person, refusal, volume};

/// How Docker ends its warning about something that it leaves out altogether, such as
/// "Your kernel does not support OomKillDisable. OomKillDisable discarded."
const DISCARDED: &str = "{} discarded.";
/// How long somebody else may take to remove a container.
const GONE_PATIENCE: Duration = Duration::from_secs(10);
const GONE_PAUSE: Duration = Duration::from_millis(20);
/// How long the engine may take to say what became of a change.
const LOOK_PATIENCE: Duration = Duration::from_secs(10);

impl Docker {
    /// What it said about itself, where these options depend on it.
    async fn facts_for(&self, run: &RunSpec) -> Result<Option<&DockerFacts>, ContainersError> {
        match Fields::need_facts(&run.options) {
            true => self.known().await.map(Some),
            false => Ok(None),
        }
    }

    pub(crate) async fn gaps(&self, run: &RunSpec) -> Result<Gaps, ContainersError> {
        let (fields, missing) = Fields::of(&run.options, self.facts_for(run).await?);
        let notes = fields.note().map(str::to_owned);
        Ok(Gaps { missing: missing.into_iter().collect(), notes: notes.into_iter().collect() })
    }

    pub(crate) async fn create_request(
        &self,
        run: &RunSpec,
    ) -> Result<CreateRequest, ContainersError> {
        let (fields, _) = Fields::of(&run.options, self.facts_for(run).await?);
        Ok(fields.request(run))
    }

    pub(crate) async fn create_container(&self, run: &RunSpec) -> Result<Created, NotCreated> {
        let certain = |error| NotCreated { error, is_certain: true };
        let engine = self.engine().await.map_err(certain)?;
        let docker = &engine.docker;
        let proxies = DockerConfig::proxies(&self.settings).variables();
        let request = self.create_request(run).await.map_err(certain)?;
        let mut request = request.of_person(run).with_variables(proxies);
        if self.facts.get().is_some_and(|facts| facts.selinux) {
            request = request.labelled();
        }
        if let Some(name) = run.volume() {
            volume::require_new(docker, name, &run.name).await.map_err(certain)?;
            let uncertain = |error| NotCreated { error, is_certain: false };
            volume::create(docker, name, run).await.map_err(uncertain)?;
        }
        let options = CreateContainerOptions {
            name: Some(run.name.clone()),
            platform: run.options.platform.clone().unwrap_or_default(),
        };
        match request.send(engine, options).await {
            Ok(answer) => Ok(Created {
                discarded: answer
                    .warnings
                    .iter()
                    .find(|warning| fits(DISCARDED, warning))
                    .map(|warning| text::one_line(warning, 600)),
                id: answer.id,
                warnings: answer.warnings,
            }),
            Err(error) => {
                let unclear = engine_errors::is_unclear(&error);
                let is_missing = run.person.is_some() && person::is_missing(&error);
                let error = match is_missing {
                    true => ContainersError::PersonMissing,
                    false => refusal::named(run, self.facts.get(), "create the container", &error),
                };
                // Podman fails where Docker refuses.
                let is_certain =
                    !unclear || is_missing || matches!(error, ContainersError::NameTaken { .. });
                if is_certain && run.volume().is_some() {
                    // That of a container which won the name is in use and stays.
                    let _ = volume::remove(docker, &run.name).await;
                }
                Err(NotCreated { error, is_certain })
            }
        }
    }

    pub(crate) async fn start_container(
        &self,
        container: &ContainerRef,
        run: &RunSpec,
    ) -> Result<(), ContainersError> {
        let options = None::<StartContainerOptions>;
        let started = self.client().await?.start_container(&container.id, options).await;
        started
            .map_err(|error| refusal::named(run, self.facts.get(), "start the container", &error))
    }

    pub(crate) async fn start_again(
        &self,
        container: &ContainerRef,
    ) -> Result<(), ContainersError> {
        let options = None::<StartContainerOptions>;
        match self.client().await?.start_container(&container.id, options).await {
            Ok(()) => Ok(()),
            Err(error) if self.became(&error, container, |it| it == Some(Running)).await => Ok(()),
            Err(error) => Err(engine_errors::other("start the container again")(error)),
        }
    }

    pub(crate) async fn stop_container(
        &self,
        container: &ContainerRef,
        grace_seconds: u32,
    ) -> Result<(), ContainersError> {
        let grace = i32::try_from(grace_seconds).unwrap_or(i32::MAX);
        let options = StopContainerOptions { t: Some(grace), signal: None };
        // The engine answers when the program has ended.
        let patience = Duration::from_secs(u64::from(grace_seconds) + 60);
        let docker = self.client().await?.clone().with_timeout(patience);
        match docker.stop_container(&container.id, Some(options)).await {
            Ok(()) => Ok(()),
            Err(error) if engine_errors::status(&error) == Some(404) => Ok(()),
            Err(error) if self.became(&error, container, |state| !is_alive(state)).await => Ok(()),
            Err(Error::RequestTimeoutError) => Err(ContainersError::Engine {
                action: "stop the container",
                message: format!("it did not answer within {} s", patience.as_secs()),
            }),
            Err(error) => Err(engine_errors::other("stop the container")(error)),
        }
    }

    pub(crate) async fn pause_container(
        &self,
        container: &ContainerRef,
    ) -> Result<(), ContainersError> {
        match self.client().await?.pause_container(&container.id).await {
            Ok(()) => Ok(()),
            Err(error)
                if !is_of_state(&error)
                    && self.became(&error, container, |it| it == Some(Paused)).await =>
            {
                Ok(())
            }
            Err(error) => Err(wrong_state(&container.name, "paused", error)),
        }
    }

    pub(crate) async fn resume_container(
        &self,
        container: &ContainerRef,
    ) -> Result<(), ContainersError> {
        match self.client().await?.unpause_container(&container.id).await {
            Ok(()) => Ok(()),
            Err(error)
                if !is_of_state(&error)
                    && self.became(&error, container, |it| it == Some(Running)).await =>
            {
                Ok(())
            }
            Err(error) => Err(wrong_state(&container.name, "resumed", error)),
        }
    }

    /// With its anonymous volumes.
    pub(crate) async fn remove_container(
        &self,
        container: &ContainerRef,
    ) -> Result<(), ContainersError> {
        let options = RemoveContainerOptions { force: true, v: true, ..Default::default() };
        match self.client().await?.remove_container(&container.id, Some(options)).await {
            Ok(()) => Ok(()),
            Err(error) if engine_errors::status(&error) == Some(404) => Ok(()),
            // Somebody else (`docker run --rm`) is removing it.
            Err(error) if engine_errors::status(&error) == Some(409) => {
                self.wait_gone(&container.id).await
            }
            Err(error) if self.became(&error, container, |state| state.is_none()).await => Ok(()),
            Err(error) => Err(engine_errors::other("remove the container")(error)),
        }
    }

    /// After an unclear answer to a change: whether the container is as it was to become.
    /// The state of one that is gone is none.
    async fn became(
        &self,
        error: &Error,
        container: &ContainerRef,
        is_so: impl Fn(Option<ContainerState>) -> bool,
    ) -> bool {
        if !engine_errors::is_unclear(error) {
            return false;
        }
        let looked = tokio::time::timeout(LOOK_PATIENCE, self.inspect_container(&container.id));
        match looked.await {
            Ok(Ok(found)) => is_so(found.map(|found| found.state)),
            Ok(Err(_)) | Err(_) => false,
        }
    }

    async fn wait_gone(&self, id: &str) -> Result<(), ContainersError> {
        let docker = self.client().await?;
        let gone = async {
            loop {
                match docker.inspect_container(id, None).await {
                    Err(error) if engine_errors::status(&error) == Some(404) => return,
                    _ => tokio::time::sleep(GONE_PAUSE).await,
                }
            }
        };
        tokio::time::timeout(GONE_PATIENCE, gone).await.map_err(|_| ContainersError::Engine {
            action: "remove the container",
            message: format!("it is still there after {} s", GONE_PATIENCE.as_secs()),
        })
    }
}

/// Whether a program of the container may still run.
fn is_alive(state: Option<ContainerState>) -> bool {
    matches!(
        state,
        Some(ContainerState::Running | ContainerState::Paused | ContainerState::Restarting)
    )
}

/// How engines refuse to pause or resume because of the state, in lower case: Docker Engine
/// (with a capital before 25), Podman 4.3.
const OF_STATE: [&str; 7] = [
    "container {} is not running",
    "container {} is already paused",
    "container {} is not paused",
    "container {} is restarting, wait until the container is running",
    "{} is not running, can't pause: container state improper",
    "{} is already paused: container state improper",
    "{} is not paused, can't unpause: container state improper",
];

/// Whether an engine refused because of the state: nothing is unclear then, although Docker
/// 20.10 and Podman answer 500.
fn is_of_state(error: &Error) -> bool {
    let message = engine_errors::message(error).to_lowercase();
    OF_STATE.iter().any(|pattern| fits(pattern, &message))
}

/// Docker answers 409 or, like Podman, 500; both with a sentence about the state.
fn wrong_state(name: &str, action: &'static str, error: Error) -> ContainersError {
    let message = engine_errors::message(&error);
    match engine_errors::status(&error) {
        Some(404) => ContainersError::NotFound { name: name.to_owned() },
        Some(409 | 500) => ContainersError::WrongState { name: name.to_owned(), action, message },
        _ => engine_errors::other("change the container")(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_because_of_the_state_is_known_by_the_whole_message() {
        let is_of_state = |message: &str| {
            let message = message.to_owned();
            is_of_state(&Error::DockerResponseServerError { status_code: 500, message })
        };
        for message in [
            "Container 43df0294d1f3 is not paused",
            "Container 43df0294d1f3 is already paused",
            "container 43df0294d1f3 is not running",
            "\"43df0294d1f3\" is already paused: container state improper",
            "\"exited\" is not running, can't pause: container state improper",
            "\"43df0294d1f3\" is not paused, can't unpause: container state improper",
        ] {
            assert!(is_of_state(message), "{message}");
        }
        for message in ["the container manager is not running on this host", "it is not paused"] {
            assert!(!is_of_state(message), "{message}");
        }
    }
}
