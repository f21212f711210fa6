//! YAML to JSON, with bounds: the only module that knows `serde_yaml`.
//!
//! A few lines of YAML can stand for gigabytes, because an alias repeats what
//! its anchor holds. So values are counted while they are made, not afterwards.

mod key;
mod node;
mod reading;

use std::cell::{Cell, RefCell};

use serde::de::DeserializeSeed as _;
use serde_json::Value;

use node::Node;
use reading::{OURS, Reading};

pub(super) use reading::{DEEPEST, too_deep};

use super::error::Position;
use super::finding::Finding;
use super::text;

/// The largest configuration file, in bytes.
pub(super) const LARGEST: usize = 1024 * 1024;

/// What all values together may weigh, in bytes of text plus one a value. Four
/// times the largest file: without aliases no file can reach it.
const HEAVIEST: usize = 4 * LARGEST;

/// The file is not YAML, or not the YAML that is allowed here.
#[derive(Debug)]
pub(super) struct Unreadable {
    /// Where, if the parser knows.
    pub(super) position: Option<Position>,
    /// What is wrong.
    pub(super) message: String,
}

/// A value as YAML.
#[must_use]
pub fn yaml(value: &Value) -> Option<String> {
    serde_yaml::to_string(value).ok()
}

/// Reads the one document in `source`. Repeated keys are findings, and the first
/// of them holds.
///
/// # Errors
///
/// [`Unreadable`] at the first place where reading cannot go on.
pub(super) fn read(source: &str) -> Result<(Value, Vec<Finding>), Unreadable> {
    let reading = Reading {
        left: Cell::new(HEAVIEST),
        path: RefCell::default(),
        findings: RefCell::default(),
    };
    match Node(&reading).deserialize(serde_yaml::Deserializer::from_str(source)) {
        Ok(value) => Ok((value, reading.findings.into_inner())),
        Err(error) => Err(unreadable(&error, &reading)),
    }
}

fn unreadable(error: &serde_yaml::Error, reading: &Reading) -> Unreadable {
    let position = error
        .location()
        .map(|location| Position { line: location.line(), column: location.column() });
    let text = error.to_string();
    // The parser repeats the position in its text, and ours starts the line.
    let text = text.split(" at line ").next().unwrap_or_default();
    let message = if text.starts_with("deserializing from YAML containing more than one") {
        "there is a second document in the file; only one is allowed".to_owned()
    } else if text.starts_with("repetition limit") || reading.left.get() == 0 {
        "anchors and aliases repeat too much: the values together are too large".to_owned()
    } else if text.starts_with("recursion limit") {
        too_deep()
    } else if let Some((_, ours)) = text.rsplit_once(OURS) {
        ours.to_owned()
    } else {
        format!("this is not valid YAML: {}", text::shown(text))
    };
    Unreadable { position, message }
}
