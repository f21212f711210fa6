//! Sees that the image of a session is where the provider needs it: found,
//! pulled, or built from the project.

use crate::context::Context;
use crate::contract::{ContainersError, HostEngine, ImageError, OwnImage, Pull};
use crate::domain::changes::Change;
use crate::domain::{EngineCommand, EngineCommands, ErrorKind, ImageState};
use crate::error::SessionsError;
use crate::failure::Failure;
use crate::image::{CandidateImage, NoImageError, Own};
use crate::sandbox::{Instance, Invocation};

/// The image to start from, after it is there.
pub(super) async fn resolve(
    candidate: &CandidateImage,
    context: &Context,
    instance: &mut Instance,
    invocation: &Invocation,
) -> Result<String, Failure> {
    let replaced = instance.pre_start_checks(candidate.name.as_deref()).await?;
    let own_name = || candidate.name.clone();
    let image = match &candidate.own {
        // Typed: a provider with an image of its own says whether it can.
        Some(own) if own.force => own_name().or(replaced),
        _ => replaced.or_else(own_name),
    };
    let image = image.ok_or(NoImageError::NoCommit)?;
    match &candidate.own {
        Some(own) if candidate.name.as_deref() == Some(&image) => {
            let resolving =
                Resolving { context, instance, invocation, pull: candidate.pull, image };
            resolving.own(own).await
        }
        // Named by the user, or by the provider: never ours to build.
        _ => {
            let resolving =
                Resolving { context, instance, invocation, pull: candidate.pull, image };
            resolving.named().await
        }
    }
}

struct Resolving<'a> {
    context: &'a Context,
    instance: &'a mut Instance,
    invocation: &'a Invocation,
    pull: Pull,
    image: String,
}

impl Resolving<'_> {
    /// Somebody said which image: it is there, it is pulled, or that is an error.
    async fn named(self) -> Result<String, Failure> {
        match self.instance.find_image(&self.image).await? {
            ImageState::Local if self.pull != Pull::Always => {}
            ImageState::Local | ImageState::Remote => self.pull().await?,
            ImageState::Inaccessible => {
                return Err(self.inaccessible().await.into());
            }
            ImageState::Absent if self.pull == Pull::Never => {
                return Err(NoImageError::NotHere { image: self.image }.into());
            }
            ImageState::Absent => {
                return Err(NoImageError::Absent { image: self.image }.into());
            }
        }
        Ok(self.image)
    }

    /// The project's own image: one that was built from the same, else one that
    /// the registry has, else it is built.
    async fn own(mut self, own: &Own) -> Result<String, Failure> {
        if own.force {
            return self.build(own, None).await;
        }
        if self.pull == Pull::Always && own.in_registry {
            match self.pull().await {
                Ok(()) => return Ok(self.image),
                Err(failure) if self.may_go_on(own, &failure) => {
                    self.context.notices().warning(failure.0.as_ref());
                }
                Err(failure) => return Err(failure),
            }
        }
        let question = format!("The image `{}` does not exist yet", self.image);
        if let Some(containers) = &self.invocation.containers {
            match self
                .context
                .unless_interrupted(self.of_the_same(containers.as_ref(), own))
                .await?
            {
                OwnImage::Here => return Ok(self.image),
                OwnImage::Renamed => {
                    tracing::info!(
                        "nothing that `{}` is built from has changed: using an existing image",
                        self.image
                    );
                    return Ok(self.image);
                }
                OwnImage::Other => {
                    let question = format!("The image `{}` was built from other files", self.image);
                    return self.build(own, Some(question)).await;
                }
                OwnImage::Unknown => return self.unknown().await,
                OwnImage::Missing => {}
            }
        }
        match self.elsewhere(own).await? {
            ImageState::Local => Ok(self.image),
            ImageState::Remote => match self.pull().await {
                Ok(()) => Ok(self.image),
                Err(failure) if self.may_go_on(own, &failure) => {
                    self.context.notices().warning(failure.0.as_ref());
                    self.build(own, Some(question)).await
                }
                Err(failure) => Err(failure),
            },
            ImageState::Inaccessible => {
                self.context.notices().warning(&self.inaccessible().await);
                self.build(own, Some(question)).await
            }
            ImageState::Absent => self.build(own, Some(question)).await,
        }
    }

    /// The commands of the engine's own client; none where no engine serves the provider.
    async fn commands(&self) -> EngineCommands {
        match &self.invocation.containers {
            Some(containers) => containers.commands().await,
            None => EngineCommands::default(),
        }
    }

    /// That the image may not be read.
    async fn inaccessible(&self) -> NoImageError {
        let image = self.image.clone();
        let log_in = self.commands().await.line(EngineCommand::LogIn(registry_of(&image)));
        NoImageError::Inaccessible { image, log_in }
    }

    /// An image of the right name that somebody else made is used when the user
    /// says so, and never built over.
    async fn unknown(self) -> Result<String, Failure> {
        let question = format!(
            "The image `{}` was not built by `renku session`, so nobody knows whether it is up to \
             date. Use it?",
            self.image
        );
        if self.context.dry_run().is_none() && !self.context.confirm("--yes", question).await? {
            let client = self.commands().await;
            let error = ImageError::NotOurs { image: self.image, client };
            return Err(ContainersError::from(error).into());
        }
        Ok(self.image)
    }

    /// Whether the engine has an image that was built from the same; it is given
    /// the name.
    async fn of_the_same(
        &self,
        containers: &dyn HostEngine,
        own: &Own,
    ) -> Result<OwnImage, Failure> {
        let rename = !self.context.changes_nothing();
        let found = containers.own_image(&self.image, &own.built_from, rename).await?;
        if found == OwnImage::Renamed {
            let answer = self.context.may(|| Change::Tag { image: self.image.clone() });
            self.or_shown(answer.map_err(Failure::from))?;
            if let Some(dry_run) = self.context.dry_run()
                && let Some(other) = containers.image_of(&self.image, &own.built_from).await?
            {
                dry_run.let_stand_in(self.image.clone(), other);
            }
        }
        Ok(found)
    }

    /// Asks the provider. A registry that does not answer must not keep anybody
    /// from building, but is never taken for one that does not have the image.
    async fn elsewhere(&mut self, own: &Own) -> Result<ImageState, Failure> {
        match self.instance.find_image(&self.image).await {
            Ok(state) => Ok(state),
            Err(error) => {
                let failure = Failure::from(error);
                if !self.may_go_on(own, &failure) {
                    return Err(failure);
                }
                self.context.notices().warning(failure.0.as_ref());
                Ok(ImageState::Absent)
            }
        }
    }

    /// Whether a failure is the registry's alone.
    fn may_go_on(&self, own: &Own, failure: &Failure) -> bool {
        let kinds = [ErrorKind::Unavailable, ErrorKind::Unauthenticated, ErrorKind::NotFound];
        own.in_registry && kinds.contains(&failure.0.kind())
    }

    /// Pulls for providers that run containers here; elsewhere it is not our
    /// image.
    async fn pull(&self) -> Result<(), Failure> {
        let Some(calls) = &self.invocation.calls else { return Ok(()) };
        self.or_shown(self.context.unless_interrupted(calls.pull_image(&self.image)).await)
    }

    /// What a dry run did not do is on its list, and the start goes on.
    fn or_shown(&self, result: Result<(), Failure>) -> Result<(), Failure> {
        match result {
            Err(failure)
                if self.context.dry_run().is_some() && failure.0.kind() == ErrorKind::DryRun =>
            {
                Ok(())
            }
            result => result,
        }
    }

    /// Builds, after a question unless there is none.
    async fn build(self, own: &Own, why: Option<String>) -> Result<String, Failure> {
        // Before the question, too: nobody should say yes in vain.
        if let Some(containers) = &self.invocation.containers {
            self.context.unless_interrupted(containers.may_build(&self.image)).await?;
        }
        if self.context.dry_run().is_none() {
            self.context.may(|| Change::Build {
                image: self.image.clone(),
                descriptor: own.descriptor.clone(),
                folder: self.invocation.request.project_root.clone().unwrap_or_default(),
            })?;
        }
        if let Some(why) = why.filter(|_| self.context.dry_run().is_none()) {
            let question = format!("{why}. Build it from `{}`?", own.descriptor);
            if !self.context.confirm("--yes", question).await? {
                return Err(SessionsError::Declined { what: "building the image" }.into());
            }
        }
        let built = self.instance.build_image(&own.descriptor, &self.image).await;
        self.or_shown(built.map_err(Failure::from))?;
        Ok(self.image)
    }
}

/// The registry in the name of an image; none: the default one.
fn registry_of(image: &str) -> Option<&str> {
    let (host, _) = image.split_once('/')?;
    (host.contains(['.', ':']) || host == "localhost").then_some(host)
}
