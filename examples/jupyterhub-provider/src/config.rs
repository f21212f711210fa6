//! What a user can configure: the keys of `--config`, as `manifest.json` documents
//! them.

use renku_session_sdk::{Request, Result, config};
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Debug, Deserialize)]
#[serde(default)]
pub(crate) struct Config {
    /// The name of the origin.
    pub(crate) origin: String,
    pub(crate) user: Option<String>,
    pub(crate) profile: Option<String>,
    /// What the spawner of this hub understands.
    pub(crate) user_options: Map<String, Value>,
    /// Whether to use the server without a name.
    pub(crate) default_server: bool,
    /// The page that opens.
    pub(crate) default_url: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            origin: "jupyterhub".to_owned(),
            user: None,
            profile: None,
            user_options: Map::new(),
            default_server: false,
            default_url: "lab".to_owned(),
        }
    }
}

impl Config {
    /// What the user said for this command.
    pub(crate) fn of(request: &Request) -> Result<Self> {
        config(request)
    }
}
