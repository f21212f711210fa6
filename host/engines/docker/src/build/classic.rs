//! Builds with the engine's classic builder, where there is no BuildKit.
//!
//! API: `POST /build`. `rm` and `forcerm` leave no containers of steps behind;
//! the engine ends a build whose client is gone.

use std::time::Duration;

use bollard::Docker;
use bollard::body_try_stream;
use bollard::query_parameters::BuildImageOptions;
use futures_util::StreamExt;

use super::super::credentials::credentials;
use super::super::{Containers, ContainersError, engine_errors};
use super::steps::Steps;
use crate::domain::Phase;
use crate::images::{Context, Recipe};
use crate::registry::Logins;

/// A build has no limit; it can be interrupted.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

impl Containers {
    /// Builds `recipe` out of `context`. The images of its steps are written
    /// down as they come: without a last one that is named they are leftovers.
    pub(super) async fn build_classic(
        &self,
        docker: &Docker,
        logins: Logins,
        recipe: &Recipe,
        context: &mut Context,
        phase: &Phase,
    ) -> Result<(), ContainersError> {
        let docker = docker.clone().with_timeout(PATIENCE);
        let options = BuildImageOptions {
            dockerfile: recipe.dockerfile.clone(),
            t: Some(recipe.image.clone()),
            labels: Some(recipe.labels.clone().into_iter().collect()),
            buildargs: (!recipe.arguments.is_empty())
                .then(|| recipe.arguments.clone().into_iter().collect()),
            pull: recipe.refresh.then(|| "1".to_owned()),
            rm: true,
            forcerm: true,
            ..BuildImageOptions::default()
        };
        let logins = logins.all().await.into_iter();
        let logins = logins.map(|(key, login)| (key, credentials(login))).collect();
        let body = body_try_stream(context.stream());
        let mut answers = docker.build_image(options, Some(logins), Some(body));
        let mut steps = Steps::default();
        while let Some(answer) = answers.next().await {
            let answer = match answer {
                Ok(answer) => answer,
                Err(error) => {
                    let message = engine_errors::message(&error);
                    drop(answers);
                    self.remove_step_images().await;
                    return Err(steps.failure(&recipe.image, message).into());
                }
            };
            let text = answer.stream.or(answer.status).unwrap_or_default();
            for line in steps.add(&text) {
                if let Some((number, total)) = steps.position() {
                    phase.amount(number, total, "steps");
                }
                phase.note(&line);
            }
            self.0.ledger.set_step_images(steps.made());
        }
        self.0.ledger.set_step_images(&[]);
        Ok(())
    }

    /// Removes what a build that did not end well left: images without a name,
    /// the newest first, because it stands on the others.
    pub(in super::super) async fn remove_step_images(&self) {
        use bollard::query_parameters::RemoveImageOptions;
        let Ok(docker) = self.engine().await else { return };
        for id in self.0.ledger.take_step_images().iter().rev() {
            // The ones below may be of an earlier build, which is no leftover.
            let options = RemoveImageOptions { noprune: true, ..RemoveImageOptions::default() };
            if let Err(error) = docker.remove_image(id, Some(options), None).await {
                tracing::debug!("image `{id}` stays: {}", engine_errors::message(&error));
            }
        }
    }
}
