//! Containers: made, started, looked at, ended and removed.

use std::time::Duration;

use jiff::Timestamp;

use crate::call::Call;
use crate::container::{Container, Stage};
use crate::contract::{
    ContainerRef, ContainersError, Created, Filter, Found, ImageError, LogSink, NotCreated,
    RunSpec, last_lines, volume_of,
};
use crate::domain::EngineCommands;
use crate::engine::{Memory, leave};
use crate::programs::Signal;
use crate::state::State;

/// How often a program is looked at.
const LOOK: Duration = Duration::from_millis(10);

impl Memory {
    pub(crate) async fn create_container(&self, run: &RunSpec) -> Result<Created, NotCreated> {
        let certain = |error| NotCreated { error, is_certain: true };
        let effect = self.enter(Call::Create).await.map_err(certain)?;
        let id = self.at_once(Call::Create, |state| create(state, run)).map_err(certain)?;
        // Without an answer nobody knows whether it exists.
        let uncertain = |error| NotCreated { error, is_certain: false };
        leave(Call::Create, effect.as_ref()).map_err(uncertain)?;
        Ok(Created { id, ..Created::default() })
    }

    pub(crate) async fn start_container(&self, of: &ContainerRef) -> Result<(), ContainersError> {
        self.call(Call::Start, |state| {
            let container = state.container(&of.id).ok_or_else(|| missing(of))?;
            self.programs.start(container)?;
            container.stage = Stage::Running;
            container.exit_code = None;
            Ok(())
        })
        .await
    }

    pub(crate) async fn list_containers(
        &self,
        filter: &Filter,
    ) -> Result<Vec<Found>, ContainersError> {
        self.call(Call::List, |state| {
            let passes = |it: &&Container| filter.passes(&it.labels);
            let mut found: Vec<&Container> = state.containers.values().filter(passes).collect();
            found.sort_by_key(|container| std::cmp::Reverse(container.number));
            // A list knows less than an inspection.
            let listed = |it: &Container| Found {
                exit_code: None,
                out_of_memory: false,
                environment: Vec::new(),
                ..it.found()
            };
            Ok(found.into_iter().map(listed).collect())
        })
        .await
    }

    pub(crate) async fn inspect_container(
        &self,
        name: &str,
    ) -> Result<Option<Found>, ContainersError> {
        self.call(Call::Inspect, |state| {
            let by_id = || state.containers.values().find(|it| it.id.starts_with(name));
            Ok(state.containers.get(name).or_else(by_id).map(Container::found))
        })
        .await
    }

    pub(crate) async fn wait_for_end(
        &self,
        of: &ContainerRef,
    ) -> Result<Option<i32>, ContainersError> {
        loop {
            let seen = self.at_once(Call::Inspect, |state| Ok(state.container(&of.id).cloned()))?;
            match seen {
                Some(it) if matches!(it.stage, Stage::Running | Stage::Paused) => {
                    tokio::time::sleep(LOOK).await;
                }
                Some(it) => return Ok(it.exit_code),
                None => return Ok(None),
            }
        }
    }

    pub(crate) async fn send_logs(
        &self,
        of: &ContainerRef,
        tail: Option<u32>,
        follow: bool,
        sink: &dyn LogSink,
    ) -> Result<(), ContainersError> {
        let container = self
            .call(Call::Logs, |state| state.container(&of.id).cloned().ok_or_else(|| missing(of)));
        let container = container.await?;
        let mut output = self.programs.output(&container);
        sink.write(last_lines(&output, tail))?;
        while follow && self.runs(&container)? {
            tokio::time::sleep(LOOK).await;
            let now = self.programs.output(&container);
            if let Some(new) = now.get(output.len()..).filter(|new| !new.is_empty()) {
                sink.write(new)?;
            }
            output = now;
        }
        Ok(())
    }

    fn runs(&self, of: &Container) -> Result<bool, ContainersError> {
        let is_up = |it: &Container| matches!(it.stage, Stage::Running | Stage::Paused);
        self.at_once(Call::Logs, |state| Ok(state.container(&of.id).is_some_and(|it| is_up(it))))
    }

    pub(crate) async fn stop_container(
        &self,
        of: &ContainerRef,
        grace_seconds: u32,
    ) -> Result<(), ContainersError> {
        let container = self.call(Call::Stop, |state| Ok(state.container(&of.id).cloned())).await?;
        let Some(container) = container else { return Ok(()) };
        self.programs.signal(&container, Signal::Terminate);
        let grace = Duration::from_secs(u64::from(grace_seconds));
        if tokio::time::timeout(grace, self.wait_for_end(of)).await.is_err() {
            self.programs.signal(&container, Signal::Kill);
            self.wait_for_end(of).await?;
        }
        Ok(())
    }

    pub(crate) async fn freeze(&self, of: &ContainerRef) -> Result<(), ContainersError> {
        self.call(Call::Pause, |state| {
            let (from, to) = (Stage::Running, Stage::Paused);
            let container = turn(state, of, "paused", from, to)?;
            self.programs.signal(container, Signal::Stop);
            Ok(())
        })
        .await
    }

    pub(crate) async fn thaw(&self, of: &ContainerRef) -> Result<(), ContainersError> {
        self.call(Call::Resume, |state| {
            let (from, to) = (Stage::Paused, Stage::Running);
            let container = turn(state, of, "resumed", from, to)?;
            self.programs.signal(container, Signal::Continue);
            Ok(())
        })
        .await
    }

    pub(crate) async fn remove_container(&self, of: &ContainerRef) -> Result<(), ContainersError> {
        self.call(Call::Remove, |state| {
            if let Some(container) = state.container(&of.id) {
                self.programs.signal(container, Signal::Kill);
                let name = container.name.clone();
                state.containers.remove(&name);
            }
            Ok(())
        })
        .await?;
        self.kept.forget_files(&of.id);
        Ok(())
    }

    pub(crate) async fn remove_volume(&self, container: &str) -> Result<(), ContainersError> {
        self.call(Call::RemoveCopy, |state| {
            state.volumes.remove(&volume_of(container));
            Ok(())
        })
        .await
    }
}

fn create(state: &mut State, run: &RunSpec) -> Result<String, ContainersError> {
    if state.containers.contains_key(&run.name) {
        return Err(ContainersError::NameTaken { name: run.name.clone() });
    }
    if let Some(volume) = run.volume().filter(|volume| state.volumes.contains_key(*volume)) {
        return Err(ContainersError::VolumeTaken {
            volume: volume.to_owned(),
            client: EngineCommands::default(),
        });
    }
    let Some(image) = state.image(&run.image).cloned() else {
        return Err(ImageError::ImageMissing {
            image: run.image.clone(),
            client: EngineCommands::default(),
        }
        .into());
    };
    let mut container = Container::of(run);
    container.number = state.next();
    container.id = state.new_id(&run.name).trim_start_matches("sha256:").to_owned();
    container.created_at = Timestamp::now().to_string();
    container.image_id.clone_from(&image.id);
    let entrypoint = run.entrypoint.as_ref();
    // As in `docker run`: with another entrypoint the image's command does not fit.
    let command = match (&run.command, entrypoint) {
        (Some(command), _) => command.clone(),
        (None, Some(_)) => Vec::new(),
        (None, None) => image.command.clone(),
    };
    container.program =
        entrypoint.unwrap_or(&image.entrypoint).iter().cloned().chain(command).collect();
    for (name, value) in image.environment {
        container.environment.entry(name).or_insert(value);
    }
    for (label, value) in image.labels {
        container.labels.entry(label).or_insert(value);
    }
    if container.working_directory.is_empty() {
        container.working_directory = image.working_directory;
    }
    if container.user.is_empty() {
        container.user = image.user;
    }
    if let Some(volume) = run.volume() {
        state.volumes.insert(volume.to_owned(), run.volume_labels());
    }
    let id = container.id.clone();
    state.containers.insert(run.name.clone(), container);
    Ok(id)
}

fn turn<'a>(
    state: &'a mut State,
    of: &ContainerRef,
    action: &'static str,
    from: Stage,
    to: Stage,
) -> Result<&'a Container, ContainersError> {
    let container = state.container(&of.id).ok_or_else(|| missing(of))?;
    if container.stage != from {
        let message = format!("it is {}", container.found().state.as_str());
        return Err(ContainersError::WrongState { name: of.name.clone(), action, message });
    }
    container.stage = to;
    Ok(container)
}

pub(crate) fn missing(of: &ContainerRef) -> ContainersError {
    ContainersError::NotFound { name: of.name.clone() }
}
