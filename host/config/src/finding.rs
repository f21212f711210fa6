//! One thing that is wrong, and the way to it through the document.
//!
//! Checking speaks of paths, because values have no positions; `position` turns
//! a path into a line and a column, and only when there is something to report.

/// One step from a value to a value inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Into a mapping.
    Key(String),
    /// Into a list, counted from 0.
    Index(usize),
}

/// What the finger points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    /// The value at the end of the path.
    Value,
    /// The key that leads to it; which one, counted from 0, if it is repeated.
    Key(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    /// Where, from the root.
    pub(super) path: Vec<Step>,
    /// The key or the value.
    pub(super) spot: Spot,
    /// What is wrong, for people.
    pub(super) message: String,
    /// How to write it instead; only true of YAML, not of an option.
    pub(super) advice: Option<&'static str>,
}

impl Finding {
    /// A finding without advice.
    pub(super) fn new(path: &[Step], spot: Spot, message: String) -> Self {
        Self { path: path.to_vec(), spot, message, advice: None }
    }
}
