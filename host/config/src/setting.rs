//! One key of a provider's configuration, as it stands in a file of settings: text that
//! becomes what the provider's schema wants.

use serde_json::Value;

use super::error::ConfigError;
use super::schema::{Schema, Type};
use super::{check_value, document, schema_of};

/// The key as the provider spells it, and the value that `text` stands for, checked. Files
/// of settings have keys in any case. `origin` is where it stands, for messages.
///
/// # Errors
///
/// [`ConfigError::InvalidValue`] for an unknown key or a value that the provider does not
/// take, or [`ConfigError::Schema`].
pub fn setting(
    schema: Option<&Value>,
    key: &str,
    text: &str,
    origin: &str,
) -> Result<(String, Value), ConfigError> {
    let parsed = schema_of(schema)?;
    let spelled = parsed.keys().find(|known| known.eq_ignore_ascii_case(key)).unwrap_or(key);
    let value = value_of(parsed.property(spelled), text);
    check_value(schema, spelled, &value, origin)?;
    Ok((spelled.to_owned(), value))
}

/// Text where text is wanted, else what it means as YAML: `4`, `true`, `[a, b]`.
fn value_of(schema: Option<&Schema>, text: &str) -> Value {
    let as_text = || Value::from(text);
    if schema.is_some_and(|schema| schema.types == [Type::String]) {
        return as_text();
    }
    match document::read(text) {
        Ok((value, findings)) if findings.is_empty() && !value.is_null() => value,
        _ => as_text(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(key: &str, text: &str) -> Result<(String, Value), String> {
        let schema = json!({"type": "object", "additionalProperties": false, "properties": {
            "Account": {"type": "string"},
            "nodes": {"type": "integer", "minimum": 1},
            "features": {"type": "array", "items": {"type": "string"}},
            "exclusive": {"type": "boolean"},
        }});
        setting(Some(&schema), key, text, "slurm").map_err(|error| format!("{error:?}"))
    }

    #[test]
    fn text_becomes_what_the_schema_wants() {
        for (key, text, spelled, value) in [
            ("account", "0123", "Account", json!("0123")),
            ("nodes", "4", "nodes", json!(4)),
            ("features", "[gpu, ib]", "features", json!(["gpu", "ib"])),
            ("exclusive", "true", "exclusive", json!(true)),
        ] {
            assert_eq!(read(key, text).unwrap(), (spelled.to_owned(), value));
        }
        for (key, text) in [("nodes", "many"), ("nodes", "0"), ("acount", "x"), ("features", "x")] {
            assert!(read(key, text).is_err(), "{key} = {text}");
        }
    }
}
