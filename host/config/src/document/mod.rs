//! YAML to JSON, with bounds: the only module that knows `serde_yaml`.
//!
//! A few lines of YAML can stand for gigabytes, because an alias repeats what
//! its anchor holds. So values are counted while they are made, not afterwards.

mod key;
mod node;

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, Error};
use serde_json::Value;

use node::Node;

use super::error::Position;
use super::finding::{Finding, Step};
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

/// What is said about a document that is too deep.
pub(super) fn too_deep() -> String {
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
