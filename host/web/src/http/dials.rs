//! Sees every connection attempt, so that a refusal can be shown to come before
//! any socket.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

/// Counts connection attempts. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct Dials(Arc<AtomicU64>);

impl Dials {
    /// How many attempts there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// The layer of one client; `origin` is named in the log.
    pub(super) fn layer(&self, origin: &str) -> DialLayer {
        DialLayer { dials: self.clone(), origin: origin.into() }
    }
}

/// Wraps the connector of a client.
#[derive(Clone)]
pub(super) struct DialLayer {
    dials: Dials,
    origin: Arc<str>,
}

impl<S> Layer<S> for DialLayer {
    type Service = Dialling<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Dialling { inner, layer: self.clone() }
    }
}

/// A connector that is seen.
#[derive(Clone)]
pub(super) struct Dialling<S> {
    inner: S,
    layer: DialLayer,
}

impl<T, S: Service<T>> Service<T> for Dialling<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, target: T) -> Self::Future {
        self.layer.dials.0.fetch_add(1, Ordering::Relaxed);
        tracing::debug!("connecting to `{}`", self.layer.origin);
        self.inner.call(target)
    }
}
