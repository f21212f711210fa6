//! Where the exports of the contract are in a component: those of every provider, and
//! those of the small worlds, each looked up by name.

use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

use super::bindings::details::exports::renku::session::details;
use super::bindings::exports::renku::session::provider;
use super::bindings::hibernation::exports::renku::session::hibernation;
use super::bindings::logs::exports::renku::session::logs;
use super::state::State;
use crate::functions::Ability;
use crate::sections::Sections;

/// Where they are.
#[derive(Clone)]
pub(super) struct Indices {
    provider: provider::GuestIndices,
    hibernation: Option<hibernation::GuestIndices>,
    logs: Option<logs::GuestIndices>,
    details: Option<details::GuestIndices>,
}

/// The same in an instance, ready to be called.
pub(super) struct Exports {
    pub(super) provider: provider::Guest,
    pub(super) hibernation: Option<hibernation::Guest>,
    pub(super) logs: Option<logs::Guest>,
    pub(super) details: Option<details::Guest>,
}

impl Indices {
    pub(super) fn find(pre: &InstancePre<State>, sections: &Sections) -> wasmtime::Result<Self> {
        let has = |ability| sections.provides(ability).then_some(pre);
        Ok(Self {
            provider: provider::GuestIndices::new(pre)?,
            hibernation: has(Ability::Hibernation)
                .map(hibernation::GuestIndices::new)
                .transpose()?,
            logs: has(Ability::Logs).map(logs::GuestIndices::new).transpose()?,
            details: has(Ability::Details).map(details::GuestIndices::new).transpose()?,
        })
    }

    pub(super) fn load(
        &self,
        store: &mut Store<State>,
        instance: &Instance,
    ) -> wasmtime::Result<Exports> {
        let (hibernation, logs) = (self.hibernation.as_ref(), self.logs.as_ref());
        let details = self.details.as_ref();
        Ok(Exports {
            provider: self.provider.load(&mut *store, instance)?,
            hibernation: hibernation.map(|it| it.load(&mut *store, instance)).transpose()?,
            logs: logs.map(|it| it.load(&mut *store, instance)).transpose()?,
            details: details.map(|it| it.load(&mut *store, instance)).transpose()?,
        })
    }
}
