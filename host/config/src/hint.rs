//! What could be written instead: the known keys, or what a key is for.

use serde_json::Value;

use super::finding::{Finding, Spot, Step};
use super::schema::Schema;
use super::text;

/// The longest description that is shown, in characters.
const LONGEST: usize = 300;

/// The hint after what was found in a file.
pub(super) fn after(schema: &Schema, findings: &[Finding]) -> Option<String> {
    let unknown = findings.iter().any(|finding| match finding.path.as_slice() {
        [Step::Key(key)] => finding.spot == Spot::Key(0) && schema.property(key).is_none(),
        _ => false,
    });
    match findings {
        _ if unknown => keys(schema),
        [Finding { path, spot, .. }] => match (path.first(), spot) {
            (None, _) => keys(schema),
            (Some(Step::Key(key)), Spot::Value) => about(schema.property(key)?),
            // That a key is repeated is not for want of knowing what it is for.
            _ => None,
        },
        _ => None,
    }
}

/// The keys of a configuration.
pub(super) fn keys(schema: &Schema) -> Option<String> {
    if !schema.properties.is_empty() {
        Some(format!("the keys of this provider are {}", text::list(schema.keys())))
    } else if schema.closed {
        Some("leave `--config` away".into())
    } else {
        None
    }
}

/// What a key is for, in the words of the provider's author.
pub(super) fn about(schema: &Schema) -> Option<String> {
    let description = schema.description.as_deref()?;
    let mut about: String = description
        .chars()
        .take(LONGEST)
        .map(|character| if text::is_invisible(character) { ' ' } else { character })
        .collect();
    if let Some(default @ (Value::String(_) | Value::Number(_) | Value::Bool(_))) = &schema.default
    {
        let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
        about.push_str(&format!(" [default: {}]", text::shown(&default)));
    }
    Some(about)
}
