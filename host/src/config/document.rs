//! YAML to JSON, with bounds: the only file that knows `serde_yaml`.
//!
//! A few lines of YAML can stand for gigabytes, because an alias repeats what
//! its anchor holds. So values are counted while they are made, not afterwards.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::error::Position;
use super::finding::{Finding, Spot, Step};
use super::text;

/// How deep lists and mappings may be nested.
pub(super) const DEEPEST: usize = 32;

/// What all values together may weigh, in bytes of text plus one a value. Four
/// times the largest file: without aliases no file can reach it.
const HEAVIEST: usize = 4 * super::LARGEST;

/// The file is not YAML, or not the YAML that is allowed here.
#[derive(Debug)]
pub(super) struct Unreadable {
    /// Where, if the parser knows.
    pub(super) position: Option<Position>,
    /// What is wrong.
    pub(super) message: String,
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

fn too_deep() -> String {
    format!("lists and mappings are nested deeper than {DEEPEST}")
}

/// Marks our own messages among those of the parser, which puts paths before
/// them.
const OURS: &str = "\u{1}";

fn refused<E: Error>(message: impl fmt::Display) -> E {
    E::custom(format_args!("{OURS}{message}"))
}

/// What is known while the document is read.
struct Reading {
    left: Cell<usize>,
    path: RefCell<Vec<Step>>,
    findings: RefCell<Vec<Finding>>,
}

impl Reading {
    fn spend<E: Error>(&self, length: usize) -> Result<(), E> {
        match self.left.get().checked_sub(length.saturating_add(1)) {
            Some(left) if left > 0 => {
                self.left.set(left);
                Ok(())
            }
            _ => {
                self.left.set(0);
                Err(refused("too large"))
            }
        }
    }

    /// Begins a list or a mapping.
    fn enter<E: Error>(&self) -> Result<(), E> {
        if self.path.borrow().len() >= DEEPEST {
            return Err(refused(too_deep()));
        }
        self.spend(0)
    }

    /// Does `work` one step deeper.
    fn inside<T>(&self, step: Step, work: impl FnOnce() -> T) -> T {
        self.path.borrow_mut().push(step);
        let done = work();
        self.path.borrow_mut().pop();
        done
    }
}

/// Reads any value.
struct Node<'a>(&'a Reading);

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
        let mut repeated = std::collections::HashMap::<String, usize>::new();
        while let Some(key) = entries.next_key_seed(Key(self.0))? {
            let step = Step::Key(key.clone());
            let value = self.0.inside(step.clone(), || entries.next_value_seed(Node(self.0)))?;
            if values.contains_key(&key) {
                let occurrence = repeated.entry(key.clone()).or_default();
                *occurrence += 1;
                let mut path = self.0.path.borrow().clone();
                path.push(step);
                let message = format!("`{}` is there more than once", text::path("", &path));
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

/// Reads a key, which must be text.
struct Key<'a>(&'a Reading);

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
