//! Doors for `tests/fuzz`: the text of a file, without a file.

use std::path::Path;

use serde_json::{Map, Value};

use crate::{ConfigError, Schema};

/// The values of a file with this text; as `load` without reading.
///
/// # Errors
///
/// What is wrong with it.
pub fn values(source: &str, schema: &Schema) -> Result<Map<String, Value>, ConfigError> {
    crate::from_text(source, Path::new("fuzz.yaml"), schema)
}
