//! The traits that a provider implements: the contract without its plumbing.

use crate::{DetailsSink, ImageState, LogSink, ProviderInfo, Request, Session, types};

/// What every call of the contract returns.
pub type Result<T> = std::result::Result<T, types::Error>;

/// What every provider can do. The functions are those of `wit/v0.1/provider.wit`
/// and documented there.
pub trait Provider {
    /// Who this is. Asks nothing of anybody.
    fn session_provider() -> ProviderInfo;

    /// Looks whether a start can work; may name another image than
    /// `candidate_image`, `None` keeps it.
    ///
    /// # Errors
    ///
    /// Whatever the user has to change before a start can work.
    fn pre_start_checks(
        _request: &Request,
        _candidate_image: Option<&str>,
    ) -> Result<Option<String>> {
        Ok(None)
    }

    /// Where `image` is. Without this function: it is there, as for a service
    /// that brings its images along.
    ///
    /// # Errors
    ///
    /// When nobody could be asked; an image that does not exist is no error.
    fn find_image(_request: &Request, _image: &str) -> Result<ImageState> {
        Ok(ImageState::Local)
    }

    /// Builds the project into `image` after `descriptor`, a path relative to
    /// the project's root. Without this function: it builds none.
    ///
    /// # Errors
    ///
    /// When the build fails.
    fn build_image(_request: &Request, _descriptor: &str, _image: &str) -> Result<()> {
        Err(types::Error::unsupported("this provider builds no images"))
    }

    /// The sessions of the request's project; of all projects when it has none.
    ///
    /// # Errors
    ///
    /// When the sessions cannot be known. One that is broken is listed with its
    /// state and does not hide the others.
    fn session_list(request: &Request) -> Result<Vec<Session>>;

    /// Starts a session of `image` and waits as long as the request says. Calls
    /// [`crate::invocation::created`] as soon as something exists.
    ///
    /// # Errors
    ///
    /// When there is no session that answers; the host then stops what was
    /// created.
    fn session_start(request: &Request, image: &str) -> Result<Session>;

    /// Stops the session `name` (with `all` every session of the request's
    /// project). True when something was stopped.
    ///
    /// # Errors
    ///
    /// When something that exists could not be stopped.
    fn session_stop(request: &Request, name: Option<&str>, all: bool) -> Result<bool>;

    /// Where the session `name` opens.
    ///
    /// # Errors
    ///
    /// `not-found` for an unknown name, `conflict` for a session that cannot be
    /// opened in its state.
    fn session_url(request: &Request, name: &str) -> Result<String>;
}

/// For engines that can put a session aside and take it up again.
pub trait Hibernation {
    /// Puts a session aside.
    ///
    /// # Errors
    ///
    /// When it does not exist or its state does not allow this.
    fn pause(request: &Request, name: &str) -> Result<()>;

    /// Takes it up again.
    ///
    /// # Errors
    ///
    /// When it does not exist or its state does not allow this.
    fn resume(request: &Request, name: &str) -> Result<()>;
}

/// For engines that keep what a session prints.
pub trait Logs {
    /// Sends the last `tail` lines (`None`: all), then with `follow` whatever
    /// comes, to `sink`.
    ///
    /// # Errors
    ///
    /// When the session does not exist, or `cancelled` when the user has seen
    /// enough.
    fn session_logs(
        request: &Request,
        name: &str,
        tail: Option<u32>,
        follow: bool,
        sink: &LogSink,
    ) -> Result<()>;
}

/// For engines that know more about a session than every engine does. A draft of
/// contract 0.1.1: it may change until that is released.
pub trait Details {
    /// Says to `sink` what is known of the sessions `names` beyond their list. One that
    /// is gone meanwhile is left out.
    ///
    /// # Errors
    ///
    /// When nothing can be known. `ls` then shows the sessions without it.
    fn session_details(request: &Request, names: &[String], sink: &DetailsSink) -> Result<()>;
}
