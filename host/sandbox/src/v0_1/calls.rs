//! The calls of a provider, in our own types.

use std::sync::Arc;

use wasmtime::component::{InstancePre, Resource};
use wasmtime::{Store, Trap};

use super::bindings::exports::renku::session as exports;
use super::convert::{
    error_from_guest, image_state_from_guest, info_from_guest, session_from_guest,
};
use super::exports::Exports;
use super::state::{Build, RequestHandle, SinkHandle, State, Stop};
use crate::containers::LogSink;
use crate::domain::{ImageState, Session};
use crate::error::{CallError, SandboxError};
use crate::facts::Ability;
use crate::invocation::{ProviderInfo, Usage};
use crate::limits::Limit;

use super::bindings::renku::session::types::Error as GuestError;

/// One instance of a provider, for one command. After a trap it is spent.
pub struct Instance {
    provider: String,
    store: Store<State>,
    request: u32,
    spent: bool,
    calls: exports::provider::Guest,
    hibernation: Option<exports::hibernation::Guest>,
    logs: Option<exports::logs::Guest>,
}

/// Calls one export: lends the request, keeps the CPU account, names what went
/// wrong.
macro_rules! call {
    ($self:ident, $exports:expr, $method:ident $(, $argument:expr)*) => {{
        let request = $self.begin()?;
        let result = $exports.$method(&mut $self.store, request $(, $argument)*).await;
        $self.end(result)
    }};
}

impl Instance {
    pub(super) async fn new(
        provider: &str,
        mut store: Store<State>,
        pre: &InstancePre<State>,
        indices: &Exports,
    ) -> Result<Self, SandboxError> {
        store.data_mut().clock.resume();
        let instance = match pre.instantiate_async(&mut store).await {
            Ok(instance) => instance,
            Err(error) => return Err(explain(provider, store.data(), &error)),
        };
        let broken =
            |error: wasmtime::Error| SandboxError::Runtime { reason: format!("{error:#}") };
        let calls = indices.provider.load(&mut store, &instance).map_err(broken)?;
        let hibernation = match &indices.hibernation {
            Some(indices) => Some(indices.load(&mut store, &instance).map_err(broken)?),
            None => None,
        };
        let logs = match &indices.logs {
            Some(indices) => Some(indices.load(&mut store, &instance).map_err(broken)?),
            None => None,
        };
        let request = store.data_mut().handles.push(RequestHandle, 0).map_err(broken)?.rep();
        Ok(Self {
            provider: provider.into(),
            store,
            request,
            spent: false,
            calls,
            hibernation,
            logs,
        })
    }

    /// Whether the component exports what this ability needs.
    #[must_use]
    pub fn can(&self, ability: Ability) -> bool {
        match ability {
            Ability::Hibernation => self.hibernation.is_some(),
            Ability::Logs => self.logs.is_some(),
        }
    }

    /// Names that the guest said it created, in order.
    #[must_use]
    pub fn created(&self) -> &[String] {
        &self.store.data().created
    }

    /// What it has used of the machine so far.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let state = self.store.data();
        Usage { cpu: state.clock.spent(), memory: state.limiter.memory() }
    }

    fn begin(&mut self) -> Result<Resource<RequestHandle>, SandboxError> {
        if self.spent {
            return Err(SandboxError::Ended { provider: self.provider.clone() });
        }
        self.store.data_mut().clock.resume();
        self.store.set_epoch_deadline(1);
        Ok(Resource::new_borrow(self.request))
    }

    /// Ends a call whose answer has no error of the guest.
    fn end_plain<T>(&mut self, result: wasmtime::Result<T>) -> Result<T, SandboxError> {
        let state = self.store.data_mut();
        state.clock.look();
        let dropped = state.gate.take_dropped();
        if dropped > 0 {
            let provider = state.invocation.provider.clone();
            state
                .invocation
                .reporter
                .message(&format!("{provider}: warning: {dropped} messages were dropped"));
        }
        result.map_err(|error| {
            self.spent = true;
            explain(&self.provider, self.store.data(), &error)
        })
    }

    fn end<T>(&mut self, result: wasmtime::Result<Result<T, GuestError>>) -> Result<T, CallError> {
        if result.is_err()
            && let Some(Stop::Host(error)) = &self.store.data().stop
        {
            self.spent = true;
            return Err(CallError::Provider(error.clone()));
        }
        Ok(self.end_plain(result)?.map_err(error_from_guest)?)
    }

    fn session(&self, session: super::bindings::renku::session::types::Session) -> Session {
        session_from_guest(&self.store.data().invocation.provider, session)
    }

    /// Calls `session-provider`.
    ///
    /// # Errors
    ///
    /// When the component breaks a limit or traps; so do all calls below, which
    /// also pass on the provider's own errors.
    pub async fn session_provider(&mut self) -> Result<ProviderInfo, SandboxError> {
        self.begin()?;
        let result = self.calls.call_session_provider(&mut self.store).await;
        Ok(info_from_guest(&self.end_plain(result)?))
    }

    /// Calls `pre-start-checks`; the answer replaces the candidate image.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn pre_start_checks(
        &mut self,
        candidate: Option<&str>,
    ) -> Result<Option<String>, CallError> {
        call!(self, self.calls, call_pre_start_checks, candidate)
    }

    /// Calls `find-image`.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn find_image(&mut self, image: &str) -> Result<ImageState, CallError> {
        call!(self, self.calls, call_find_image, image).map(image_state_from_guest)
    }

    /// Calls `build-image`. Only here, and only this, may the guest build.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn build_image(&mut self, descriptor: &str, image: &str) -> Result<(), CallError> {
        let build = Build { descriptor: descriptor.to_owned(), image: image.to_owned() };
        self.store.data_mut().build = Some(build);
        let result = call!(self, self.calls, call_build_image, descriptor, image);
        self.store.data_mut().build = None;
        result
    }

    /// Calls `session-list`.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn session_list(&mut self) -> Result<Vec<Session>, CallError> {
        let sessions = call!(self, self.calls, call_session_list)?;
        Ok(sessions.into_iter().map(|session| self.session(session)).collect())
    }

    /// Calls `session-start`.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn session_start(&mut self, image: &str) -> Result<Session, CallError> {
        let session = call!(self, self.calls, call_session_start, image)?;
        Ok(self.session(session))
    }

    /// Calls `session-stop`; whether something was stopped.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn session_stop(&mut self, name: Option<&str>, all: bool) -> Result<bool, CallError> {
        call!(self, self.calls, call_session_stop, name, all)
    }

    /// Calls `session-url`.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn session_url(&mut self, name: &str) -> Result<String, CallError> {
        call!(self, self.calls, call_session_url, name)
    }

    /// Calls `pause`; none when the provider cannot.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn pause(&mut self, name: &str) -> Result<Option<()>, CallError> {
        let Some(hibernation) = &self.hibernation else { return Ok(None) };
        let hibernation = hibernation.clone();
        call!(self, hibernation, call_pause, name).map(Some)
    }

    /// Calls `resume`; none when the provider cannot.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn resume(&mut self, name: &str) -> Result<Option<()>, CallError> {
        let Some(hibernation) = &self.hibernation else { return Ok(None) };
        let hibernation = hibernation.clone();
        call!(self, hibernation, call_resume, name).map(Some)
    }

    /// Calls `session-logs`; none when the provider cannot.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn session_logs(
        &mut self,
        name: &str,
        tail: Option<u32>,
        follow: bool,
        sink: Arc<dyn LogSink>,
    ) -> Result<Option<()>, CallError> {
        let Some(logs) = &self.logs else { return Ok(None) };
        let logs = logs.clone();
        let handle = match self.store.data_mut().handles.push(SinkHandle(sink), 0) {
            Ok(handle) => handle,
            Err(error) => return Err(explain(&self.provider, self.store.data(), &error).into()),
        };
        let borrow = Resource::new_borrow(handle.rep());
        call!(self, logs, call_session_logs, name, tail, follow, borrow).map(Some)
    }
}

/// Says in our words why a guest ended.
fn explain(provider: &str, state: &State, error: &wasmtime::Error) -> SandboxError {
    let provider = provider.to_owned();
    if state.stop == Some(Stop::CancelGrace) {
        return SandboxError::CancelGrace { provider };
    }
    let trap = error.downcast_ref::<Trap>();
    let limit = match trap {
        Some(Trap::StackOverflow) => Some(Limit::Stack),
        Some(_) => None,
        None => error.downcast_ref().copied().or_else(|| limit_of_runtime(error)),
    };
    if let Some(limit) = limit {
        return SandboxError::Limit { provider, limit };
    }
    let reason = match trap {
        Some(trap) => trap.to_string(),
        None => error.root_cause().to_string(),
    };
    let reason = reason.strip_prefix("wasm trap: ").unwrap_or(&reason).to_owned();
    SandboxError::Trap { provider, reason }
}

/// A bound that the runtime itself keeps. It has no types for them; tests with
/// components that go beyond each keep this true.
fn limit_of_runtime(error: &wasmtime::Error) -> Option<Limit> {
    let said = |text| error.chain().any(|cause| cause.to_string().contains(text));
    if said("fuel allocated for hostcalls") {
        Some(Limit::BytesPerCall)
    } else if said("store handle limit exceeded") {
        Some(Limit::Handles)
    } else if said("resource limit exceeded") {
        Some(Limit::Parts)
    } else {
        None
    }
}
