//! What a provider is configured with in every command: settings of the computer, of the user
//! and, as far as the provider lets it, of the project; over them the file after `--config`.

use std::path::Path;

use serde_json::{Map, Value};

use super::Context;
use crate::config;
use crate::error::SessionsError;
use crate::failure::Failure;
use crate::project::{Level, Settings};
use crate::providers::{FoundAt, ProviderFile};

impl Context {
    /// The configuration of a provider, key by key from the strongest that says something.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, or the provider does not take what one says.
    pub(crate) fn configuration_of(
        &self,
        file: &ProviderFile,
        file: Option<&Path>,
    ) -> Result<Map<String, Value>, Failure> {
        let schema = file.manifest.config.as_ref();
        let mut all = self.settings_of(file)?;
        if let Some(file) = file {
            all.extend(config::load_for(schema, file)?);
        }
        Ok(all)
    }

    fn settings_of(&self, file: &ProviderFile) -> Result<Map<String, Value>, Failure> {
        let mut all = Map::new();
        let Some(name) = name_of(file) else { return Ok(all) };
        let project = self.project().ok();
        let root = project.as_ref().map(|project| project.root());
        for (key, setting) in Settings::of_provider(root, &name)?.all() {
            let origin = format!("`{key}` in `{}`", setting.file.display());
            let schema = file.manifest.config.as_ref();
            let (key, value) = config::setting(schema, key, &setting.value, &origin)?;
            if setting.level == Level::Project && !file.manifest.project_keys.contains(&key) {
                self.notices()
                    .warning(&SessionsError::NotForAProject { provider: name.clone(), key });
                continue;
            }
            tracing::info!("{name}: `{key}` from {}", setting.level);
            all.insert(key, value);
        }
        Ok(all)
    }
}

/// What settings call a provider; a file has no name that stays.
fn name_of(file: &ProviderFile) -> Option<String> {
    match &file.found_at {
        FoundAt::Bundled => Some(file.identity.shown()),
        FoundAt::Project(name, _) | FoundAt::System(name, _) | FoundAt::Installed(name, _) => {
            Some(name.to_string())
        }
        FoundAt::File(_) => None,
    }
}
