//! Options that some providers have on commands about sessions that exist, such as
//! `--project`: only providers whose manifest declares them are asked.

use std::collections::BTreeMap;

use crate::config;
use crate::domain::{Advice, Diagnostic, ErrorKind};
use crate::failure::Failure;
use crate::providers::ProviderFile;
use crate::sandbox::Request;

/// What was typed of them.
#[derive(Debug, Clone, Default)]
pub struct ProviderOptions {
    /// Of which command.
    pub command: &'static str,
    /// By name, without dashes.
    pub values: BTreeMap<String, String>,
}

/// Nobody who was asked has the option.
#[derive(Debug, thiserror::Error)]
pub enum ProviderOptionError {
    /// The provider that was named does not.
    #[error("the provider `{provider}` has no `--{option}` for `{command}`")]
    NotItsOwn {
        /// Who was named.
        provider: String,
        /// Which, without dashes.
        option: String,
        /// For which command.
        command: &'static str,
    },
    /// No provider does.
    #[error("no provider has `--{option}` for `{command}`")]
    Nobodys {
        /// Which, without dashes.
        option: String,
        /// For which command.
        command: &'static str,
    },
}

impl Diagnostic for ProviderOptionError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::NotItsOwn { option, .. } | Self::Nobodys { option, .. } => {
                ErrorKind::InvalidInput.hint(format!("leave out `--{option}`"))
            }
        }
    }
}

impl ProviderOptions {
    /// Whether none was typed.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The first that a provider does not have.
    fn foreign(&self, file: &ProviderFile) -> Option<&String> {
        let mut names = self.values.keys();
        names
            .find(|name| file.manifest.options_of(self.command).all(|option| option.name != **name))
    }

    /// Those of the providers that have all of them; `named` is the one that the user named.
    ///
    /// # Errors
    ///
    /// When nobody is left.
    pub(crate) fn keep_owners(
        &self,
        providers: &mut Vec<ProviderFile>,
        named: bool,
    ) -> Result<(), ProviderOptionError> {
        let command = self.command;
        if named && let Some(file) = providers.first() {
            return match self.foreign(file).cloned() {
                None => Ok(()),
                Some(option) => {
                    let provider = file.shown();
                    Err(ProviderOptionError::NotItsOwn { provider, option, command })
                }
            };
        }
        providers.retain(|file| self.foreign(file).is_none());
        match self.values.keys().next() {
            Some(option) if providers.is_empty() => {
                Err(ProviderOptionError::Nobodys { option: option.clone(), command })
            }
            _ => Ok(()),
        }
    }

    /// Makes them part of a request to a provider that has them.
    ///
    /// # Errors
    ///
    /// When a value is none that its configuration allows.
    pub(crate) fn add_to(&self, request: &mut Request, file: &ProviderFile) -> Result<(), Failure> {
        let manifest = &file.manifest;
        for (name, value) in &self.values {
            let mut options = manifest.options_of(self.command);
            let Some(option) = options.find(|option| option.name == *name) else { continue };
            if let Some(key) = &option.config {
                let value = serde_json::Value::from(value.clone());
                config::check_value(manifest.config.as_ref(), key, &value, &format!("--{name}"))?;
                request.config.insert(key.clone(), value);
            }
            request.options.insert(name.clone(), value.clone());
        }
        Ok(())
    }
}
