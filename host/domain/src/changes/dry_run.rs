//! A command that only shows what it would do: `--dry-run`.

use std::collections::BTreeMap;
use std::mem::discriminant;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Change, Withhold, mask};
use crate::{ErrorKind, ProviderError};

/// Answers `dry-run`, and writes down the first change of each kind. Clones of a
/// shared pointer write into one list.
#[derive(Default)]
pub struct DryRun {
    shows_values: bool,
    written: Mutex<Written>,
}

#[derive(Default)]
struct Written {
    changes: Vec<Change>,
    secrets: Vec<String>,
    stand_ins: BTreeMap<String, String>,
}

impl DryRun {
    /// One that shows the values of variables, or `***` for each.
    #[must_use]
    pub fn new(shows_values: bool) -> Self {
        Self { shows_values, ..Self::default() }
    }

    /// What was written down, in order.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        self.written().changes.clone()
    }

    /// From now on `image`, which would be there, is looked at as `other`, which is.
    pub fn let_stand_in(&self, image: String, other: String) {
        self.written().stand_ins.insert(image, other);
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Withhold for DryRun {
    fn withhold(&self, mut change: Change) -> ProviderError {
        let answer = ProviderError::new(
            ErrorKind::DryRun,
            format!("this is a dry run, and would {}", change.in_words()),
        );
        let mut written = self.written();
        if !written.changes.iter().any(|other| discriminant(other) == discriminant(&change)) {
            let hidden =
                mask::Hidden { secrets: &written.secrets, shows_values: self.shows_values };
            mask::hide_in_change(&mut change, hidden);
            written.changes.push(change);
        }
        answer
    }

    fn wants_details(&self) -> bool {
        true
    }

    fn stand_in(&self, image: &str) -> Option<String> {
        self.written().stand_ins.get(image).cloned()
    }

    fn hide(&self, secret: &str) {
        self.written().secrets.push(secret.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::changes::{PlannedCommand, PlannedContainer, PlannedRow};

    fn planned(word: &str, variable: &str) -> PlannedContainer {
        let with = format!("serve --with {word}");
        PlannedContainer {
            container: Some(json!({ "Cmd": [with] })),
            spec: json!({ "command": [with] }),
            rows: vec![PlannedRow { name: "command", words: vec![with.clone()] }],
            command: Some(PlannedCommand {
                groups: vec![vec!["--env".into(), variable.into()], vec![with]],
                lacks: Vec::new(),
            }),
        }
    }

    #[test]
    fn the_first_change_of_each_kind_is_written_down_without_secrets() {
        let dry_run = DryRun::default();
        let secret = "0123456789abcdef0123456789abcdef";
        dry_run.hide(secret);
        let start = |name: &str| Change::Start {
            name: name.into(),
            copied_paths: None,
            planned: Some(Box::new(planned(&secret[..24], &format!("A_TOKEN={secret}")))),
        };
        assert_eq!(dry_run.withhold(start("a")).kind, ErrorKind::DryRun);
        let _ = dry_run.withhold(start("b"));
        let _ = dry_run.withhold(Change::Stop { name: "a".into() });
        assert_eq!(
            dry_run.changes(),
            [
                Change::Start {
                    name: "a".into(),
                    copied_paths: None,
                    planned: Some(Box::new(planned("***", "A_TOKEN=***"))),
                },
                Change::Stop { name: "a".into() },
            ]
        );
    }
}
