//! Where an image is, and what a local one says about itself.
//!
//! API: `GET /images/{name}/json`, `GET /distribution/{name}/json`.

use std::time::Duration;

use bollard::models::ImageConfig as EngineImageConfig;

use super::docker_config::DockerConfig;
use super::reference::ImageReference;
use super::{Containers, ContainersError, ImageConfig, engine_errors};
use crate::domain::ImageState;

/// How long the engine may ask a registry.
const REGISTRY_PATIENCE: Duration = Duration::from_secs(10);

impl Containers {
    /// Where `image` is: asks the engine, then the registry. A registry that
    /// cannot be reached within 10 s counts as one without the image.
    ///
    /// # Errors
    ///
    /// [`ContainersError::InvalidImageName`], or no engine.
    pub async fn image_state(&self, image: &str) -> Result<ImageState, ContainersError> {
        let reference = ImageReference::parse(image)?;
        let docker = self.engine().await?;
        match docker.inspect_image(image).await {
            Ok(_) => return Ok(ImageState::Local),
            Err(error) if engine_errors::status(&error) == Some(404) => {}
            Err(error) => return Err(engine_errors::other("look for the image")(error)),
        }
        let credentials = DockerConfig::read(&self.0.settings).credentials(reference.registry());
        let question = docker.inspect_registry_image(image, credentials);
        Ok(match tokio::time::timeout(REGISTRY_PATIENCE, question).await {
            Ok(Ok(_)) => ImageState::Remote,
            Ok(Err(error)) if matches!(engine_errors::status(&error), Some(401 | 403)) => {
                ImageState::Inaccessible
            }
            Ok(Err(_)) | Err(_) => ImageState::Absent,
        })
    }

    /// What a local image says about itself.
    ///
    /// # Errors
    ///
    /// [`ContainersError::ImageMissing`], `InvalidImageName`.
    pub async fn image_config(&self, image: &str) -> Result<ImageConfig, ContainersError> {
        ImageReference::parse(image)?;
        match self.engine().await?.inspect_image(image).await {
            Ok(answer) => Ok(from_engine(answer.config.unwrap_or_default())),
            Err(error) if engine_errors::status(&error) == Some(404) => {
                Err(ContainersError::ImageMissing { image: image.to_owned() })
            }
            Err(error) => Err(engine_errors::other("inspect the image")(error)),
        }
    }
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
