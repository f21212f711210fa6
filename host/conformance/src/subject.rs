//! What is tested, and what its author says about it.

use serde_json::{Map, Value};

use super::origin::Script;
use crate::sandbox::{Code, Sections};

/// A provider's file, as it was read. Nothing of it has run.
pub struct Subject<'a> {
    /// What messages call it.
    pub shown: String,
    /// The name in its metadata.
    pub name: Option<String>,
    /// The version in its metadata.
    pub version: Option<String>,
    /// Why it could not be installed.
    pub problem: Option<String>,
    /// The capabilities that its manifest wants.
    pub wants: Vec<String>,
    /// The schema of its configuration.
    pub schema: Option<&'a Value>,
    /// Imports, exports, sections.
    pub sections: &'a Sections,
    pub code: Code<'a>,
}

/// What the author gives beside the file.
#[derive(Default)]
pub struct Answers {
    /// The configuration of an ordinary start.
    pub config: Map<String, Value>,
    /// What its web service answers.
    pub exchanges: Option<Script>,
    /// The headers that users let pass to it, beyond those that always do.
    pub headers: Vec<String>,
    /// The only check to run.
    pub only: Option<String>,
}
