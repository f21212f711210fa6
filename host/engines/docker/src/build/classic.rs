//! Builds with the engine's classic builder, where there is no BuildKit.
//!
//! API: `POST /build`. `rm` and `forcerm` leave no containers of steps behind;
//! the engine ends a build whose client is gone.

use std::collections::HashMap;

use bollard::errors::Error;
use bollard::models::BuildInfo;

use super::request::Build;
use super::steps::Steps;
use crate::connect::Engine;
use crate::contract::{Building, ContainersError};
use crate::credentials::{credentials, header};
use crate::engine_errors;
use crate::images::{Context, Recipe};
use crate::proxies::Proxies;
use crate::registry::Logins;

/// Builds `recipe` out of `context`. The images of its steps are written down as
/// they come: without a last one that is named they are leftovers.
///
/// # Errors
///
/// What the build failed with.
pub(super) async fn build(
    engine: &Engine,
    logins: Logins,
    proxies: &Proxies,
    recipe: &Recipe,
    context: &mut Context,
    building: Building<'_>,
) -> Result<(), ContainersError> {
    let logins = logins.all().await.into_iter();
    let logins = logins.map(|(key, login)| {
        let login = credentials(login, &key);
        (key, login)
    });
    let logins: HashMap<_, _> = logins.collect();
    let mut steps = Steps::default();
    let failed =
        |steps: Steps, error: &Error| steps.failure(&recipe.image, engine_errors::message(error));
    let asked = async {
        let build = Build::of(recipe, proxies, &[("rm", "1"), ("forcerm", "1")])?;
        build.send(engine.address.dial().await?, context, Some(header(&logins)?)).await
    };
    let mut lines = match asked.await {
        Ok(lines) => lines,
        Err(error) => return Err(failed(steps, &error).into()),
    };
    loop {
        let answer = match lines.next::<BuildInfo>().await {
            Ok(Some(answer)) => answer,
            Ok(None) => return Ok(()),
            Err(error) => return Err(failed(steps, &error).into()),
        };
        if let Some(error) = answer.error_detail.and_then(|detail| detail.message) {
            return Err(failed(steps, &Error::DockerStreamError { error }).into());
        }
        let text = answer.stream.or(answer.status).unwrap_or_default();
        for line in steps.add(&text) {
            if let Some((number, total)) = steps.position() {
                building.step(number, total);
            }
            building.note(&line);
        }
        building.leaves(steps.made());
    }
}
