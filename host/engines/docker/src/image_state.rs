//! Where an image is, and what a local one says about itself.
//!
//! API: `GET /images/{name}/json`, `GET /distribution/{name}/json` (the engine
//! asks the registry for the manifest's digest; nothing is pulled).

use std::time::Duration;

use bollard::errors::Error;
use bollard::models::ImageConfig as EngineImageConfig;

use super::credentials::{credentials, logins};
use super::registry_trouble::Trouble;
use super::{Containers, ContainersError, ImageConfig, ImageError, Pull, engine_errors};
use crate::domain::ImageState;
use crate::registry::ImageReference;

/// How long the engine may ask a registry.
const REGISTRY_PATIENCE: Duration = Duration::from_secs(10);

impl Containers {
    /// Where `image` is: asks the engine, then the registry. No registry is
    /// asked about an image that is only ever built here, nor with
    /// [`Pull::Never`]: such an image is absent when the engine does not have it.
    ///
    /// # Errors
    ///
    /// [`ImageError::InvalidImageName`]; no engine; and when the registry
    /// does not say: `PullUnreachable`, `RegistryBroken`.
    pub async fn image_state(&self, image: &str) -> Result<ImageState, ContainersError> {
        let reference = ImageReference::parse(image)?;
        if self.is_local(image).await? {
            return Ok(ImageState::Local);
        }
        let options = &self.0.images;
        if options.pull == Pull::Never || options.only_here.as_deref() == Some(image) {
            return Ok(ImageState::Absent);
        }
        self.registry_state(image, &reference).await
    }

    /// Whether the engine has `image`.
    ///
    /// # Errors
    ///
    /// [`ImageError::InvalidImageName`], or no engine.
    pub async fn is_local(&self, image: &str) -> Result<bool, ContainersError> {
        ImageReference::parse(image)?;
        match self.engine().await?.inspect_image(image).await {
            Ok(_) => Ok(true),
            Err(error) if engine_errors::status(&error) == Some(404) => Ok(false),
            Err(error) => Err(engine_errors::other("look for the image")(error)),
        }
    }

    async fn registry_state(
        &self,
        image: &str,
        reference: &ImageReference,
    ) -> Result<ImageState, ContainersError> {
        let registry = reference.registry();
        self.0.reporter.phase(&format!("Looking for {image} in its registry"));
        let credentials = logins(&self.0.settings).of(registry).await.map(credentials);
        let question = self.engine().await?.inspect_registry_image(image, credentials);
        let answer = tokio::time::timeout(REGISTRY_PATIENCE, question).await;
        self.0.reporter.finish();
        let image = image.to_owned();
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
        tracing::info!("the registry `{registry}` says about `{image}`: {message}");
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

    /// What a local image says about itself.
    ///
    /// # Errors
    ///
    /// [`ImageError::ImageMissing`], `InvalidImageName`.
    pub async fn image_config(&self, image: &str) -> Result<ImageConfig, ContainersError> {
        ImageReference::parse(image)?;
        match self.engine().await?.inspect_image(image).await {
            Ok(answer) => Ok(from_engine(answer.config.unwrap_or_default())),
            Err(error) if engine_errors::status(&error) == Some(404) => {
                Err(ImageError::ImageMissing { image: image.to_owned() }.into())
            }
            Err(error) => Err(engine_errors::other("inspect the image")(error)),
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

fn from_engine(config: EngineImageConfig) -> ImageConfig {
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
