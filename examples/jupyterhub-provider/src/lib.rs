//! The provider `jupyterhub`: a session is a named server of a JupyterHub.
//!
//! It imports `http` and nothing else that reaches outside. Where the hub is and
//! which token lets its user in, the host alone knows.

mod config;
mod hub;
mod model;
mod progress;
mod refusal;
mod session;
mod start;
mod stop;

use renku_session_sdk::{
    Error, ImageState, Provider, ProviderInfo, Request, Resources, Result, Session,
};

use config::Config;
use hub::Hub;

/// What is started when nobody names an image: whatever the hub is set up with.
const HUBS_OWN: &str = "the-image-of-the-hub";

struct JupyterHub;

impl Provider for JupyterHub {
    fn session_provider() -> ProviderInfo {
        ProviderInfo {
            name: "jupyterhub".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            about: env!("CARGO_PKG_DESCRIPTION").to_owned(),
        }
    }

    fn pre_start_checks(request: &Request, _: Option<&str>) -> Result<Option<String>> {
        refuse_resources(&request.resources())?;
        // Asks the hub who we are, so that a wrong token is the first error.
        Hub::open(&Config::of(request)?)?;
        Ok((!request.image_is_users()).then(|| HUBS_OWN.to_owned()))
    }

    fn find_image(_: &Request, _: &str) -> Result<ImageState> {
        // The hub fetches it where it starts it; nobody has to do that here.
        Ok(ImageState::Local)
    }

    fn build_image(_: &Request, _: &str, image: &str) -> Result<()> {
        Err(Error::unsupported(format!("a JupyterHub cannot build `{image}` from this folder"))
            .help("push the image to a registry and name it with `--image`"))
    }

    fn session_list(request: &Request) -> Result<Vec<Session>> {
        let hub = Hub::open(&Config::of(request)?)?;
        let sessions = session::of_project(&hub, request)?;
        Ok(sessions.iter().map(|server| session::describe(&hub, server)).collect())
    }

    fn session_start(request: &Request, image: &str) -> Result<Session> {
        let config = Config::of(request)?;
        let image = (image != HUBS_OWN).then_some(image);
        start::start(&Hub::open(&config)?, request, &config, image)
    }

    fn session_stop(request: &Request, name: Option<&str>, all: bool) -> Result<bool> {
        let hub = Hub::open(&Config::of(request)?)?;
        let mut sessions = session::of_project(&hub, request)?;
        match name {
            _ if all => {}
            Some(name) => sessions.retain(|server| server.session() == name),
            None => {
                return Err(Error::invalid_input("no session to stop was named")
                    .help("name one, or add `--all`"));
            }
        }
        for server in &sessions {
            stop::stop(&hub, server)?;
        }
        Ok(!sessions.is_empty())
    }

    fn session_url(request: &Request, name: &str) -> Result<String> {
        session::url(&Hub::open(&Config::of(request)?)?, name)
    }
}

/// How large a server is, the hub decides.
fn refuse_resources(resources: &Resources) -> Result<()> {
    let Resources { cpu, memory, disk, gpu } = resources;
    if cpu.is_none() && memory.is_none() && disk.is_none() && gpu.is_none() {
        return Ok(());
    }
    Err(Error::unsupported("a JupyterHub takes no amounts of CPU, memory, disk or GPU")
        .help("choose how large the session is with `--profile NAME`"))
}

renku_session_sdk::export!(JupyterHub);
