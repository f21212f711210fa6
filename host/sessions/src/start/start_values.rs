//! Which of several places a value of a start comes from, and `-v`, which says
//! so for every value.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::project::{Level, ProjectError, SettingKey, Settings};

/// A value and who set it.
pub(super) struct Value {
    /// As it was written.
    pub(super) text: String,
    /// For messages: the option, the variable or the key of the settings.
    place: String,
    level: Level,
    /// The settings file.
    file: Option<PathBuf>,
}

/// The places a value can come from.
pub(super) struct StartValues<'a> {
    /// Options that have a value.
    pub(super) levels: &'a BTreeMap<String, Level>,
    pub(super) settings: &'a Settings,
}

impl StartValues<'_> {
    /// The value that wins: `typed` (an option, which may come from the
    /// environment), then the settings; none: the default of the provider.
    pub(super) fn value(&self, key: SettingKey, typed: Option<&String>) -> Option<Value> {
        let option = key.option();
        let value = match typed {
            Some(text) => Some(match self.levels.get(option) {
                Some(Level::Environment) => {
                    Value::of(text, key.variable(), Level::Environment, None)
                }
                _ => Value::of(text, format!("--{option}"), Level::Option, None),
            }),
            None => self.settings.get(key.name()).map(|setting| {
                let place = key.name().to_owned();
                Value::of(&setting.value, place, setting.level, Some(setting.file))
            }),
        };
        match &value {
            Some(value) => value.tell(option),
            None => tracing::info!("{option}: {}", default_of(key)),
        }
        value
    }

    /// Says where the other options come from. Their values are not repeated:
    /// an environment variable for the session can be a secret.
    pub(super) fn tell_others(&self) {
        let told = SettingKey::ALL.map(SettingKey::option);
        for (option, level) in self.levels {
            if !told.contains(&option.as_str()) && option != "verbose" {
                tracing::info!("{option}: from {level}");
            }
        }
    }
}

/// What applies when nobody says anything.
fn default_of(key: SettingKey) -> &'static str {
    match key {
        SettingKey::Provider => "`docker`, the default",
        SettingKey::Image => "the project's own, the default",
        SettingKey::DefaultUrl => "the default of the image",
        SettingKey::Cpu | SettingKey::Memory | SettingKey::Disk | SettingKey::Gpu => {
            "the default of the provider"
        }
    }
}

impl Value {
    fn of(text: &str, place: String, level: Level, file: Option<PathBuf>) -> Self {
        Self { text: text.to_owned(), place, level, file }
    }

    fn tell(&self, option: &str) {
        let file = self.file.as_ref().map(|file| file.display().to_string());
        let place = file.as_ref().unwrap_or(&self.place);
        tracing::info!("{option}: `{}`, from {} (`{place}`)", self.text, self.level);
    }

    /// What one of the parsers of settings makes of it.
    ///
    /// # Errors
    ///
    /// The parser's, with the file that the value stands in.
    pub(super) fn parse<T>(
        &self,
        parser: impl FnOnce(&str, &str) -> Result<T, ProjectError>,
    ) -> Result<T, ProjectError> {
        parser(&self.place, &self.text).map_err(|error| match &self.file {
            Some(file) => error.in_file(file),
            None => error,
        })
    }
}
