//! What the provider `recording` wrote down: which calls it got, with what.

use std::fmt;

use serde_json::Value;

use crate::outcome::Run;

/// One call of a provider.
#[derive(Debug, PartialEq)]
pub struct Call {
    /// The function of the contract.
    pub function: String,
    /// Its arguments, without the request.
    pub arguments: Value,
    /// What the getters of the request gave.
    pub request: Value,
}

impl fmt::Display for Call {
    /// `find-image {"image":"analysis:1"}`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.function, self.arguments)
    }
}

impl Run {
    /// The calls that `recording` logged, in order.
    ///
    /// # Panics
    ///
    /// When a logged call is not JSON.
    #[must_use]
    #[track_caller]
    pub fn calls(&self) -> Vec<Call> {
        self.stderr
            .lines()
            .filter_map(|line| line.split_once(" warning: call "))
            .map(|(_, json)| {
                let mut call: Value = serde_json::from_str(json).unwrap();
                Call {
                    function: call["function"].as_str().unwrap().to_owned(),
                    arguments: call["arguments"].take(),
                    request: call["request"].take(),
                }
            })
            .collect()
    }

    /// The same, one line each, for snapshots.
    #[must_use]
    #[track_caller]
    pub fn call_lines(&self) -> String {
        let lines: Vec<String> = self.calls().iter().map(Call::to_string).collect();
        self.filtered(&lines.join("\n"))
    }

    /// Everything that was printed but the logged calls, for snapshots.
    #[must_use]
    pub fn snapshot_without_calls(&self) -> String {
        let snapshot = self.snapshot();
        let lines: Vec<&str> =
            snapshot.lines().filter(|line| !line.contains(" warning: call {")).collect();
        lines.join("\n")
    }
}
