//! What a provider says about sessions beyond their list, as it comes.
#![allow(unreachable_pub, reason = "the generated bindings re-export the handle on it")]

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::domain::SessionDetails;
use crate::gate::one_line;

/// Characters of one text.
const LONGEST: usize = 200;

/// Details of the sessions that were asked for, and of no others.
pub struct Details(Mutex<BTreeMap<String, SessionDetails>>);

impl Details {
    /// Nothing is known yet.
    pub(crate) fn of(names: &[String]) -> Self {
        let empty = names.iter().map(|name| (name.clone(), SessionDetails::default()));
        Self(Mutex::new(empty.collect()))
    }

    /// Keeps what `change` does with a text about a session.
    pub(crate) fn say(
        &self,
        session: &str,
        text: &str,
        change: impl FnOnce(&mut SessionDetails, Option<String>),
    ) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(details) = all.get_mut(session) else { return };
        let text: String = one_line(text).chars().take(LONGEST).collect();
        change(details, (!text.is_empty()).then_some(text));
    }

    /// All that was said.
    pub(crate) fn said(&self) -> BTreeMap<String, SessionDetails> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_for_is_kept_and_the_last_word_counts() {
        let details = Details::of(&["a".to_owned()]);
        let node = |session: &str, text: &str| {
            details.say(session, text, |details, text| details.node = text);
        };
        node("b", "n1");
        node("a", "n1");
        node("a", "  n2\nof\tmany ");
        details.say("a", &"x".repeat(300), |details, text| details.reason = text);
        details.say("a", " \n", |details, text| details.launcher = text);
        let wanted = SessionDetails {
            node: Some("n2 of many".into()),
            reason: Some("x".repeat(200)),
            ..SessionDetails::default()
        };
        assert_eq!(details.said(), BTreeMap::from([("a".into(), wanted)]));
    }
}
