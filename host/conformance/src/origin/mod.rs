//! A web service on loopback, under whatever name the provider opens. What it
//! answers is written in a file of the provider's author, because nobody else can
//! know; without one it has nothing.

mod exchange;
mod message;
mod script;
mod server;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::fault::{Fault, When};
use super::project::Analysis;
use crate::domain::ProviderError;
use crate::web::http::{Credential, Origin, OriginUrl, Origins};

pub use script::{Script, ScriptError};

use message::{Asked, Said};

/// What goes wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It is answered with this status.
    Status(u16),
    /// The connection ends without an answer.
    Cut,
    /// It is not answered.
    Hang,
    /// It is answered with something that is not of the service.
    Garbage,
}

#[derive(Default)]
struct Inside {
    /// In which state the script is; empty at the beginning.
    state: String,
    /// What was kept of requests.
    kept: BTreeMap<String, String>,
    /// Every request since the last change of weather: `GET /path`.
    asked: Vec<String>,
    /// The first request that the script has no answer for.
    unknown: Option<String>,
    fault: Option<Fault<Trouble>>,
}

/// The service, as one check sees it.
pub(super) struct Service {
    url: OriginUrl,
    script: Option<Script>,
    /// What its users let pass.
    headers: Vec<String>,
    inside: Mutex<Inside>,
    hanging: Arc<Notify>,
}

impl Service {
    /// Listens for as long as it is held.
    ///
    /// # Errors
    ///
    /// When loopback cannot be used.
    pub(super) async fn start(
        script: Option<Script>,
        headers: Vec<String>,
        hanging: Arc<Notify>,
    ) -> Result<Arc<Self>, ProviderError> {
        let listener = server::listen().await?;
        let (url, inside) = (listener.url.clone(), Mutex::default());
        let service = Arc::new(Self { url, script, headers, inside, hanging });
        listener.serve(Arc::downgrade(&service));
        Ok(service)
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on requests go wrong; they are counted anew.
    pub(super) fn trouble(&self, when: When, effect: Trouble) {
        let mut inside = self.inside();
        inside.asked.clear();
        inside.fault = Some(Fault { when, effect });
    }

    /// From now on nothing goes wrong; requests are counted anew.
    pub(super) fn heal(&self) {
        let mut inside = self.inside();
        inside.asked.clear();
        inside.fault = None;
    }

    /// The requests since the last change of weather.
    pub(super) fn asked(&self) -> Vec<String> {
        self.inside().asked.clone()
    }

    /// The first request that has no answer in the script.
    pub(super) fn unknown(&self) -> Option<String> {
        self.inside().unknown.clone()
    }

    /// Whether anybody wrote down what it answers.
    pub(super) fn is_scripted(&self) -> bool {
        self.script.is_some()
    }
}

impl server::Answering for Service {
    fn answer(&self, asked: &Asked) -> Said {
        let mut guard = self.inside();
        let inside = &mut *guard;
        let (number, started) = (inside.asked.len(), !inside.state.is_empty());
        let name = format!("{} {}", asked.method, asked.path);
        let befalls = |fault: &&Fault<Trouble>| fault.befalls(number, &name, started);
        let trouble = inside.fault.as_ref().filter(befalls).map(|fault| fault.effect);
        inside.asked.push(name.clone());
        match trouble {
            Some(Trouble::Status(status)) => return Said::refusal(status, "this is a test"),
            Some(Trouble::Cut) => return Said::Cut,
            Some(Trouble::Hang) => {
                self.hanging.notify_one();
                return Said::Nothing;
            }
            Some(Trouble::Garbage) => return Said::garbage(),
            None => {}
        }
        let script = self.script.as_ref();
        let found = script.and_then(|it| it.answer(asked, &mut inside.state, &mut inside.kept));
        found.unwrap_or_else(|| {
            let words = format!("there is no exchange for `{name}`");
            inside.unknown.get_or_insert(name);
            Said::refusal(404, &words)
        })
    }
}

/// The service by any name, with a login of nobody.
pub(super) struct Named(pub(super) Arc<Service>);

impl Origins for Named {
    fn find(&self, _: &str) -> Result<Origin, ProviderError> {
        let credential = Credential::Login(Arc::new(Analysis));
        Ok(Origin::new(self.0.url.clone(), credential).allowing(&self.0.headers))
    }
}
