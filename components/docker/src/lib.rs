//! The provider `docker`: a session is a container of the local engine.
//!
//! It decides what a Renku session is (its program, port, labels, address); what
//! a container may do is decided by the host, which alone talks to the engine.

mod base_url;
mod command;
mod command_line;
mod config;
mod image_name;
mod list;
mod port;
mod session;
mod start;
mod stop;
mod url;

use renku_session_sdk::{
    Error, Hibernation, ImageState, LogSink, Logs, Provider, ProviderInfo, Request, Result,
    Session, containers,
};

struct Docker;

impl Provider for Docker {
    fn session_provider() -> ProviderInfo {
        ProviderInfo {
            name: "docker".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            about: env!("CARGO_PKG_DESCRIPTION").to_owned(),
        }
    }

    fn pre_start_checks(_: &Request, candidate_image: Option<&str>) -> Result<Option<String>> {
        candidate_image.map_or(Ok(()), image_name::check)?;
        Ok(None)
    }

    fn find_image(_: &Request, image: &str) -> Result<ImageState> {
        image_name::check(image)?;
        containers::find_image(image)
    }

    fn build_image(request: &Request, descriptor: &str, image: &str) -> Result<()> {
        let project = request
            .project()
            .ok_or_else(|| Error::invalid_input("there is no project to build an image from"))?;
        containers::build_image(&project, descriptor, image)
    }

    fn session_list(_: &Request) -> Result<Vec<Session>> {
        list::sessions()
    }

    fn session_start(request: &Request, image: &str) -> Result<Session> {
        start::start(request, image)
    }

    fn session_stop(_: &Request, name: Option<&str>, all: bool) -> Result<bool> {
        match name {
            _ if all => stop::all(),
            Some(name) => stop::one(name),
            None => Err(Error::invalid_input("which session should be stopped is not said")
                .help("run `renku session stop --all`")),
        }
    }

    fn session_url(_: &Request, name: &str) -> Result<String> {
        session::open_url(&session::find(name)?)
    }
}

impl Hibernation for Docker {
    fn pause(_: &Request, name: &str) -> Result<()> {
        containers::pause(name).map_err(|error| session::unknown(name, error))
    }

    fn resume(_: &Request, name: &str) -> Result<()> {
        containers::resume(name).map_err(|error| session::unknown(name, error))
    }
}

impl Logs for Docker {
    fn session_logs(
        _: &Request,
        name: &str,
        tail: Option<u32>,
        follow: bool,
        sink: &LogSink,
    ) -> Result<()> {
        containers::logs(name, tail, follow, sink).map_err(|error| session::unknown(name, error))
    }
}

renku_session_sdk::export!(Docker with hibernation logs);
