//! What `crate::fuzzing` needs of this folder.

use std::path::PathBuf;

use super::configuration::Configuration;
use super::syntax;

/// The settings that count, written for a git of ours.
pub(crate) fn written_settings(file: PathBuf, text: &str) -> Option<String> {
    let mut written = String::new();
    let configuration = Configuration::parse(file, text).ok()?;
    configuration.for_a_copy(Some("main")).for_each(|entry| syntax::write(&mut written, entry));
    Some(written)
}
