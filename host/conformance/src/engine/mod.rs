//! An engine of containers in memory: what it is told to start, it has.

mod calls;
mod image;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::fault::{Fault, When};
use crate::containers::{ContainerInfo, ContainerSpec, ContainerState};
use crate::domain::{ErrorKind, ProviderError};

pub(super) use image::{ABSENT, PRIVATE, REMOTE};

/// What every container has printed.
pub(super) const LOG: [&str; 3] = ["conformance: one", "conformance: two", "conformance: three"];

/// What goes wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It fails with this kind.
    Fail(ErrorKind),
    /// It does not end.
    Hang,
}

/// A container, and what it was made from.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) spec: ContainerSpec,
    pub(super) info: ContainerInfo,
}

#[derive(Default)]
struct Inside {
    containers: BTreeMap<String, Kept>,
    /// Names of images that were built or pulled.
    images: Vec<String>,
    /// Every call, by its name in the contract.
    calls: Vec<&'static str>,
    fault: Option<Fault<Trouble>>,
    /// Whether programs end as soon as they are started.
    ends_at_once: bool,
}

/// The engine.
pub(super) struct Engine {
    inside: Mutex<Inside>,
    /// Hears of every call that hangs.
    hanging: Arc<Notify>,
}

impl Engine {
    pub(super) fn new(hanging: Arc<Notify>) -> Self {
        Self { inside: Mutex::default(), hanging }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on calls go wrong; they are counted anew.
    pub(super) fn trouble(&self, when: When, effect: Trouble) {
        let mut inside = self.inside();
        inside.calls.clear();
        inside.fault = Some(Fault { when, effect });
    }

    /// From now on nothing goes wrong; calls are counted anew.
    pub(super) fn heal(&self) {
        let mut inside = self.inside();
        inside.calls.clear();
        inside.fault = None;
    }

    /// The calls since the last change of weather.
    pub(super) fn calls(&self) -> Vec<&'static str> {
        self.inside().calls.clone()
    }

    /// The containers there are.
    pub(super) fn containers(&self) -> Vec<Kept> {
        self.inside().containers.values().cloned().collect()
    }

    /// The names of the images that were built or pulled.
    pub(super) fn images(&self) -> Vec<String> {
        self.inside().images.clone()
    }

    /// Ends the program of every container, as a crash does.
    pub(super) fn end_all(&self) {
        self.inside().containers.values_mut().for_each(|kept| end(&mut kept.info));
    }

    /// From now on programs end as soon as they are started.
    pub(super) fn end_at_once(&self) {
        self.inside().ends_at_once = true;
    }

    /// Makes `count` more of the first container.
    pub(super) fn multiply(&self, count: usize) {
        let mut inside = self.inside();
        let Some(first) = inside.containers.values().next().cloned() else { return };
        for number in 0..count {
            let mut copy = first.clone();
            copy.info.name = format!("{}-{number}", first.info.name);
            copy.spec.name.clone_from(&copy.info.name);
            inside.containers.insert(copy.info.name.clone(), copy);
        }
    }

    /// Counts a call, and lets go wrong what should.
    async fn enter(&self, call: &'static str) -> Result<(), ProviderError> {
        let effect = {
            let mut inside = self.inside();
            let number = inside.calls.len();
            inside.calls.push(call);
            let started = !inside.containers.is_empty();
            let fault = inside.fault.as_ref();
            fault.filter(|it| it.befalls(number, call, started)).map(|it| it.effect)
        };
        match effect {
            None => Ok(()),
            Some(Trouble::Fail(kind)) => Err(failure(kind)),
            Some(Trouble::Hang) => {
                self.hanging.notify_one();
                std::future::pending().await
            }
        }
    }
}

/// What has ended has no ports any more.
fn end(info: &mut ContainerInfo) {
    info.state = ContainerState::Exited;
    info.exit_code = Some(1);
    info.ports.clear();
}

/// A failure of this kind, as an engine has it.
fn failure(kind: ErrorKind) -> ProviderError {
    let text = match kind {
        ErrorKind::Unavailable => "no container engine can be reached",
        ErrorKind::Denied => "you may not use the container engine",
        ErrorKind::Timeout => "the container engine did not answer in time",
        _ => "the container engine has a problem",
    };
    ProviderError::new(kind, text).with_cause("this engine exists in a test alone")
}
