//! Reads the key of a mapping. JSON knows only keys that are text.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};

use super::reading::{Reading, refused};

/// Reads a key, which must be text.
pub(super) struct Key<'a>(pub(super) &'a Reading);

impl Key<'_> {
    fn refuse<E: Error>() -> Result<String, E> {
        Err(refused("a key must be text: put it in quotes"))
    }
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<String, E> {
        self.0.spend(value.len()).map(|()| value.to_owned())
    }

    fn visit_unit<E: Error>(self) -> Result<String, E> {
        Self::refuse()
    }

    fn visit_bool<E: Error>(self, _value: bool) -> Result<String, E> {
        Self::refuse()
    }

    fn visit_i64<E: Error>(self, _value: i64) -> Result<String, E> {
        Self::refuse()
    }

    fn visit_u64<E: Error>(self, _value: u64) -> Result<String, E> {
        Self::refuse()
    }

    fn visit_i128<E: Error>(self, _value: i128) -> Result<String, E> {
        Self::refuse()
    }

    fn visit_u128<E: Error>(self, _value: u128) -> Result<String, E> {
        Self::refuse()
    }

    fn visit_f64<E: Error>(self, _value: f64) -> Result<String, E> {
        Self::refuse()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _items: A) -> Result<String, A::Error> {
        Self::refuse()
    }

    fn visit_map<A: MapAccess<'de>>(self, _entries: A) -> Result<String, A::Error> {
        Self::refuse()
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _tagged: A) -> Result<String, A::Error> {
        Self::refuse()
    }
}
