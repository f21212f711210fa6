//! The images that the engine and its registry know.

use std::collections::BTreeMap;

use super::Engine;
use crate::containers::ImageConfig;
use crate::domain::ImageState;
use crate::project::IMAGE;

/// A registry has it.
pub(crate) const REMOTE: &str = "registry.example.org/conformance/remote:1";

/// Nobody has it.
pub(crate) const ABSENT: &str = "conformance/absent:1";

/// A registry may have it, and shows it to nobody.
pub(crate) const PRIVATE: &str = "registry.example.org/conformance/private:1";

impl Engine {
    /// Where an image is.
    pub(super) fn state_of(&self, image: &str) -> ImageState {
        match image {
            IMAGE => ImageState::Local,
            _ if self.inside().images.iter().any(|it| it == image) => ImageState::Local,
            REMOTE => ImageState::Remote,
            PRIVATE => ImageState::Inaccessible,
            _ => ImageState::Absent,
        }
    }
}

/// What a usual Jupyter image says about itself.
pub(super) fn jupyter() -> ImageConfig {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    ImageConfig {
        entrypoint: Vec::new(),
        command: words(&["jupyter", "lab", "--ip=0.0.0.0", "--port=8888"]),
        exposed_ports: vec![8888],
        user: "1000".into(),
        working_directory: "/home/jovyan".into(),
        environment: BTreeMap::from([("PATH".into(), "/usr/local/bin:/usr/bin:/bin".into())]),
        labels: BTreeMap::new(),
    }
}
