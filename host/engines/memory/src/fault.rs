//! What goes wrong, to order.

use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::contract::ContainersError;
use crate::unreachable::Unreachable;

/// Something that goes wrong with some calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// With which calls; none: all.
    pub call: Option<Call>,
    /// With which of those, from 0; none: each.
    pub nth: Option<usize>,
    pub effect: Effect,
}

/// What happens to a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// It is answered after so many milliseconds.
    Delay(u64),
    /// The engine refuses it in these words.
    Refuse(String),
    Unavailable,
    /// The user may not use the engine.
    Denied,
    /// It is never answered.
    Hang,
    /// It is done, and the answer is lost.
    LoseAnswer,
    /// It is done, and the answer makes no sense.
    Garbage,
}

impl Fault {
    /// Each call of this kind goes wrong in this way.
    #[must_use]
    pub fn each(call: Call, effect: Effect) -> Self {
        Self { call: Some(call), nth: None, effect }
    }

    /// The first call of this kind goes wrong in this way.
    #[must_use]
    pub fn first(call: Call, effect: Effect) -> Self {
        Self { call: Some(call), nth: Some(0), effect }
    }

    /// Everything goes wrong in this way.
    #[must_use]
    pub fn always(effect: Effect) -> Self {
        Self { call: None, nth: None, effect }
    }

    /// Whether it befalls this call, before which there were these.
    pub(crate) fn befalls(&self, call: Call, before: &[Call]) -> bool {
        let is_meant = |it: &Call| self.call.is_none_or(|wanted| wanted == *it);
        let number = before.iter().filter(|it| is_meant(it)).count();
        is_meant(&call) && self.nth.is_none_or(|nth| nth == number)
    }
}

impl Effect {
    /// The error of a call that was not done; none where it is done.
    pub(crate) fn before(&self, call: Call) -> Option<ContainersError> {
        match self {
            Self::Refuse(message) => Some(engine(call, message)),
            Self::Unavailable => Some(Unreachable::NobodyListens.into()),
            Self::Denied => Some(Unreachable::NotAllowed.into()),
            Self::Delay(_) | Self::Hang | Self::LoseAnswer | Self::Garbage => None,
        }
    }

    /// The error of a call that was done.
    pub(crate) fn after(&self, call: Call) -> Option<ContainersError> {
        match self {
            Self::LoseAnswer => Some(engine(call, "the connection closed before the answer")),
            Self::Garbage => Some(engine(call, "expected value at line 1 column 1")),
            _ => None,
        }
    }
}

/// The error of an engine that failed in these words.
pub(crate) fn engine(call: Call, message: impl ToString) -> ContainersError {
    ContainersError::Engine { action: call.action(), message: message.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_counts_the_calls_that_it_is_about() {
        let second = Fault { nth: Some(1), ..Fault::each(Call::Inspect, Effect::Hang) };
        assert!(!second.befalls(Call::Inspect, &[Call::List]));
        assert!(second.befalls(Call::Inspect, &[Call::List, Call::Inspect, Call::List]));
        assert!(!second.befalls(Call::List, &[Call::List]));
        assert!(!second.befalls(Call::Inspect, &[Call::Inspect, Call::Inspect]));
    }

    #[test]
    fn a_fault_without_a_call_is_about_all_of_them() {
        assert!(Fault::always(Effect::Hang).befalls(Call::Pull, &[Call::List]));
        let third = Fault { nth: Some(2), ..Fault::always(Effect::Hang) };
        assert!(third.befalls(Call::Pull, &[Call::List, Call::Image]));
    }
}
