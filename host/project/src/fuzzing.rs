//! Doors for `tests/fuzz`: files of a project that are read as data.

use std::path::PathBuf;

use crate::git::fuzzing::written_settings;
use crate::{ini, ini_edit};

/// The settings of a `renku.ini`, in the order of the file; none when it is refused.
#[must_use]
pub fn ini_entries(text: &str) -> Option<Vec<(String, String)>> {
    let entries = ini::layout(text, SECTION).ok()?.entries;
    Some(entries.into_iter().map(|entry| (entry.key, entry.value)).collect())
}

/// The same file with another value; none when it is refused.
#[must_use]
pub fn ini_with(text: &str, key: &str, value: &str) -> Option<String> {
    ini_edit::set(text, SECTION, key, value).ok()
}

/// The same file without a key; none when it is refused or has no such key.
#[must_use]
pub fn ini_without(text: &str, key: &str) -> Option<String> {
    ini_edit::unset(text, SECTION, key).ok().flatten()
}

/// What a git of ours is given of a repository's configuration; none when it is refused.
#[must_use]
pub fn git_settings(text: &str) -> Option<String> {
    written_settings(PathBuf::from("config"), text)
}

const SECTION: &str = "interactive";
