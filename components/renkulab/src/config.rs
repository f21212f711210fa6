//! What a user can configure: the keys of `--config`, as `manifest.json`
//! documents them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// The keys of the configuration; what is not set follows from the project.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct Config {
    /// An id or `namespace/slug`.
    pub(crate) project: Option<String>,
    /// An id or a name.
    pub(crate) launcher: Option<String>,
    /// Whether a launcher may be created.
    pub(crate) create_launcher: bool,
    /// What one that is created is like.
    pub(crate) new_launcher: NewLauncher,
    /// The number of a resource class.
    pub(crate) resource_class_id: Option<u64>,
    environment: BTreeMap<String, Value>,
}

/// How a session of a new launcher runs its image.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct NewLauncher {
    pub(crate) name: Option<String>,
    pub(crate) port: u16,
    pub(crate) default_url: String,
    pub(crate) command: Option<Vec<String>>,
    pub(crate) args: Option<Vec<String>>,
    pub(crate) mount_directory: Option<String>,
    pub(crate) working_directory: Option<String>,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

/// What the browser writes into its form. The service itself takes port 8080, where no
/// Jupyter listens.
impl Default for NewLauncher {
    fn default() -> Self {
        Self {
            name: None,
            port: 8888,
            default_url: "/lab".to_owned(),
            command: None,
            args: None,
            mount_directory: None,
            working_directory: None,
            uid: 1000,
            gid: 1000,
        }
    }
}

impl Config {
    /// The environment variables by name, as texts: YAML makes numbers of some.
    pub(crate) fn environment(&self) -> Vec<(&str, String)> {
        self.environment
            .iter()
            .map(|(name, value)| {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                (name.as_str(), text)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_environment_variables_are_texts() {
        let json = r#"{"environment": {"A": "x", "N": 3, "YES": true}}"#;
        let config: Config = serde_json::from_str(json).unwrap();
        let expected = [("A", "x".into()), ("N", "3".into()), ("YES", "true".into())];
        assert_eq!(config.environment(), expected);
    }
}
