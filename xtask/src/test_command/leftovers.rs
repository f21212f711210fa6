//! What sessions and tests have in the engine. Taken before and after the tests,
//! it shows what they forgot.

use std::collections::BTreeSet;

use anyhow::{Result, bail};

use crate::docker;

/// Questions to the engine: what is asked for, how `docker` is asked for one name a
/// line, and the label it has. The base images of the tests have none of these.
const QUESTIONS: [(&str, &str, &str); 5] = [
    ("container", "ps -a --format {{.Names}}", "io.renku.session.provider"),
    ("container", "ps -a --format {{.Names}}", "renku-test"),
    ("image", "images --format {{.Repository}}:{{.Tag}}={{.ID}}", "io.renku.session.project"),
    ("volume", "volume ls --format {{.Name}}", "io.renku.session.provider"),
    ("volume", "volume ls --format {{.Name}}", "renku-test"),
];

/// Everything of ours in the engine, as ``container `name` ``.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Snapshot(BTreeSet<String>);

impl Snapshot {
    /// Asks the engine.
    ///
    /// # Errors
    ///
    /// When it does not answer.
    pub(super) fn take() -> Result<Self> {
        let mut things = BTreeSet::new();
        for (kind, question, label) in QUESTIONS {
            let filter = format!("label={label}");
            let mut words: Vec<&str> = question.split(' ').collect();
            words.extend(["--filter", &filter]);
            let answer = docker::output(&words)?;
            things.extend(answer.lines().map(|name| format!("{kind} `{name}`")));
        }
        Ok(Self(things))
    }

    /// Wants that nothing is here that was not there `before`. What is gone since
    /// then, such as a session that its user stopped meanwhile, does not matter.
    ///
    /// # Errors
    ///
    /// Names what is new.
    pub(super) fn nothing_new_since(&self, before: &Self) -> Result<()> {
        let new: Vec<&str> = self.0.difference(&before.0).map(String::as_str).collect();
        if new.is_empty() {
            return Ok(());
        }
        bail!("the tests left this in the engine: {}", new.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(things: &[&str]) -> Snapshot {
        Snapshot(things.iter().map(|thing| (*thing).to_owned()).collect())
    }

    #[test]
    fn what_the_tests_left_is_named() {
        let before = snapshot(&["container `mine`"]);
        let after = snapshot(&["container `mine`", "image `a:1`", "volume `v`"]);
        assert_eq!(
            after.nothing_new_since(&before).unwrap_err().to_string(),
            "the tests left this in the engine: image `a:1`, volume `v`"
        );
    }

    #[test]
    fn what_was_there_before_or_went_meanwhile_is_no_leftover() {
        let before = snapshot(&["container `mine`", "container `stopped meanwhile`"]);
        assert!(snapshot(&["container `mine`"]).nothing_new_since(&before).is_ok());
    }
}
