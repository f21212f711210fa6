//! The calls of a provider, in our own types.

use wasmtime::component::{InstancePre, Resource};
use wasmtime::{Store, Trap};

use super::convert::{
    error_from_guest, image_state_from_guest, info_from_guest, session_from_guest,
};
use super::exports::{Exports, Indices};
use super::state::{Build, RequestHandle, State, Stop};
use crate::domain::{ImageState, ProviderError, Session};
use crate::error::{CallError, SandboxError};
use crate::invocation::{ProviderInfo, Usage};
use crate::limits::Limit;

use super::bindings::renku::session::types::Error as GuestError;

/// One instance of a provider, for one command. After a trap it is spent.
pub struct Instance {
    provider: String,
    pub(super) store: Store<State>,
    request: u32,
    spent: bool,
    pub(super) exports: Exports,
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
pub(super) use call;

impl Instance {
    pub(super) async fn new(
        provider: &str,
        mut store: Store<State>,
        pre: &InstancePre<State>,
        indices: &Indices,
    ) -> Result<Self, SandboxError> {
        store.data_mut().clock.resume();
        let instance = match pre.instantiate_async(&mut store).await {
            Ok(instance) => instance,
            Err(error) => return Err(explain(provider, store.data(), &error)),
        };
        let broken =
            |error: wasmtime::Error| SandboxError::Runtime { reason: format!("{error:#}") };
        let exports = indices.load(&mut store, &instance).map_err(broken)?;
        let request = store.data_mut().handles.push(RequestHandle, 0).map_err(broken)?.rep();
        Ok(Self { provider: provider.into(), store, request, spent: false, exports })
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

    pub(super) fn begin(&mut self) -> Result<Resource<RequestHandle>, SandboxError> {
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
            let provider = state.invocation.provider.shown();
            state
                .invocation
                .reporter
                .message(&format!("warning: {dropped} messages of `{provider}` were dropped"));
        }
        result.map_err(|error| {
            self.spent = true;
            explain(&self.provider, self.store.data(), &error)
        })
    }

    pub(super) fn end<T>(
        &mut self,
        result: wasmtime::Result<Result<T, GuestError>>,
    ) -> Result<T, CallError> {
        if result.is_err()
            && let Some(Stop::Host(error)) = &self.store.data().stop
        {
            self.spent = true;
            return Err(CallError::Provider(error.clone()));
        }
        let answer = self.end_plain(result)?;
        Ok(answer.map_err(|error| {
            let speaker = self.store.data().invocation.speaker.clone();
            ProviderError { speaker, ..error_from_guest(error) }
        })?)
    }

    /// A handle for one call.
    pub(super) fn lend<T: Send + 'static>(
        &mut self,
        value: T,
    ) -> Result<Resource<T>, SandboxError> {
        let pushed = self.store.data_mut().handles.push(value, 0);
        pushed.map_err(|error| explain(&self.provider, self.store.data(), &error))
    }

    fn session(&self, session: super::bindings::renku::session::types::Session) -> Session {
        session_from_guest(&self.store.data().invocation.provider.shown(), session)
    }

    /// Calls `session-provider`.
    ///
    /// # Errors
    ///
    /// When the component breaks a limit or traps; so do all calls below, which
    /// also pass on the provider's own errors.
    pub async fn session_provider(&mut self) -> Result<ProviderInfo, SandboxError> {
        self.begin()?;
        let result = self.exports.provider.call_session_provider(&mut self.store).await;
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
        call!(self, self.exports.provider, call_pre_start_checks, candidate)
    }

    /// Calls `find-image`.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn find_image(&mut self, image: &str) -> Result<ImageState, CallError> {
        call!(self, self.exports.provider, call_find_image, image).map(image_state_from_guest)
    }

    /// Calls `build-image`. Only here, and only this, may the guest build.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn build_image(&mut self, descriptor: &str, image: &str) -> Result<(), CallError> {
        let build = Build { descriptor: descriptor.to_owned(), image: image.to_owned() };
        self.store.data_mut().build = Some(build);
        let result = call!(self, self.exports.provider, call_build_image, descriptor, image);
        self.store.data_mut().build = None;
        result
    }

    /// Calls `session-list`.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn session_list(&mut self) -> Result<Vec<Session>, CallError> {
        let sessions = call!(self, self.exports.provider, call_session_list)?;
        Ok(sessions.into_iter().map(|session| self.session(session)).collect())
    }

    /// Calls `session-start`.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn session_start(&mut self, image: &str) -> Result<Session, CallError> {
        let session = call!(self, self.exports.provider, call_session_start, image)?;
        Ok(self.session(session))
    }

    /// Calls `session-stop`; whether something was stopped.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn session_stop(&mut self, name: Option<&str>, all: bool) -> Result<bool, CallError> {
        call!(self, self.exports.provider, call_session_stop, name, all)
    }

    /// Calls `session-url`.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn session_url(&mut self, name: &str) -> Result<String, CallError> {
        call!(self, self.exports.provider, call_session_url, name)
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
