//! What a Renku session in a container is: its program, port, labels and address. The
//! providers that start one (`docker`, `local`) are a name and texts on this; what a
//! container may do is decided by the host, which alone talks to the engine.

mod base_url;
mod command;
mod command_line;
mod config;
mod image_name;
mod list;
mod login;
mod port;
mod renkulab;
mod session;
mod start;
mod stop;
mod url;

use renku_session_sdk::{Error, ImageState, LogSink, Request, Result, Session as Info, containers};

/// The calls of a provider whose sessions are containers.
#[derive(Debug, Clone, Copy)]
pub struct Session;

impl Session {
    /// Checks the image's name; no other image takes its place.
    ///
    /// # Errors
    ///
    /// `invalid-input` when it cannot be one.
    pub fn pre_start_checks(candidate_image: Option<&str>) -> Result<Option<String>> {
        candidate_image.map_or(Ok(()), image_name::check)?;
        Ok(None)
    }

    /// Where an image is.
    ///
    /// # Errors
    ///
    /// As the engine has them.
    pub fn find_image(image: &str) -> Result<ImageState> {
        image_name::check(image)?;
        containers::find_image(image)
    }

    /// Builds the image of the project.
    ///
    /// # Errors
    ///
    /// As the engine has them.
    pub fn build_image(request: &Request, descriptor: &str, image: &str) -> Result<()> {
        let project = request
            .project()
            .ok_or_else(|| Error::invalid_input("there is no project to build an image from"))?;
        containers::build_image(&project, descriptor, image)
    }

    /// The sessions there are.
    ///
    /// # Errors
    ///
    /// When the engine cannot be asked.
    pub fn list() -> Result<Vec<Info>> {
        list::sessions()
    }

    /// Starts a session of `image`.
    ///
    /// # Errors
    ///
    /// When the container does not start or does not answer in time.
    pub fn start(request: &Request, image: &str) -> Result<Info> {
        start::start(request, image)
    }

    /// Stops one or all; whether there was one.
    ///
    /// # Errors
    ///
    /// When one could not be stopped.
    pub fn stop(name: Option<&str>, all: bool) -> Result<bool> {
        match name {
            _ if all => stop::all(),
            Some(name) => stop::one(name),
            None => Err(Error::invalid_input("no session to stop was named")
                .help("run `renku session stop --all`")),
        }
    }

    /// Where a session opens.
    ///
    /// # Errors
    ///
    /// When there is none, or it is in no state to be opened.
    pub fn url(name: &str) -> Result<String> {
        session::open_url(&session::find(name)?)
    }

    /// Freezes a session.
    ///
    /// # Errors
    ///
    /// As the engine has them.
    pub fn pause(name: &str) -> Result<()> {
        containers::pause(name).map_err(|error| session::unknown(name, error))
    }

    /// Thaws it.
    ///
    /// # Errors
    ///
    /// As the engine has them.
    pub fn resume(name: &str) -> Result<()> {
        containers::resume(name).map_err(|error| session::unknown(name, error))
    }

    /// Sends what a session printed.
    ///
    /// # Errors
    ///
    /// As the engine has them.
    pub fn logs(name: &str, tail: Option<u32>, follow: bool, sink: &LogSink) -> Result<()> {
        containers::logs(name, tail, follow, sink).map_err(|error| session::unknown(name, error))
    }
}
