//! `--config FILE.yaml`: read, bounded, and checked against what the provider
//! says its configuration looks like, before any of the provider's code runs.
//!
//! The file may come from the project, and the schema from the provider, so
//! neither is trusted: both are bounded, and what they say is printed only with
//! control characters spelled out.
//!
//! Imports `domain` and `files`.

use renku_session_domain as domain;
use renku_session_files as files;

mod check;
mod depth;
mod document;
mod error;
mod finding;
#[doc(hidden)]
pub mod fuzzing;
mod hint;
mod numbers;
mod position;
mod schema;
mod setting;
mod text;

#[cfg(test)]
mod tests;

use std::io::Read as _;
use std::path::Path;

use serde_json::{Map, Value};

pub use document::yaml;
pub use error::{ConfigError, Position, Problem};
pub use schema::Schema;
pub use setting::setting;

use document::LARGEST;
use finding::Finding;
use position::Positions;

/// How many problems are shown.
const SHOWN: usize = 20;

/// Reads a configuration file and checks it. An empty file is an empty mapping.
/// Defaults of the schema are not filled in.
///
/// # Errors
///
/// If the file cannot be read, is not YAML, or is not what `schema` wants; then
/// with every problem and its place.
pub fn load(path: &Path, schema: &Schema) -> Result<Value, ConfigError> {
    let source = read(path)?;
    from_text(&source, path, schema).map(Value::Object)
}

/// [`load`] for a provider whose manifest has this `config`. Without one any key
/// is a problem.
///
/// # Errors
///
/// As [`load`], or [`ConfigError::Schema`].
pub fn load_for(schema: Option<&Value>, file: &Path) -> Result<Map<String, Value>, ConfigError> {
    let schema = schema_of(schema)?;
    from_text(&read(file)?, file, &schema)
}

/// Checks one value that stands for the key `key` and does not come from a file.
/// `origin` is what the user typed it after, such as `--default-url`.
///
/// # Errors
///
/// [`ConfigError::InvalidValue`] with every problem, or [`ConfigError::Schema`].
pub fn check_value(
    schema: Option<&Value>,
    key: &str,
    value: &Value,
    origin: &str,
) -> Result<(), ConfigError> {
    let schema = schema_of(schema)?;
    let (problems, hint) = match schema.property(key) {
        Some(property) => {
            let findings = check::value(property, value, origin);
            (findings.into_iter().map(|finding| finding.message).collect(), hint::about(property))
        }
        None if schema.closed => {
            let problem = check::unknown_key(&schema, key, "");
            (vec![format!("`{origin}`: {problem}")], hint::keys(&schema))
        }
        None => return Ok(()),
    };
    if problems.is_empty() { Ok(()) } else { Err(ConfigError::InvalidValue { problems, hint }) }
}

fn schema_of(schema: Option<&Value>) -> Result<Schema, ConfigError> {
    schema.map_or_else(|| Ok(Schema::nothing()), Schema::parse)
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let file = || path.to_owned();
    let unreadable = |source| ConfigError::Unreadable { file: file(), source };
    let mut bytes = Vec::new();
    let bound = u64::try_from(LARGEST).unwrap_or(u64::MAX).saturating_add(1);
    files::open(path)
        .and_then(|file| file.take(bound).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() > LARGEST {
        return Err(ConfigError::TooLarge { file: file() });
    }
    String::from_utf8(bytes).map_err(|_| ConfigError::NotText { file: file() })
}

fn from_text(
    source: &str,
    file: &Path,
    schema: &Schema,
) -> Result<Map<String, Value>, ConfigError> {
    // Editors on Windows put a byte order mark before the text.
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let read = depth::check(source).and_then(|()| document::read(source));
    let (value, mut findings) = read.map_err(|unreadable| {
        let problem = Problem { position: unreadable.position, message: unreadable.message };
        ConfigError::InvalidFile {
            file: file.to_owned(),
            problems: vec![problem],
            total: 1,
            hint: None,
        }
    })?;
    let value = if value.is_null() { Value::Object(Map::new()) } else { value };
    findings.extend(check::value(schema, &value, ""));
    findings.extend(numbers::changed(source, schema, &value));
    match value {
        Value::Object(values) if findings.is_empty() => Ok(values),
        _ => Err(invalid(source, file, schema, findings)),
    }
}

fn invalid(source: &str, file: &Path, schema: &Schema, findings: Vec<Finding>) -> ConfigError {
    let total = findings.len();
    let hint = hint::after(schema, &findings);
    let positions = Positions::read(source);
    let mut problems: Vec<Problem> = findings
        .into_iter()
        .take(SHOWN)
        .map(|finding| Problem {
            position: positions.of(&finding),
            message: match finding.advice {
                Some(advice) => format!("{}: {advice}", finding.message),
                None => finding.message,
            },
        })
        .collect();
    problems.sort();
    ConfigError::InvalidFile { file: file.to_owned(), problems, total, hint }
}
