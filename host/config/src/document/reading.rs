//! What is counted while a document is read.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::Error;

use crate::finding::{Finding, Step};

/// How deep lists and mappings may be nested.
pub(crate) const DEEPEST: usize = 32;

/// The message about a document that is too deep.
pub(crate) fn too_deep() -> String {
    format!("lists and mappings are nested deeper than {DEEPEST}")
}

/// Marks our own messages among those of the parser, which puts paths before
/// them.
pub(super) const OURS: &str = "\u{1}";

pub(super) fn refused<E: Error>(message: impl fmt::Display) -> E {
    E::custom(format_args!("{OURS}{message}"))
}

/// What is known while the document is read.
pub(super) struct Reading {
    pub(super) left: Cell<usize>,
    pub(super) path: RefCell<Vec<Step>>,
    pub(super) findings: RefCell<Vec<Finding>>,
}

impl Reading {
    pub(super) fn spend<E: Error>(&self, length: usize) -> Result<(), E> {
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
    pub(super) fn enter<E: Error>(&self) -> Result<(), E> {
        if self.path.borrow().len() >= DEEPEST {
            return Err(refused(too_deep()));
        }
        self.spend(0)
    }

    /// Does `work` one step deeper.
    pub(super) fn inside<T>(&self, step: Step, work: impl FnOnce() -> T) -> T {
        self.path.borrow_mut().push(step);
        let done = work();
        self.path.borrow_mut().pop();
        done
    }
}
