//! What one instance carries: the command it works for, its handles and its
//! accounts.
#![allow(unreachable_pub, reason = "the generated bindings re-export the handles")]

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use wasmtime::component::Resource;

use super::bindings::renku::session::types::Error;
use super::convert::error_to_guest;
use crate::clock::GuestClock;
use crate::containers::LogSink;
use crate::details::Details;
use crate::domain::{Diagnostic, ErrorKind, ProviderError};
use crate::gate::Gate;
use crate::grants::Capability;
use crate::handles::Handles;
use crate::invocation::Invocation;
use crate::limiter::Limiter;
use crate::web::http::{Connection, Response};

/// The guest's handle on the project. What it stands for is in the invocation.
pub struct ProjectHandle;

/// The guest's handle on the request.
pub struct RequestHandle;

/// The guest's handle on a log sink.
pub struct SinkHandle(pub Arc<dyn LogSink>);

/// The guest's handle on what it says about sessions.
pub struct DetailsHandle(pub Arc<Details>);

/// The guest's handle on an origin.
#[derive(Clone)]
pub struct OriginHandle(pub Arc<Connection>);

/// The guest's handle on an answer.
#[derive(Clone)]
pub struct ResponseHandle(pub Arc<Response>);

/// Why the host ended a guest, where the runtime's own error does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stop {
    /// It ignored an interrupt.
    CancelGrace,
    /// A host function without a result could not do its work.
    Host(ProviderError),
}

/// The data of one store.
pub(super) struct State {
    pub(super) invocation: Invocation,
    pub(super) handles: Handles,
    /// The origins that were opened, by name: one client for each.
    pub(super) origins: BTreeMap<String, OriginHandle>,
    pub(super) limiter: Limiter,
    pub(super) clock: GuestClock,
    pub(super) gate: Gate,
    /// Names the guest said it created, in order.
    pub(super) created: Vec<String>,
    pub(super) stop: Option<Stop>,
    /// What the host asks it to build at the moment.
    pub(super) build: Option<Build>,
}

/// A build that the user agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Build {
    pub(super) descriptor: String,
    pub(super) image: String,
}

impl State {
    pub(super) fn new(invocation: Invocation) -> Self {
        Self {
            invocation,
            handles: Handles::default(),
            origins: BTreeMap::new(),
            limiter: Limiter::default(),
            clock: GuestClock::new(),
            gate: Gate::new(),
            created: Vec::new(),
            stop: None,
            build: None,
        }
    }

    /// Does the guest's work in the host: ends with `cancelled` as soon as the
    /// user interrupts (dropping `work`), and is not the guest's CPU time.
    pub(super) async fn host_work<T, E: Diagnostic>(
        &mut self,
        work: impl Future<Output = Result<T, E>>,
    ) -> wasmtime::Result<Result<T, Error>> {
        self.clock.look();
        let cancel = self.invocation.cancel.clone();
        let result = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(error_to_guest(&ProviderError::cancelled())),
            result = work => result.map_err(|error| error_to_guest(&error)),
        };
        self.clock.resume();
        Ok(result)
    }

    /// Ends the guest, because a host function without a result failed.
    pub(super) fn fail<T>(&mut self, error: &dyn Diagnostic) -> wasmtime::Result<T> {
        self.stop = Some(Stop::Host(ProviderError::from_diagnostic(error)));
        Err(wasmtime::Error::msg("the host ended the provider"))
    }

    /// The answer of a capability that this command may not use.
    pub(super) fn denied(&self, capability: Capability) -> Error {
        error_to_guest(&self.refusal(capability))
    }

    /// The same in our own type.
    pub(super) fn refusal(&self, capability: Capability) -> ProviderError {
        let provider = self.invocation.provider.shown();
        if capability == Capability::Http && self.invocation.offline {
            return ProviderError::new(
                ErrorKind::Denied,
                format!("provider `{provider}` needs the web, and `--offline` was given"),
            )
            .with_help("run it again without `--offline`");
        }
        let capability = capability.as_str();
        ProviderError::new(
            ErrorKind::Denied,
            format!("provider `{provider}` has no permission for `{capability}`"),
        )
        .with_help("`renku session provider grant` allows it")
    }

    /// Checks that the guest builds what it is asked to build, and nothing else:
    /// a build takes the name of an image, and the user was asked about that.
    pub(super) fn check_build(&self, wanted: &Build) -> Result<(), Error> {
        if self.build.as_ref() == Some(wanted) {
            return Ok(());
        }
        let Build { descriptor, image } = wanted;
        let provider = self.invocation.provider.shown();
        let asked = match &self.build {
            Some(asked) => {
                format!("the request was `{}` from `{}`", asked.image, asked.descriptor)
            }
            None => "the request was not to build anything".to_owned(),
        };
        let message = format!("provider `{provider}` may not build `{image}` from `{descriptor}`");
        Err(error_to_guest(&ProviderError::new(ErrorKind::Denied, message).with_cause(asked)))
    }

    pub(super) fn details(&self, handle: &Resource<DetailsHandle>) -> wasmtime::Result<&Details> {
        Ok(&self.handles.get(handle)?.0)
    }

    pub(super) fn sink(&self, handle: &Resource<SinkHandle>) -> wasmtime::Result<Arc<dyn LogSink>> {
        Ok(Arc::clone(&self.handles.get(handle)?.0))
    }
}
