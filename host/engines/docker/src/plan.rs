//! What a container will be, before the engine is told to make one: everything
//! that is only read and decided.

use super::create::{CreateRequest, Fields};
use super::facts::EngineFacts;
use super::options::Reach;
use super::run_as::{self, EngineUsers, Identity};
use super::{
    ContainerSpec, Containers, ContainersError, ImageConfig, ProjectFiles, RunAs, host_ports,
    policy, resources,
};
use crate::images::Owner;

/// A container before it is made.
pub(super) struct Plan {
    pub(super) spec: ContainerSpec,
    pub(super) facts: Option<EngineFacts>,
    pub(super) identity: Identity,
    pub(super) owner: Owner,
    pub(super) image: ImageConfig,
    fields: Fields,
}

impl Containers {
    /// What the engine would be sent, as JSON. Nothing is changed. The image is
    /// looked at under the name `stand_in` where that is given.
    ///
    /// # Errors
    ///
    /// As [`Self::start`], as far as no answer of the engine to it is needed.
    pub async fn planned(
        &self,
        spec: ContainerSpec,
        stand_in: Option<&str>,
    ) -> Result<serde_json::Value, ContainersError> {
        let plan = self.plan(spec, stand_in).await?;
        let mut body = self.request(&plan)?.json().unwrap_or_default();
        // Labels have no order of their own.
        body.sort_all_objects();
        Ok(body)
    }

    /// How many files and folders are copied for this container; none when it
    /// does not get a copy.
    pub(super) fn copied_paths(&self, spec: &ContainerSpec) -> Option<usize> {
        let project = self.0.scope.project.as_ref()?;
        match (&project.files, &spec.mount_project) {
            (ProjectFiles::Copied(copy), Some(_)) => Some(copy.paths.len()),
            _ => None,
        }
    }

    /// Everything that is known before the engine is told to do something.
    pub(super) async fn plan(
        &self,
        spec: ContainerSpec,
        stand_in: Option<&str>,
    ) -> Result<Plan, ContainersError> {
        let project = self.0.scope.project.as_ref().ok_or(ContainersError::NoProject)?;
        let options = &self.0.options;
        policy::check(&spec)?;
        let is_cpu_asked = spec.resources.cpu.is_some();
        let mut spec = self.0.limits.bound(spec)?;
        policy::check_options(&spec, options)?;
        let owner = Owner::of(&project.root)?;
        if spec.mount_project.is_some() {
            self.check_project_files().await?;
        }
        let engine = self.connected().await?;
        let need_facts = resources::need_facts(&spec.resources)
            || Fields::need_facts(options)
            || options.reach() == Reach::Host
            || (spec.run_as == RunAs::ProjectOwner && owner.uid != 0);
        let image = stand_in.unwrap_or(&spec.image);
        let (image, facts) = tokio::try_join!(self.image_config(image), async {
            if need_facts { EngineFacts::ask(engine).await.map(Some) } else { Ok(None) }
        })?;
        if let Some(facts) = &facts {
            if !is_cpu_asked {
                resources::at_most_all_cpus(&mut spec.resources, facts);
            }
            while let Err(error) = resources::check_engine(&spec.resources, facts) {
                self.leave_out(&mut spec, error)?;
            }
        }
        if options.reach() == Reach::Host
            && facts.as_ref().is_some_and(EngineFacts::shares_network)
            && !engine.address.is_remote()
        {
            host_ports::check(&spec.publish)?;
        }
        let (fields, missing) = Fields::of(options, facts.as_ref());
        if let Some(missing) = missing {
            self.leave_out_or_fail(missing)?;
        }
        if let Some(note) = fields.note() {
            self.0.reporter.message(note);
        }
        // A project of root on an engine that was not asked: uid 0 is right on
        // every kind of engine.
        let users = match (&facts, &project.files) {
            (None, _) => EngineUsers::Same,
            (Some(facts), ProjectFiles::Mounted) => facts.users(),
            (Some(facts), _) => facts.users_of_copies(),
        };
        let asked = options.typed_over(&spec);
        let identity = run_as::decide(&asked, &image, owner, users, options.user.as_deref());
        Ok(Plan { spec, facts, identity, owner, image, fields })
    }

    /// What the engine is sent, when nothing in it is forbidden.
    pub(super) fn request(&self, plan: &Plan) -> Result<CreateRequest, ContainersError> {
        let project = self.0.scope.project.as_ref().ok_or(ContainersError::NoProject)?;
        let body = policy::create_body(
            &plan.spec,
            &self.0.scope,
            &self.0.scope.key.make()?.owner(),
            project,
            &plan.identity,
            &self.0.options,
            &plan.image.exposed_ports,
        );
        let request = plan.fields.request(body);
        self.check_dangers(&plan.spec.image, || Some(request.shown()))?;
        Ok(request)
    }
}
