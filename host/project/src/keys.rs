//! The settings there are, and which values make sense.

use super::error::ProjectError;
use super::sizes::{parse_cpu, parse_gpu, parse_size};

/// The section they stand in.
pub(super) const SECTION: &str = "interactive";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKey {
    /// What opens first.
    DefaultUrl,
    Cpu,
    Memory,
    Disk,
    Gpu,
    /// The image of every session.
    Image,
    /// The provider of `start`.
    Provider,
}

impl SettingKey {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 7] = [
        Self::Provider,
        Self::Image,
        Self::DefaultUrl,
        Self::Cpu,
        Self::Memory,
        Self::Disk,
        Self::Gpu,
    ];

    /// The setting of this name; `interactive.` may stand before it, as in the
    /// Python `renku`.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn find(name: &str) -> Result<Self, ProjectError> {
        let wanted = name.strip_prefix("interactive.").unwrap_or(name).to_lowercase();
        let found = Self::ALL.into_iter().find(|key| key.name() == wanted);
        found.ok_or_else(|| ProjectError::UnknownKey {
            key: name.to_owned(),
            nearest: crate::domain::nearest(&wanted, Self::ALL.map(Self::name)),
            known: Self::ALL.map(Self::name).to_vec(),
        })
    }

    /// Its name in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DefaultUrl => "default_url",
            Self::Cpu => "cpu_request",
            Self::Memory => "mem_request",
            Self::Disk => "disk_request",
            Self::Gpu => "gpu_request",
            Self::Image => "image",
            Self::Provider => "provider",
        }
    }

    /// The option of `session start` that comes before it, without dashes.
    #[must_use]
    pub fn option(self) -> &'static str {
        match self {
            Self::DefaultUrl => "default-url",
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::Gpu => "gpu",
            Self::Image => "image",
            Self::Provider => "provider",
        }
    }

    /// The variable that comes before it, too.
    #[must_use]
    pub fn variable(self) -> String {
        format!("RENKU_SESSION_START_{}", self.option().to_uppercase().replace('-', "_"))
    }

    /// Checks a value with the parser that `start` uses. Whether an image or a
    /// provider exists is not asked here.
    ///
    /// # Errors
    ///
    /// For a value that `start` would refuse.
    pub fn check(self, value: &str) -> Result<(), ProjectError> {
        let refuse = |reason, example| {
            let given = format!("{} = {value}", self.name());
            Err(ProjectError::Value { given, reason, example })
        };
        if value.trim().is_empty() {
            return refuse("the value is missing", "to remove a setting, use `renku config unset`");
        }
        if value.chars().any(char::is_control) {
            return refuse("a value is one line of text", "write it without control characters");
        }
        match self {
            Self::Cpu => parse_cpu(self.name(), value).map(|_| ()),
            Self::Memory | Self::Disk => parse_size(self.name(), value).map(|_| ()),
            Self::Gpu => parse_gpu(self.name(), value).map(|_| ()),
            Self::DefaultUrl if !value.starts_with('/') => {
                refuse("this is not the path of a URL", "write it like `/lab` or `/rstudio`")
            }
            Self::Image | Self::DefaultUrl | Self::Provider if value.contains(' ') => {
                refuse("it contains a space", "write it without spaces")
            }
            Self::Image | Self::DefaultUrl | Self::Provider => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Diagnostic as _;

    #[test]
    fn a_setting_is_found_by_its_name_and_by_its_old_one() {
        for name in ["cpu_request", "interactive.cpu_request", "CPU_Request"] {
            assert_eq!(SettingKey::find(name).unwrap(), SettingKey::Cpu);
        }
    }

    #[test]
    fn a_slip_is_answered_with_what_was_meant() {
        let error = SettingKey::find("cpu_requst").unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no setting `cpu_requst`; did you mean `cpu_request`?"
        );
        assert_eq!(
            error.hint().unwrap(),
            "the settings are `provider`, `image`, `default_url`, `cpu_request`, `mem_request`, `disk_request`, `gpu_request`"
        );
        assert_eq!(
            SettingKey::find("volume").unwrap_err().to_string(),
            "there is no setting `volume`"
        );
    }

    #[test]
    fn values_are_what_start_would_take() {
        for (key, good, bad) in [
            (SettingKey::Cpu, "0.5", "many"),
            (SettingKey::Memory, "2Gi", "2Gx"),
            (SettingKey::Disk, "10G", "-1"),
            (SettingKey::Gpu, "all", "some"),
            (SettingKey::DefaultUrl, "/lab?reset", "lab"),
            (SettingKey::Image, "reg:5000/x:1", "a b"),
            (SettingKey::Provider, "docker", "  "),
        ] {
            key.check(good).unwrap();
            assert!(key.check(bad).is_err(), "{bad}");
            assert!(key.check("a\nb").is_err());
        }
    }
}
