//! Builds: the Dockerfile is read, and an image remembers what it says.

use std::io::Read as _;
use std::pin::pin;

use futures_util::StreamExt as _;
use jiff::Timestamp;

use crate::call::Call;
use crate::contract::{Building, ContainersError, ImageError, Recipe};
use crate::domain::EngineCommands;
use crate::engine::{Memory, leave};
use crate::fault;
use crate::image::{Access, Image};
use crate::images::Context;
use crate::recipe::{Step, steps};
use crate::state::{State, full_name};

impl Memory {
    pub(crate) async fn build_image(
        &self,
        recipe: &Recipe,
        context: &mut Context,
        building: Building<'_>,
    ) -> Result<(), ContainersError> {
        let effect = self.enter(Call::Build).await?;
        let failed =
            |message: String| ImageError::BuildFailed { image: recipe.image.clone(), message };
        let mut archive = Vec::new();
        let mut pieces = pin!(context.stream());
        while let Some(piece) = pieces.next().await {
            archive.extend_from_slice(&piece.map_err(|error| failed(error.to_string()))?);
        }
        let dockerfile = text_in(&archive, &recipe.dockerfile)
            .map_err(|error| fault::engine(Call::Build, error))?
            .ok_or_else(|| failed(format!("there is no `{}`", recipe.dockerfile)))?;
        let all = steps(&dockerfile, &recipe.arguments);
        let total = all.len() as u64;
        let mut image = Image::default();
        for step in &all {
            building.step(step.number, total);
            building.note(&format!("{} {}", step.word, step.rest));
            if step.word == "FROM" {
                image = self.at_once(Call::Build, |state| base(state, recipe, &step.rest))?;
            }
            if let Some(status) = step.failure() {
                return Err(failure(recipe, step, status).into());
            }
            step.apply(&mut image);
            tokio::task::yield_now().await;
        }
        image.labels.extend(recipe.labels.clone());
        image.size = archive.len() as u64;
        image.created = Timestamp::now().as_second();
        image.built_of = Some((dockerfile, recipe.arguments.clone()));
        self.at_once(Call::Build, |state| {
            state.add_image(&recipe.image, image);
            Ok(())
        })?;
        leave(Call::Build, effect.as_ref())
    }
}

/// The image that a build begins from, without what is its own.
fn base(state: &mut State, recipe: &Recipe, name: &str) -> Result<Image, ContainersError> {
    // `FROM image AS stage`.
    let name = name.split_whitespace().next().unwrap_or_default();
    if name == "scratch" {
        return Ok(Image::default());
    }
    let remote = state.registries.get(&full_name(name)).filter(|it| it.access == Access::Open);
    if let Some(remote) = remote.filter(|_| recipe.refresh || state.image(name).is_none()) {
        let image = remote.image.clone();
        state.add_image(name, image);
    }
    match state.image(name) {
        Some(image) => Ok(Image {
            id: String::new(),
            names: Default::default(),
            parent: Some(image.id.clone()),
            ..image.clone()
        }),
        None => Err(ImageError::BaseImage {
            image: recipe.image.clone(),
            base: name.to_owned(),
            message: "not found".to_owned(),
            client: EngineCommands::default(),
        }
        .into()),
    }
}

fn failure(recipe: &Recipe, step: &Step, status: i32) -> ImageError {
    ImageError::BuildStep {
        image: recipe.image.clone(),
        number: step.number,
        step: format!("{} {}", step.word, step.rest),
        output: step.output().into_iter().collect(),
        message: format!("exit code: {status}"),
        client: EngineCommands::default(),
    }
}

/// A file of an archive.
fn text_in(archive: &[u8], path: &str) -> std::io::Result<Option<String>> {
    for entry in tar::Archive::new(archive).entries()? {
        let mut entry = entry?;
        if entry.path()?.to_string_lossy().trim_start_matches("./") == path {
            let mut text = String::new();
            entry.read_to_string(&mut text)?;
            return Ok(Some(text));
        }
    }
    Ok(None)
}
