//! Builds with the engine's classic builder, where there is no BuildKit.
//!
//! API: `POST /build`. `rm` and `forcerm` leave no containers of steps behind;
//! the engine ends a build whose client is gone.

use std::time::Duration;

use bollard::Docker;
use bollard::body_try_stream;
use bollard::query_parameters::BuildImageOptions;
use futures_util::StreamExt;

use super::steps::Steps;
use crate::contract::{Building, ContainersError};
use crate::credentials::credentials;
use crate::engine_errors;
use crate::images::{Context, Recipe};
use crate::registry::Logins;

/// A build has no limit; it can be interrupted.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// Builds `recipe` out of `context`. The images of its steps are written down as
/// they come: without a last one that is named they are leftovers.
///
/// # Errors
///
/// What the build failed with.
pub(super) async fn build(
    docker: &Docker,
    logins: Logins,
    recipe: &Recipe,
    context: &mut Context,
    building: Building<'_>,
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
    let logins = logins.map(|(key, login)| {
        let login = credentials(login, &key);
        (key, login)
    });
    let logins = logins.collect();
    let body = body_try_stream(context.stream());
    let mut answers = docker.build_image(options, Some(logins), Some(body));
    let mut steps = Steps::default();
    while let Some(answer) = answers.next().await {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                let message = engine_errors::message(&error);
                return Err(steps.failure(&recipe.image, message).into());
            }
        };
        let text = answer.stream.or(answer.status).unwrap_or_default();
        for line in steps.add(&text) {
            if let Some((number, total)) = steps.position() {
                building.step(number, total);
            }
            building.note(&line);
        }
        building.leaves(steps.made());
    }
    Ok(())
}
