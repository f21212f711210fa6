//! The engine of a check: the engine in memory, whose calls are counted, and go wrong
//! when a check wants them to.

mod calls;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use renku_session_memory::{Access, Container, Image, Kept, Memory, Played, RemoteImage};
use tokio::sync::Notify;

use super::fault::{Fault, When};
use crate::domain::{ErrorKind, ProviderError};
use crate::files::session_key::KeyFile;
use crate::project::IMAGE;

pub(super) use calls::calls_of;

/// A registry has it.
pub(super) const REMOTE: &str = "registry.example.org/conformance/remote:1";

/// Nobody has it.
pub(super) const ABSENT: &str = "conformance/absent:1";

/// A registry may have it, and shows it to nobody.
pub(super) const PRIVATE: &str = "registry.example.org/conformance/private:1";

/// What every container has printed.
pub(super) const LOG: [&str; 3] = ["conformance: one", "conformance: two", "conformance: three"];

/// The project of every container.
const PROJECT: &str = "conformance";

/// What goes wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It fails with this kind.
    Fail(ErrorKind),
    /// It does not end.
    Hang,
}

#[derive(Default)]
struct Weather {
    /// Every call, by its name in the contract.
    calls: Vec<&'static str>,
    fault: Option<Fault<Trouble>>,
}

pub(super) struct Engine {
    memory: Arc<Memory>,
    programs: Arc<Played>,
    weather: Mutex<Weather>,
    /// Hears of every call that hangs.
    hanging: Arc<Notify>,
    root: PathBuf,
    key: KeyFile,
}

impl Engine {
    /// An engine for a project whose files are in `root`, and a user with this key.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub(super) fn new(
        hanging: Arc<Notify>,
        root: PathBuf,
        key: KeyFile,
    ) -> Result<Self, std::io::Error> {
        let lines = LOG.map(|line| format!("{line}\n")).concat();
        let programs = Arc::new(Played::printing(&lines));
        let memory = Arc::new(Memory::new(Kept::default(), programs.clone()));
        memory.change(|state| {
            state.add_image(IMAGE, jupyter());
            for (name, access) in [(REMOTE, Access::Open), (PRIVATE, Access::Private)] {
                let remote = RemoteImage { image: jupyter(), access };
                state.registries.insert(name.to_owned(), remote);
            }
        })?;
        Ok(Self { memory, programs, weather: Mutex::default(), hanging, root, key })
    }

    fn weather(&self) -> MutexGuard<'_, Weather> {
        self.weather.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on calls go wrong; they are counted anew.
    pub(super) fn trouble(&self, when: When, effect: Trouble) {
        *self.weather() = Weather { calls: Vec::new(), fault: Some(Fault { when, effect }) };
    }

    /// From now on nothing goes wrong; calls are counted anew.
    pub(super) fn heal(&self) {
        *self.weather() = Weather::default();
    }

    /// The calls since the last change of weather.
    pub(super) fn calls(&self) -> Vec<&'static str> {
        self.weather().calls.clone()
    }

    /// The containers there are.
    pub(super) fn containers(&self) -> Vec<Container> {
        let all = self.memory.change(|state| state.containers.values().cloned().collect());
        all.unwrap_or_default()
    }

    /// The names of the images that were built or pulled.
    pub(super) fn images(&self) -> Vec<String> {
        let all = self.memory.change(|state| {
            let names = state.images.iter().flat_map(|image| image.names.iter().cloned());
            names.filter(|name| name != IMAGE).collect()
        });
        all.unwrap_or_default()
    }

    /// Ends the program of every container, as a crash does, also of those that are
    /// still to be started.
    pub(super) fn end_all(&self) {
        self.programs.end();
    }

    /// Makes `count` more of the first container.
    pub(super) fn multiply(&self, count: usize) {
        let _ = self.memory.change(|state| {
            let Some(first) = state.containers.values().next().cloned() else { return };
            for number in 0..count {
                let mut copy = first.clone();
                copy.name = format!("{}-{number}", first.name);
                copy.id = format!("{}{number}", first.id);
                // A label has the name once more.
                for value in copy.labels.values_mut().filter(|value| **value == first.name) {
                    value.clone_from(&copy.name);
                }
                state.containers.insert(copy.name.clone(), copy);
            }
        });
    }

    /// Counts a call, and lets go wrong what should.
    async fn enter(&self, call: &'static str) -> Result<(), ProviderError> {
        let started = !self.containers().is_empty();
        let effect = {
            let mut weather = self.weather();
            let number = weather.calls.len();
            weather.calls.push(call);
            let fault = weather.fault.as_ref();
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

/// What a usual Jupyter image says about itself, built by `renku session`.
fn jupyter() -> Image {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Image {
        command: words(&["jupyter", "lab", "--ip=0.0.0.0", "--port=8888"]),
        exposed_ports: [8888].into(),
        user: "1000".into(),
        working_directory: "/home/jovyan".into(),
        environment: [pair(("PATH", "/usr/local/bin:/usr/bin:/bin"))].into(),
        labels: [pair(("io.renku.session.built-from", PROJECT))].into(),
        ..Image::default()
    }
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
