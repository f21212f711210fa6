//! The provider `renkulab`: a session is started from a launcher of a project on
//! RenkuLab (Renku 2, `/api/data`), which runs it on its cluster.
//!
//! It names paths of the service and understands answers. Where the service is
//! and who the user is, the host alone knows: no token ever gets here.

mod address;
mod ask;
mod build;
mod call;
mod class;
mod config;
mod connector;
mod data;
mod failure;
mod hibernate;
mod image;
mod lack;
mod launcher;
mod list;
mod local_state;
mod logs;
mod model;
mod new_launcher;
mod outside;
mod pools;
mod project;
mod sandbox;
mod service;
mod session;
mod session_secret;
mod size;
mod start;
mod start_plan;
mod stop;
#[cfg(test)]
mod testing;
mod version;
mod wait;
mod wish;

use renku_session_sdk::{
    Error, Hibernation, ImageState, LogSink, Logs, PlannedStart, Provider, ProviderInfo, Request,
    Result, Session, check_planned, start_planned,
};

use ask::Ask;
use sandbox::Sandbox;
use start_plan::StartPlan;

struct RenkuLab;

impl Provider for RenkuLab {
    fn session_provider() -> ProviderInfo {
        ProviderInfo {
            name: "renkulab".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            about: env!("CARGO_PKG_DESCRIPTION").to_owned(),
        }
    }

    fn pre_start_checks(request: &Request, candidate: Option<&str>) -> Result<Option<String>> {
        check_planned::<Self>(request, candidate)
    }

    fn find_image(_: &Request, image: &str) -> Result<ImageState> {
        image::find(&Sandbox::new()?, image)
    }

    fn build_image(_: &Request, _: &str, image: &str) -> Result<()> {
        Err(Error::unsupported(format!("RenkuLab cannot build `{image}` from this folder"))
            .help("push the image to a registry and name it with `--image`, or let RenkuLab build an environment from the repository: `Add session launcher` in the browser, then `--build`"))
    }

    fn session_list(request: &Request) -> Result<Vec<Session>> {
        list::sessions(&Sandbox::new()?, &Ask::of(request)?)
    }

    fn session_start(request: &Request, image: &str) -> Result<Session> {
        start_planned::<Self>(request, image)
    }

    fn session_stop(request: &Request, name: Option<&str>, all: bool) -> Result<bool> {
        let outside = Sandbox::new()?;
        match name {
            _ if all => stop::all(&outside, &Ask::of(request)?),
            Some(name) => stop::one(&outside, name),
            None => Err(Error::invalid_input("no session to stop was named")
                .help("name one, or add `--all`")),
        }
    }

    fn session_url(_: &Request, name: &str) -> Result<String> {
        session::url(&Sandbox::new()?, name)
    }
}

impl PlannedStart for RenkuLab {
    type Plan = StartPlan;

    fn plan(request: &Request, candidate: Option<&str>) -> Result<StartPlan> {
        StartPlan::make(&Sandbox::new()?, &Ask::of(request)?, candidate)
    }

    fn image(plan: &StartPlan) -> Option<String> {
        Some(plan.image().to_owned())
    }

    fn start(request: &Request, plan: StartPlan) -> Result<Session> {
        let (outside, ask) = (Sandbox::new()?, Ask::of(request)?);
        let data = data::settle(&outside, &ask, &plan.project, plan.launcher.id())?;
        // Last, because it may push: nothing else must be wrong by then.
        local_state::settle(&outside, &ask, &plan.project)?;
        start::start(&outside, &ask, &plan, &data)
    }
}

impl Hibernation for RenkuLab {
    fn pause(_: &Request, name: &str) -> Result<()> {
        hibernate::pause(&Sandbox::new()?, name)
    }

    fn resume(_: &Request, name: &str) -> Result<()> {
        hibernate::resume(&Sandbox::new()?, name)
    }
}

impl Logs for RenkuLab {
    fn session_logs(
        request: &Request,
        name: &str,
        tail: Option<u32>,
        follow: bool,
        sink: &LogSink,
    ) -> Result<()> {
        let container = Ask::of(request)?.container;
        logs::show(&Sandbox::new()?, name, tail, follow, container.as_deref(), &mut |text| {
            sink.write(text.as_bytes())
        })
    }
}

renku_session_sdk::export!(RenkuLab with hibernation logs);
