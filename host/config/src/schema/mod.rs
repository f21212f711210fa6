//! What a provider says its configuration looks like: a subset of JSON Schema
//! (draft 2020-12, <https://json-schema.org/draft/2020-12>).
//!
//! The keywords are `type`, `properties`, `required`, `additionalProperties`
//! (only `false`), `enum`, `minimum`, `maximum`, `items`, `description` and
//! `default`. A schema with any other is refused, not half understood: a check
//! that is silently left out would be a promise broken.

mod compare;
mod parse;
mod types;

#[cfg(test)]
mod tests;

use serde_json::{Map, Number, Value};

pub(super) use compare::{equal, is_less};
pub(super) use types::{Type, describe};

/// A schema that was read and found consistent.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// Allowed types; empty: all.
    pub(super) types: Vec<Type>,
    /// Known keys of a mapping, in the order of the manifest.
    pub(super) properties: Vec<(String, Schema)>,
    /// Keys that must be there.
    pub(super) required: Vec<String>,
    /// Whether other keys are refused.
    pub(super) closed: bool,
    /// Allowed values; empty: all.
    pub(super) values: Vec<Value>,
    /// The smallest number.
    pub(super) minimum: Option<Number>,
    /// The largest number.
    pub(super) maximum: Option<Number>,
    /// The schema of every item of a list.
    pub(super) items: Option<Box<Schema>>,
    pub(super) description: Option<String>,
    /// What the provider takes if it is not given. The host only shows it: a
    /// setting of the project may come before it.
    pub(super) default: Option<Value>,
}

impl Schema {
    /// The schema of a provider that has no configuration: no key is allowed.
    #[must_use]
    pub fn nothing() -> Self {
        Self { types: vec![Type::Object], closed: true, ..Self::default() }
    }

    /// The schema of a key of a mapping.
    pub(super) fn property(&self, key: &str) -> Option<&Self> {
        self.properties.iter().find(|(name, _)| name == key).map(|(_, schema)| schema)
    }

    /// The known keys of a mapping.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.properties.iter().map(|(name, _)| name.as_str())
    }

    /// The required keys that are not in `values`.
    pub(super) fn misses<'a>(
        &'a self,
        values: &'a Map<String, Value>,
    ) -> impl Iterator<Item = &'a str> {
        self.required.iter().map(String::as_str).filter(|key| !values.contains_key(*key))
    }
}
