//! Validation with the words of the real service.

use serde_json::Value;

use super::super::ids::is_ulid;
use super::super::wire::Response;
use super::error;

/// 422: these fields are wrong.
pub(super) fn invalid(field: &str, problem: &str) -> Response {
    error(422, &format!("There are errors in the following fields, {field}: {problem}"))
}

/// A field that must be a ULID.
pub(super) fn ulid(body: &Value, field: &str) -> Result<String, Response> {
    let text = match body.get(field) {
        None => return Err(invalid(field, "Field required")),
        Some(Value::String(text)) => text,
        Some(_) => return Err(invalid(field, "Input should be a valid string")),
    };
    match text.len() {
        ..=25 => Err(invalid(field, "String should have at least 26 characters")),
        27.. => Err(invalid(field, "String should have at most 26 characters")),
        _ if is_ulid(text) => Ok(text.clone()),
        _ => Err(invalid(field, "String should match pattern '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'")),
    }
}

/// A number that may be missing or null. Numbers as text count as numbers.
pub(super) fn number(body: &Value, field: &str) -> Result<Option<u64>, Response> {
    let number = match body.get(field) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.parse().ok(),
        Some(value) => value.as_u64(),
    };
    number.map(Some).ok_or_else(|| {
        invalid(field, "Input should be a valid integer, unable to parse string as an integer")
    })
}

/// Where unknown fields are an error (`extra=forbid`).
pub(super) fn no_other(body: &Value, at: &str, known: &[&str]) -> Result<(), Response> {
    let fields = body.as_object().into_iter().flat_map(serde_json::Map::keys);
    match fields.into_iter().find(|field| !known.contains(&field.as_str())) {
        Some(field) => Err(invalid(&format!("{at}{field}"), "Extra inputs are not permitted")),
        None => Ok(()),
    }
}
