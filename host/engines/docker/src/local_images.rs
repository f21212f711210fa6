//! Images that the engine has, and what its registries say.
//!
//! API: `GET /images/{name}/json`, `GET /distribution/{name}/json` (the engine
//! asks the registry for the manifest's digest; nothing is pulled),
//! `GET /images/json`, `POST /images/{id}/tag`, `POST /images/prune`,
//! `DELETE /images/{name}`.

use std::time::{Duration, Instant};

use bollard::errors::Error;
use bollard::models::ImageConfig as EngineImageConfig;
use bollard::query_parameters::{
    ListImagesOptions, PruneImagesOptions, RemoveImageOptions, TagImageOptions,
};

use crate::containers::filters;
use crate::contract::{
    ContainersError, Filter, ImageConfig, ImageError, ListedImage, LocalImage, NamedImage,
};
use crate::credentials::{credentials, logins};
use crate::domain::ImageState;
use crate::registry::ImageReference;
use crate::registry_trouble::Trouble;
use crate::{Docker, engine_errors, person};

/// How long the engine may ask a registry.
const REGISTRY_PATIENCE: Duration = Duration::from_secs(10);
/// How long another prune may take; engines do one at a time.
const PRUNE_PATIENCE: Duration = Duration::from_secs(60);
const PRUNE_PAUSE: Duration = Duration::from_millis(200);

impl Docker {
    pub(crate) async fn local_image(
        &self,
        name: &str,
    ) -> Result<Option<LocalImage>, ContainersError> {
        match self.client().await?.inspect_image(name).await {
            Ok(answer) => {
                let mut config = answer.config.unwrap_or_default();
                Ok(Some(LocalImage {
                    id: answer.id.unwrap_or_default(),
                    names: answer.repo_tags.unwrap_or_default(),
                    triggers: config.on_build.take().unwrap_or_default(),
                    config: from_engine(config),
                }))
            }
            Err(error) if engine_errors::status(&error) == Some(404) => Ok(None),
            Err(error) => Err(engine_errors::other("look for the image")(error)),
        }
    }

    pub(crate) async fn registry_state(
        &self,
        image: NamedImage<'_>,
    ) -> Result<ImageState, ContainersError> {
        let registry = image.reference.registry();
        let login = logins(&self.settings).of(registry, image.reference.path()).await;
        let credentials = login.map(|login| credentials(login, registry));
        let question = self.client().await?.inspect_registry_image(image.name, credentials);
        let answer = tokio::time::timeout(REGISTRY_PATIENCE, question).await;
        let image = image.name.to_owned();
        let error = match answer {
            Ok(Ok(_)) => return Ok(ImageState::Remote),
            Ok(Err(error)) => error,
            Err(_) => {
                let message = format!("no answer within {} s", REGISTRY_PATIENCE.as_secs());
                return Err(ImageError::PullUnreachable { image, message }.into());
            }
        };
        if cannot_ask(&error) {
            // The pull will tell.
            return Ok(ImageState::Remote);
        }
        let message = engine_errors::message(&error);
        tracing::info!("the registry `{registry}` reports about `{image}`: {message}");
        match Trouble::of(&error) {
            Trouble::Denied => Ok(ImageState::Inaccessible),
            Trouble::NotFound => Ok(ImageState::Absent),
            Trouble::Unreachable => Err(ImageError::PullUnreachable { image, message }.into()),
            Trouble::Broken => {
                let registry = registry.to_owned();
                Err(ImageError::RegistryBroken { image, registry, message }.into())
            }
        }
    }

    pub(crate) async fn list_images(
        &self,
        filter: &Filter,
    ) -> Result<Vec<ListedImage>, ContainersError> {
        let filters = Some(filters(filter));
        let options = ListImagesOptions { filters, ..ListImagesOptions::default() };
        let images = self.client().await?.list_images(Some(options)).await;
        let images = images.map_err(engine_errors::other("list images"))?;
        let listed = images.into_iter().map(|image| ListedImage {
            id: image.id,
            names: image.repo_tags.into_iter().filter(|name| !name.contains("<none>")).collect(),
            labels: image.labels.into_iter().collect(),
            created: image.created,
        });
        // Those with a user are nobody's business but this room's.
        Ok(listed.filter(|image| !image.names.iter().any(|name| person::is_image(name))).collect())
    }

    pub(crate) async fn tag_image(
        &self,
        id: &str,
        name: &ImageReference,
    ) -> Result<(), ContainersError> {
        let (repo, tag) = (Some(name.repository.clone()), Some(name.version.clone()));
        let docker = self.client().await?;
        match docker.tag_image(id, Some(TagImageOptions { repo, tag })).await {
            Ok(()) => Ok(()),
            // Without a clear answer: whether it has the name now.
            Err(error) if engine_errors::is_unclear(&error) => {
                let name = format!("{}:{}", name.repository, name.version);
                match self.local_image(&name).await {
                    Ok(Some(image)) if image.id == id => Ok(()),
                    _ => Err(engine_errors::other("name the image")(error)),
                }
            }
            Err(error) => Err(engine_errors::other("name the image")(error)),
        }
    }

    pub(crate) async fn remove_image(
        &self,
        image: &str,
        keep_parents: bool,
    ) -> Result<(), ContainersError> {
        let options = RemoveImageOptions { noprune: keep_parents, ..RemoveImageOptions::default() };
        match self.client().await?.remove_image(image, Some(options), None).await {
            Ok(_) => Ok(()),
            Err(error) if matches!(engine_errors::status(&error), Some(404 | 409)) => {
                tracing::debug!(
                    "image `{image}` was not removed: {}",
                    engine_errors::message(&error)
                );
                Ok(())
            }
            Err(error)
                if engine_errors::is_unclear(&error)
                    && matches!(self.local_image(image).await, Ok(None)) =>
            {
                Ok(())
            }
            Err(error) => Err(engine_errors::other("remove images")(error)),
        }
    }

    pub(crate) async fn prune_images(&self, filter: &Filter) -> Result<u64, ContainersError> {
        let mut filters = filters(filter);
        // Without this an engine looks at images without a name only.
        filters.insert("dangling".to_owned(), vec!["false".to_owned()]);
        let begin = Instant::now();
        loop {
            let options = PruneImagesOptions { filters: Some(filters.clone()) };
            match self.client().await?.prune_images(Some(options)).await {
                Ok(answer) => {
                    let freed = answer.space_reclaimed.unwrap_or_default();
                    return Ok(u64::try_from(freed).unwrap_or_default());
                }
                // Somebody else prunes.
                Err(error)
                    if engine_errors::status(&error) == Some(409)
                        && begin.elapsed() < PRUNE_PATIENCE =>
                {
                    tokio::time::sleep(PRUNE_PAUSE).await;
                }
                Err(error) => return Err(engine_errors::other("remove images")(error)),
            }
        }
    }
}

/// Whether the engine has no way to ask a registry without pulling (Podman up to
/// 5: "unsupported", or no such page).
fn cannot_ask(error: &Error) -> bool {
    let message = engine_errors::message(error).to_lowercase();
    matches!(engine_errors::status(error), Some(405 | 501))
        || ["not supported", "unsupported", "page not found"]
            .iter()
            .any(|part| message.contains(part))
        || (engine_errors::status(error) == Some(404) && message == "not found")
}

pub(crate) fn from_engine(config: EngineImageConfig) -> ImageConfig {
    let mut exposed_ports: Vec<u16> = config
        .exposed_ports
        .iter()
        .flatten()
        .filter_map(|port| port.strip_suffix("/tcp").unwrap_or(port).parse().ok())
        .collect();
    exposed_ports.sort_unstable();
    ImageConfig {
        entrypoint: config.entrypoint.unwrap_or_default(),
        command: config.cmd.unwrap_or_default(),
        exposed_ports,
        user: config.user.unwrap_or_default(),
        working_directory: config.working_dir.unwrap_or_default(),
        environment: config
            .env
            .iter()
            .flatten()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        labels: config.labels.unwrap_or_default().into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn only_tcp_ports_are_exposed_and_missing_things_are_empty() {
        let config: EngineImageConfig = serde_json::from_str(
            r#"{"ExposedPorts":{"9000/tcp":{},"8888/tcp":{},"53/udp":{}},"Env":["A=b=c"],
                "Cmd":["x"],"Entrypoint":null,"User":"1000"}"#,
        )
        .expect("config");
        assert_eq!(
            from_engine(config),
            ImageConfig {
                command: vec!["x".into()],
                exposed_ports: vec![8888, 9000],
                user: "1000".into(),
                environment: BTreeMap::from([("A".into(), "b=c".into())]),
                ..ImageConfig::default()
            }
        );
    }
}
