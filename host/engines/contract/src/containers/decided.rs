//! A container before it is made: everything that is only read and decided.

use crate::domain::changes::PlannedContainer;
use crate::images::Owner;
use crate::policy::{host_ports, resources};
use crate::{
    ContainerSpec, Containers, ContainersError, Decided, EnginePlace, Known, ProjectFiles, Reach,
    RunAs, RunSpec, admit, decide,
};

impl Containers {
    /// The container that would be started. Nothing is changed. The image is looked at
    /// under the name `stand_in` where that is given.
    ///
    /// # Errors
    ///
    /// As [`Self::start`], as far as no answer of the engine to it is needed.
    pub async fn planned(
        &self,
        spec: ContainerSpec,
        stand_in: Option<&str>,
    ) -> Result<PlannedContainer, ContainersError> {
        let run = self.decided(spec, stand_in).await?;
        self.allow(&run).await?;
        let driver = &self.0.driver;
        let (container, command) = tokio::try_join!(driver.request(&run), driver.command(&run))?;
        Ok(PlannedContainer {
            container: Some(container).filter(|container| !container.is_null()),
            spec: serde_json::to_value(&run).unwrap_or_default(),
            rows: run.rows(),
            command,
        })
    }

    /// How many files and folders are copied for this container; none when it
    /// does not get a copy.
    #[must_use]
    pub fn copied_paths(&self, spec: &ContainerSpec) -> Option<usize> {
        let project = self.0.scope.project.as_ref()?;
        match (&project.files, &spec.mount_project) {
            (ProjectFiles::Copied(copy), Some(_)) => Some(copy.paths.len()),
            _ => None,
        }
    }

    /// The container that will be made.
    pub(crate) async fn decided(
        &self,
        spec: ContainerSpec,
        stand_in: Option<&str>,
    ) -> Result<RunSpec, ContainersError> {
        let project = self.0.scope.project.as_ref().ok_or(ContainersError::NoProject)?;
        let options = &self.0.options;
        let admitted = admit(spec, options, &self.0.limits)?;
        let spec = &admitted.spec;
        let owner = Owner::of(&project.root)?;
        if spec.mount_project.is_some() {
            self.check_project_files().await?;
        }
        // Only where something depends on them: they cost more than the start itself.
        let need_facts = resources::need_facts(&spec.resources)
            || options.reach() == Reach::Host
            || (spec.run_as == RunAs::ProjectOwner && owner.uid != 0);
        let image = stand_in.unwrap_or(&spec.image);
        let (image, facts) = tokio::try_join!(self.image_config(image), async {
            if need_facts { self.0.driver.facts().await.map(Some) } else { Ok(None) }
        })?;
        let user = self.0.scope.key.make()?.owner();
        let known = Known { image: &image, facts: facts.as_ref(), owner, user: &user };
        let published = admitted.spec.publish.clone();
        let Decided { run, left_out } = decide(admitted, &self.0.scope, options, &known)?;
        left_out.iter().for_each(|error| self.tell_left_out(error));
        if options.reach() == Reach::Host
            && facts.is_some_and(|facts| facts.shares_network)
            && self.0.driver.place().await? == EnginePlace::Here
        {
            host_ports::check(&published)?;
        }
        let mut gaps = self.0.driver.cannot(&run).await?;
        if run.time_limit.is_some() && !self.0.driver.limits_time() {
            gaps.missing.push(ContainersError::TimeLimitUnsupported);
        }
        for missing in gaps.missing {
            if !options.best_effort {
                return Err(missing);
            }
            self.tell_left_out(&missing);
        }
        gaps.notes.iter().for_each(|note| self.0.reporter.message(note));
        Ok(run)
    }

    /// Wants that nothing in the container is forbidden.
    pub(crate) async fn allow(&self, run: &RunSpec) -> Result<(), ContainersError> {
        let Err(error) = self.check_dangers(&run.image, None) else { return Ok(()) };
        // Values of variables may be secrets, so only their names are shown.
        let shown = self.0.driver.request(&run.masked()).await?;
        let shown = serde_json::to_string_pretty(&shown).unwrap_or_default();
        self.check_dangers(&run.image, Some(shown)).and(Err(error))
    }
}
