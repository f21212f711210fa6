//! Where the exports of the contract are in a component.

use wasmtime::component::InstancePre;

use super::bindings::exports::renku::session as exports;
use super::state::State;
use crate::facts::{Ability, Facts};

/// One index for every interface that the component exports.
#[derive(Clone)]
pub(super) struct Exports {
    pub(super) provider: exports::provider::GuestIndices,
    pub(super) hibernation: Option<exports::hibernation::GuestIndices>,
    pub(super) logs: Option<exports::logs::GuestIndices>,
}

impl Exports {
    /// Looks them up.
    ///
    /// # Errors
    ///
    /// When one has another shape.
    pub(super) fn find(pre: &InstancePre<State>, facts: &Facts) -> wasmtime::Result<Self> {
        Ok(Self {
            provider: exports::provider::GuestIndices::new(pre)?,
            hibernation: facts
                .provides(Ability::Hibernation)
                .then(|| exports::hibernation::GuestIndices::new(pre))
                .transpose()?,
            logs: facts
                .provides(Ability::Logs)
                .then(|| exports::logs::GuestIndices::new(pre))
                .transpose()?,
        })
    }
}
