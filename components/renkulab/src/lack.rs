//! What a session would be without, and how a value is given instead.

use serde_json::{Map, Value, json};

/// Something of the project that a session would be without.
pub(crate) struct Lack {
    /// As `--skip-data` calls it.
    pub(crate) name: String,
    pub(crate) reason: String,
    /// How `--data-secret` gives it.
    pub(crate) example: String,
}

/// One field of a request that changes secrets.
pub(crate) fn secret(key: &str, name: &str, value: &str) -> Value {
    let mut secret = Map::new();
    secret.insert(key.to_owned(), name.into());
    secret.insert("value".to_owned(), value.into());
    json!(secret)
}
