//! The provider `local`: a session is a program of this computer, in a box that needs no
//! container engine.
//!
//! What a Renku session is, is decided in `renku-provider-session`.

use renku_provider_session::Session as Container;
use renku_session_sdk::{
    Hibernation, ImageState, LogSink, Logs, Provider, ProviderInfo, Request, Result, Session,
};

struct Local;

impl Provider for Local {
    fn session_provider() -> ProviderInfo {
        ProviderInfo {
            name: "local".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            about: env!("CARGO_PKG_DESCRIPTION").to_owned(),
        }
    }

    fn pre_start_checks(_: &Request, candidate_image: Option<&str>) -> Result<Option<String>> {
        Container::pre_start_checks(candidate_image)
    }

    fn find_image(_: &Request, image: &str) -> Result<ImageState> {
        Container::find_image(image)
    }

    fn build_image(request: &Request, descriptor: &str, image: &str) -> Result<()> {
        Container::build_image(request, descriptor, image)
    }

    fn session_list(_: &Request) -> Result<Vec<Session>> {
        Container::list()
    }

    fn session_start(request: &Request, image: &str) -> Result<Session> {
        Container::start(request, image)
    }

    fn session_stop(_: &Request, name: Option<&str>, all: bool) -> Result<bool> {
        Container::stop(name, all)
    }

    fn session_url(_: &Request, name: &str) -> Result<String> {
        Container::url(name)
    }
}

impl Hibernation for Local {
    fn pause(_: &Request, name: &str) -> Result<()> {
        Container::pause(name)
    }

    fn resume(_: &Request, name: &str) -> Result<()> {
        Container::resume(name)
    }
}

impl Logs for Local {
    fn session_logs(
        _: &Request,
        name: &str,
        tail: Option<u32>,
        follow: bool,
        sink: &LogSink,
    ) -> Result<()> {
        Container::logs(name, tail, follow, sink)
    }
}

renku_session_sdk::export!(Local with hibernation logs);
