//! Doors for `tests/fuzz`: what an engine and its builders answer, read as it is after a
//! request.

use bollard::models::{
    ContainerInspectResponse, ContainerSummary, CreateImageInfo, ImageConfig, SystemInfo,
};
use serde::de::DeserializeOwned;

use crate::build::fuzzing as build;
use crate::contract::Found;
use crate::docker_facts::DockerFacts;
use crate::pull::Layers;
use crate::{convert, local_images};

pub use build::{followed_buildkit, followed_classic};

/// The rows of a list of containers.
#[must_use]
pub fn containers(answer: &[u8]) -> Vec<Found> {
    let rows: Vec<ContainerSummary> = json(answer).unwrap_or_default();
    rows.into_iter().filter_map(convert::from_summary).collect()
}

/// What an engine says of one container.
#[must_use]
pub fn container(answer: &[u8]) -> Option<Found> {
    json::<ContainerInspectResponse>(answer).map(convert::from_inspect)
}

/// How much an image can be read of its configuration, in ports.
#[must_use]
pub fn exposed_ports(answer: &[u8]) -> usize {
    let config = json::<ImageConfig>(answer).map(local_images::from_engine);
    config.map_or(0, |config| config.exposed_ports.len())
}

/// Whether an engine that describes itself so can limit the disk of a container.
#[must_use]
pub fn limits_disk(answer: &[u8]) -> bool {
    json::<SystemInfo>(answer).is_some_and(|info| DockerFacts::from(info).can_limit_disk())
}

/// How far a pull is after these lines: bytes done, and to do.
#[must_use]
pub fn pulled(lines: &[u8]) -> Option<(u64, u64)> {
    let mut layers = Layers::default();
    let mut amount = None;
    for line in lines.split(|byte| *byte == b'\n') {
        let Some(line) = json::<CreateImageInfo>(line) else { continue };
        amount = layers.update(&line).or(amount);
        layers.note();
    }
    amount
}

fn json<T: DeserializeOwned>(answer: &[u8]) -> Option<T> {
    serde_json::from_slice(answer).ok()
}
