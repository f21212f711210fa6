//! Options as they were typed, for messages about them.

use std::path::PathBuf;

/// One option as it was typed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given {
    pub(super) name: &'static str,
    pub(super) value: Option<String>,
    /// What it mounts.
    pub(super) source: Option<PathBuf>,
}

impl Given {
    /// `--volume /data:/data`.
    pub(super) fn shown(&self) -> String {
        match &self.value {
            Some(value) => format!("--{} {value}", self.name),
            None => format!("--{}", self.name),
        }
    }
}

/// All of them, in the order of typing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Typed(pub(super) Vec<Given>);

impl Typed {
    /// The values of the options of this name, in the order of typing.
    pub(crate) fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |given| given.name == name).filter_map(|it| it.value.as_deref())
    }

    /// The option of this name as it was typed.
    #[must_use]
    pub fn shown(&self, name: &str) -> Option<String> {
        self.0.iter().find(|given| given.name == name).map(Given::shown)
    }
}
