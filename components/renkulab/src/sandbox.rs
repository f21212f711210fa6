//! The outside in the sandbox: every function is the host's.

use renku_session_sdk::http::{self, HttpRequest, Origin};
use renku_session_sdk::invocation::{self, Level, Progress};
use renku_session_sdk::{ErrorKind, Result, prompt, repository};

use crate::call::{Call, Response};
use crate::local_state::LocalState;
use crate::outside::Outside;

/// The name of the origin in the user's settings.
const ORIGIN: &str = "renkulab";

/// How much of a body is taken at once.
const BYTES: u32 = 64 * 1024;

/// The host, and the RenkuLab that it has opened.
pub(crate) struct Sandbox(Origin);

impl Sandbox {
    /// # Errors
    ///
    /// When the user has no RenkuLab, or has not logged in to it.
    pub(crate) fn new() -> Result<Self> {
        let opened = http::open(ORIGIN).map_err(|error| match error.kind {
            ErrorKind::NotFound if error.help.is_none() => error.help("run `renku login`"),
            _ => error,
        })?;
        Ok(Self(opened))
    }
}

impl Outside for Sandbox {
    fn base(&self) -> String {
        self.0.display_url().trim_end_matches('/').to_owned()
    }

    fn send(&self, call: &Call) -> Result<Response> {
        let request = HttpRequest::new(call.method, &call.path);
        for (name, value) in &call.query {
            request.query(name, value);
        }
        request.header("Accept", "application/json");
        if let Some(body) = &call.body {
            request.body("application/json", body.to_string().as_bytes());
        }
        let response = match call.max_age {
            Some(seconds) => self.0.send_anonymously(&request, seconds)?,
            None if call.with_refresh_token => self.0.send_with_refresh_token(&request)?,
            None => self.0.send(&request)?,
        };
        let mut body = Vec::new();
        while let Some(bytes) = response.read(BYTES)? {
            body.extend(bytes);
        }
        let header = |name: &str| response.header(name);
        Ok(Response {
            status: response.status(),
            pages: header("total-pages").and_then(|text| text.parse().ok()),
            retry_after: header("retry-after"),
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    fn sleep(&self, milliseconds: u32) -> Result<()> {
        invocation::sleep(milliseconds)
    }

    fn now(&self) -> u64 {
        invocation::now()
    }

    fn report(&self, progress: &Progress) {
        invocation::report(progress);
    }

    fn say(&self, level: Level, message: &str) {
        invocation::log(level, message);
    }

    fn confirm(&self, id: &str, text: &str) -> Result<bool> {
        prompt::confirm(id, text)
    }

    fn ask(&self, id: &str, text: &str, secret: bool) -> Result<String> {
        prompt::ask(id, text, secret)
    }

    fn created(&self, name: &str) {
        invocation::created(name);
    }

    fn local_state(&self) -> Result<LocalState> {
        let status = repository::read_status()?;
        Ok(LocalState {
            branch: status.branch(),
            head: status.head(),
            dirty: status.dirty(),
            upstream: status.upstream(),
            ahead: status.ahead().unwrap_or(0),
            behind: status.behind(),
            remotes: status.remote_urls(),
        })
    }

    fn default_branch(&self) -> Result<Option<String>> {
        repository::default_branch()
    }

    fn push(&self) -> Result<()> {
        repository::push()
    }
}
