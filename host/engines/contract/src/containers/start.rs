//! Create and start, with nothing left behind on failure.

use std::sync::Arc;

use super::copy;
use crate::domain::{Phase, Resources};
use crate::driver::{ContainerRef, Created, NotCreated};
use crate::policy::resources;
use crate::{ContainerInfo, ContainerSpec, Containers, ContainersError, ProjectFiles, RunSpec};

impl Containers {
    /// Creates and starts a container of a local image.
    ///
    /// When this fails, nothing is left. When it is dropped in the middle,
    /// [`Containers::remove_created`] removes what there is.
    ///
    /// # Errors
    ///
    /// Whatever the policy refuses, before the engine is asked;
    /// [`ImageError::ImageMissing`](super::ImageError), `NameTaken`, `CpuOverLimit`,
    /// `DiskUnsupported`, `GpuUnavailable`.
    pub async fn start(&self, spec: ContainerSpec) -> Result<ContainerInfo, ContainersError> {
        let mut run = self.decided(spec, None).await?;
        loop {
            self.allow(&run).await?;
            match self.start_once(&run).await {
                Ok(()) => {
                    let name = &run.name;
                    let seen = self.seen(name).await;
                    return seen
                        .map(|seen| seen.info)
                        .map_err(|error| self.unless_gone(name, error));
                }
                // Whether there is a GPU only the engine's own answer tells.
                Err(error) => self.leave_out(&mut run.resources, error)?,
            }
        }
    }

    /// With `--best-effort`: takes what the engine cannot do out of `resources`, and
    /// says so.
    ///
    /// # Errors
    ///
    /// `error` itself, when it is about something else or nobody allowed this.
    fn leave_out(
        &self,
        resources: &mut Resources,
        error: ContainersError,
    ) -> Result<(), ContainersError> {
        match resources::without(resources, &error) {
            Some(less) if self.0.options.best_effort => {
                self.tell_left_out(&error);
                *resources = less;
                Ok(())
            }
            _ => Err(error),
        }
    }

    /// Says what is left out.
    pub(crate) fn tell_left_out(&self, error: &ContainersError) {
        self.0.reporter.message(&format!("warning: {error}; it is left out"));
    }

    async fn start_once(&self, run: &RunSpec) -> Result<(), ContainersError> {
        let created = match self.create(run).await {
            Err(ContainersError::PersonMissing) => match self.make_person(run).await {
                Ok(()) => self.create(run).await,
                Err(error) => Err(error),
            },
            created => created,
        };
        let Created { id, warnings, discarded } = match created {
            Ok(created) => created,
            Err(error) => {
                // After an unclear answer it may exist. A name that somebody else has is
                // not in the list.
                if !matches!(error, ContainersError::NameTaken { .. }) {
                    let _ = self.remove_one_created(&run.name).await;
                }
                return Err(error);
            }
        };
        let container = ContainerRef { id, name: run.name.clone() };
        let ran = match discarded.filter(|_| !self.0.options.best_effort) {
            Some(message) => Err(ContainersError::Discarded { message }),
            None => self.fill_and_start(&container, run).await,
        };
        match ran {
            Ok(()) => {
                for warning in &warnings {
                    let message = format!("warning from the engine: {warning}");
                    self.0.reporter.message(&message);
                }
                Ok(())
            }
            Err(error) => {
                // The first failure is the one to report; a container that
                // could not be removed stays in the list of `created`.
                let _ = self.remove_one_created(&run.name).await;
                Err(error)
            }
        }
    }

    /// Makes the session's user in the image: once for the image and the owner.
    async fn make_person(&self, run: &RunSpec) -> Result<(), ContainersError> {
        let Some(person) = &run.person else { return Err(ContainersError::PersonMissing) };
        let phase = format!("Making you a user of the image {}", run.image);
        let _phase = Phase::begin(&self.0.reporter, &phase);
        self.0.driver.make_person(person).await
    }

    /// The create request in a task of its own: dropping the caller does not make an
    /// engine forget a request it has read, so somebody has to wait for its answer.
    async fn create(&self, run: &RunSpec) -> Result<Created, ContainersError> {
        let name = run.name.clone();
        let guard = self
            .0
            .ledger
            .begin(&name)
            .ok_or_else(|| ContainersError::NameTaken { name: name.clone() })?;
        let (driver, ledger) = (Arc::clone(&self.0.driver), Arc::clone(&self.0.ledger));
        let run = run.clone();
        let task = tokio::spawn(async move {
            let _guard = guard;
            match driver.create(&run).await {
                Ok(created) => {
                    ledger.created(&name, &created.id);
                    Ok(created)
                }
                Err(NotCreated { error, is_certain }) => {
                    if is_certain {
                        ledger.forget(&name);
                    }
                    Err(error)
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

    async fn fill_and_start(
        &self,
        container: &ContainerRef,
        run: &RunSpec,
    ) -> Result<(), ContainersError> {
        let driver = &self.0.driver;
        if let (Some(project), Some(mount)) = (&self.0.scope.project, &run.project) {
            let filled = match &project.files {
                ProjectFiles::Mounted => Ok(()),
                ProjectFiles::Copied(files) => {
                    let _phase = Phase::begin(&self.0.reporter, "Copying the project");
                    copy::fill(driver.as_ref(), container, mount, &project.root, files).await
                }
                ProjectFiles::Absent => copy::make_folder(driver.as_ref(), container, mount).await,
            };
            filled.map_err(|error| error.during("copy the project"))?;
        }
        driver.start(container, run).await
    }
}
