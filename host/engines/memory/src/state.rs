//! Everything that the engine has.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::call::Call;
use crate::container::Container;
use crate::domain::hexadecimal;
use crate::fault::Fault;
use crate::image::{Image, RemoteImage};
use crate::place::Place;
use crate::registry::ImageReference;

/// Everything that the engine has. What a test wants to be there, it puts there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// Where the engine is.
    pub place: Place,
    /// Its containers, by name.
    pub containers: BTreeMap<String, Container>,
    pub images: Vec<Image>,
    /// What registries have, by name.
    pub registries: BTreeMap<String, RemoteImage>,
    /// Its volumes and their labels, by name.
    pub volumes: BTreeMap<String, BTreeMap<String, String>>,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// Which calls there were since faults were ordered.
    pub calls: Vec<Call>,
    /// How many things it has made.
    made: u64,
}

impl State {
    /// From now on this goes wrong, and nothing else; calls are counted anew.
    pub fn order(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.calls.clear();
        self.faults = faults.into_iter().collect();
    }

    /// Has this image under this name, and gives its id.
    pub fn add_image(&mut self, name: &str, image: Image) -> String {
        let name = full_name(name);
        let id = format!("sha256:{}", self.new_id(&name));
        self.take_name(&name);
        let names = std::iter::once(name).collect();
        self.images.push(Image { id: id.clone(), names, ..image });
        id
    }

    /// The image of this name or id.
    #[must_use]
    pub fn image(&self, name: &str) -> Option<&Image> {
        let full = full_name(name);
        self.images.iter().find(|image| image.id == name || image.names.contains(&full))
    }

    /// The container of this id.
    pub(crate) fn container(&mut self, id: &str) -> Option<&mut Container> {
        self.containers.values_mut().find(|container| container.id == id)
    }

    /// No image has this name any more.
    pub(crate) fn take_name(&mut self, name: &str) {
        for image in &mut self.images {
            image.names.remove(name);
        }
    }

    /// How many things were made, this one included.
    pub(crate) fn next(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// 64 digits for something new.
    pub(crate) fn new_id(&mut self, what: &str) -> String {
        let number = self.next();
        hexadecimal(&Sha256::digest(format!("{number} {what}")))
    }
}

/// The name of an image with its tag; an id as it is.
pub(crate) fn full_name(name: &str) -> String {
    match ImageReference::parse(name) {
        Ok(ImageReference { repository, version }) if version.contains(':') => {
            format!("{repository}@{version}")
        }
        Ok(ImageReference { repository, version }) => format!("{repository}:{version}"),
        Err(_) => name.to_owned(),
    }
}
