//! An engine that is the real one but for the faults that a test orders, for what a
//! real engine cannot be brought to do; and that remembers what it was asked.
//!
//! ```no_run
//! use support::{EngineProxy, Fault};
//! let engine = EngineProxy::watching();
//! engine.fault("POST /containers/create", Fault::status(500).after_doing());
//! engine.fault("DELETE /volumes/*", Fault::Hang);
//! // `renku` with `DOCKER_HOST` set to `engine.address()`; then:
//! engine.heal();
//! ```

mod fault;
mod pattern;
mod serve;
mod state;

use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

pub use fault::Fault;
use pattern::Pattern;
use state::State;

/// What the program asks of an engine, as patterns for [`EngineProxy::fault`].
pub const ENDPOINTS: &[&str] = &[
    "GET /_ping",
    "GET /version",
    "GET /info",
    "GET /system/df",
    "GET /containers/json",
    "GET /containers/*/json",
    "GET /containers/*/logs",
    "GET /containers/*/archive",
    "PUT /containers/*/archive",
    "POST /containers/create",
    "POST /containers/*/start",
    "POST /containers/*/stop",
    "POST /containers/*/pause",
    "POST /containers/*/unpause",
    "POST /containers/*/wait",
    "POST /containers/*/exec",
    "POST /exec/*/start",
    "GET /exec/*/json",
    "DELETE /containers/*",
    "GET /images/json",
    "GET /images/**/json",
    "POST /images/create",
    "POST /images/**/tag",
    "POST /images/prune",
    "DELETE /images/**",
    "GET /distribution/**/json",
    "POST /session",
    "POST /build",
    "GET /volumes",
    "GET /volumes/*",
    "POST /volumes/create",
    "DELETE /volumes/*",
];

/// A socket for `DOCKER_HOST`. When it is dropped, every connection breaks.
pub struct EngineProxy {
    /// The folder of the socket, when it is the proxy's own.
    _folder: Option<TempDir>,
    state: Arc<State>,
}

impl EngineProxy {
    /// The engine answers everything.
    ///
    /// # Panics
    ///
    /// Here and below: when no socket can be made, or a thread of the proxy panicked.
    #[must_use]
    pub fn watching() -> Self {
        let folder = tempfile::Builder::new().prefix("renku-proxy-").tempdir().unwrap();
        Self { state: listen(folder.path()), _folder: Some(folder) }
    }

    /// Requests for `request` get `answer`, a whole HTTP response, without the engine;
    /// the engine answers all others.
    #[must_use]
    pub fn answering(request: &str, answer: &str) -> Self {
        Self::with(request, Fault::Answer(answer.into()))
    }

    /// With one fault.
    #[must_use]
    pub fn with(request: &str, fault: Fault) -> Self {
        let proxy = Self::watching();
        proxy.fault(request, fault);
        proxy
    }

    /// From now on, `fault` befalls requests like `request`: a method and a path such as
    /// `GET /images/**/json`. `*` stands for any method or one segment of the path, `**`
    /// for any number of segments; the version of the API and the query do not count. Of
    /// several faults for a request, the newest befalls it.
    pub fn fault(&self, request: &str, fault: Fault) {
        self.state.order(Pattern::new(request), fault, usize::MAX);
    }

    /// The same for the next request alone; the ones after it are answered as before.
    pub fn fault_once(&self, request: &str, fault: Fault) {
        self.state.order(Pattern::new(request), fault, 1);
    }

    /// Faults end; what hangs now goes on hanging.
    pub fn heal(&self) {
        self.state.heal();
    }

    /// The first lines of all requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.state.seen()
    }

    /// The same, but for those that only read.
    #[must_use]
    pub fn writes(&self) -> Vec<String> {
        let reads = |line: &String| line.starts_with("GET ") || line.starts_with("HEAD ");
        self.requests().into_iter().filter(|line| !reads(line)).collect()
    }

    /// How many requests there were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.requests().len()
    }

    /// Whether a request like this came, so far.
    #[must_use]
    pub fn was_asked(&self, request: &str) -> bool {
        self.was_asked_since(0, request)
    }

    /// The same after the first so many requests, as [`Self::count`] gives them.
    #[must_use]
    pub fn was_asked_since(&self, before: usize, request: &str) -> bool {
        let pattern = Pattern::new(request);
        self.requests().iter().skip(before).any(|line| pattern.is_of(line))
    }

    /// The value of `DOCKER_HOST`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("unix://{}", self.state.socket().display())
    }
}

impl Drop for EngineProxy {
    fn drop(&mut self) {
        self.state.vanish();
    }
}

fn listen(folder: &Path) -> Arc<State> {
    let socket = folder.join("engine.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let state = Arc::new(State::new(socket));
    let shared = Arc::clone(&state);
    // Ends with the process of the tests, or when the proxy vanishes.
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if shared.has_vanished() {
                return;
            }
            let state = Arc::clone(&shared);
            std::thread::spawn(move || serve::serve(stream, &state));
        }
    });
    state
}

#[cfg(test)]
mod tests;
