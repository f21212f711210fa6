//! Reads one value and what is in it.

use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::key::Key;
use super::reading::{Reading, refused};
use crate::finding::{Finding, Spot, Step};
use crate::text;

/// Reads any value.
pub(super) struct Node<'a>(pub(super) &'a Reading);

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.0.spend(0).map(|()| Value::Null)
    }

    /// A file without a document.
    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.0.spend(0).map(|()| value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.0.spend(0).map(|()| value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.0.spend(0).map(|()| value.into())
    }

    fn visit_i128<E: Error>(self, _value: i128) -> Result<Value, E> {
        Err(refused("this number is too large"))
    }

    fn visit_u128<E: Error>(self, _value: u128) -> Result<Value, E> {
        Err(refused("this number is too large"))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.0.spend(0)?;
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| refused("infinity and not-a-number are not allowed"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.0.spend(value.len()).map(|()| value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.0.enter()?;
        let mut values = Vec::new();
        loop {
            let step = Step::Index(values.len());
            match self.0.inside(step, || items.next_element_seed(Node(self.0)))? {
                Some(value) => values.push(value),
                None => return Ok(Value::Array(values)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        self.0.enter()?;
        let mut values = Map::new();
        let mut repeated = HashMap::<String, usize>::new();
        while let Some(key) = entries.next_key_seed(Key(self.0))? {
            let step = Step::Key(key.clone());
            let value = self.0.inside(step.clone(), || entries.next_value_seed(Node(self.0)))?;
            if values.contains_key(&key) {
                let occurrence = repeated.entry(key.clone()).or_default();
                *occurrence += 1;
                let mut path = self.0.path.borrow().clone();
                path.push(step);
                let message = format!("`{}` occurs more than once", text::path("", &path));
                let finding = Finding::new(&path, Spot::Key(*occurrence), message);
                self.0.findings.borrow_mut().push(finding);
            } else {
                values.insert(key, value);
            }
        }
        Ok(Value::Object(values))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _tagged: A) -> Result<Value, A::Error> {
        Err(refused("tags, such as `!name`, are not allowed"))
    }
}
