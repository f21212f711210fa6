//! The provider `my-provider`: a session is a container of the project's image, in
//! which Jupyter answers.
//!
//! It says what a session is; what a container may do is decided by `renku`, which
//! alone talks to the engine.

use renku_session_sdk::containers::{self, Container, ContainerSpec, ContainerState, Probe};
use renku_session_sdk::{
    Error, ImageState, LogSink, Logs, Port, Provider, ProviderInfo, Request, Result, Session,
    SessionStatus, config, invocation, readable_name,
};
use serde::Deserialize;

struct MyProvider;

/// What users can configure; `manifest.json` says so to `renku`.
#[derive(Debug, Deserialize)]
#[serde(default)]
struct Config {
    port: u16,
    default_url: String,
}

impl Default for Config {
    fn default() -> Self {
        Self { port: 8888, default_url: "/lab".to_owned() }
    }
}

/// What is remembered of a session, as labels of its container.
const PORT: &str = "my-provider.port";
const DEFAULT_URL: &str = "my-provider.default-url";

/// How long a session may take to save its work before it is killed.
const GRACE_SECONDS: u32 = 10;

impl Provider for MyProvider {
    fn session_provider() -> ProviderInfo {
        ProviderInfo {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            about: env!("CARGO_PKG_DESCRIPTION").to_owned(),
        }
    }

    fn find_image(_: &Request, image: &str) -> Result<ImageState> {
        containers::find_image(image)
    }

    fn build_image(request: &Request, descriptor: &str, image: &str) -> Result<()> {
        let project = request
            .project()
            .ok_or_else(|| Error::invalid_input("there is no project to build an image from"))?;
        containers::build_image(&project, descriptor, image)
    }

    fn session_list(_: &Request) -> Result<Vec<Session>> {
        Ok(containers::list_containers()?.iter().map(describe).collect())
    }

    fn session_start(request: &Request, image: &str) -> Result<Session> {
        let project = request
            .project()
            .ok_or_else(|| Error::invalid_input("there is no project to start a session of"))?;
        let config: Config = config(request)?;
        let name = request.session_name().unwrap_or_else(|| readable_name(&project.slug()));
        let folder = format!("/work/{}", project.slug());

        let spec = ContainerSpec::new(&name, image);
        spec.publish(config.port);
        spec.mount_project(&project, &folder);
        spec.working_directory(&folder);
        spec.resources(&request.resources());
        spec.environment("JUPYTER_TOKEN", &invocation::session_secret(&name));
        spec.label(PORT, &config.port.to_string());
        spec.label(DEFAULT_URL, &config.default_url);
        let container = containers::start(&spec)?;
        // From now on `renku` calls `session_stop` when something fails.
        invocation::created(&name);

        let mut session = describe(&container);
        session.status = SessionStatus::Starting;
        if let Some(seconds) = request.wait_timeout() {
            containers::wait_ready(&name, config.port, &probes(), seconds)?;
            session.status = SessionStatus::Running;
        }
        Ok(session)
    }

    fn session_stop(_: &Request, name: Option<&str>, all: bool) -> Result<bool> {
        let names = match name {
            Some(name) if !all => vec![name.to_owned()],
            _ => containers::list_containers()?.iter().map(Container::name).collect(),
        };
        // One that cannot be stopped does not keep the others running.
        let results: Vec<Result<bool>> = names.iter().map(|name| stop(name)).collect();
        results.into_iter().try_fold(false, |stopped, result| Ok(stopped | result?))
    }

    fn session_url(_: &Request, name: &str) -> Result<String> {
        let container = containers::inspect(name).map_err(|error| unknown(name, error))?;
        url(&container).ok_or_else(|| {
            Error::conflict(format!("session `{name}` is not running"))
                .help(format!("run `renku session logs {name}`"))
        })
    }
}

impl Logs for MyProvider {
    fn session_logs(
        _: &Request,
        name: &str,
        tail: Option<u32>,
        follow: bool,
        sink: &LogSink,
    ) -> Result<()> {
        containers::logs(name, tail, follow, sink).map_err(|error| unknown(name, error))
    }
}

renku_session_sdk::export!(MyProvider with logs);

/// Jupyter answers here without a token; anything else is ready when it answers.
fn probes() -> [Probe; 2] {
    [
        Probe { path: "/api".to_owned(), status_below: 400 },
        Probe { path: "/".to_owned(), status_below: 500 },
    ]
}

/// False when there is nothing to stop.
fn stop(name: &str) -> Result<bool> {
    match containers::stop(name, GRACE_SECONDS) {
        Ok(()) => Ok(true),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}

/// The session that a container is.
fn describe(container: &Container) -> Session {
    Session {
        url: url(container),
        image: Some(container.image()),
        started_at: container.created_at(),
        ports: container.ports(),
        ..Session::new(container.name(), status(container.state()))
    }
}

fn status(state: ContainerState) -> SessionStatus {
    match state {
        ContainerState::Created | ContainerState::Restarting => SessionStatus::Starting,
        ContainerState::Running => SessionStatus::Running,
        ContainerState::Paused => SessionStatus::Paused,
        ContainerState::Removing => SessionStatus::Stopping,
        ContainerState::Exited | ContainerState::Dead => SessionStatus::Failed,
        ContainerState::Unknown => SessionStatus::Unknown,
    }
}

/// Where a session opens; none when it does not run.
fn url(container: &Container) -> Option<String> {
    if container.state() != ContainerState::Running {
        return None;
    }
    let port = container.label(PORT)?.parse().ok()?;
    let (address, port) = published(&container.ports(), port)?;
    let path = container.label(DEFAULT_URL)?;
    let token = invocation::session_secret(&container.name());
    Some(format!("http://{address}:{port}{path}?token={token}"))
}

/// The address and port of this machine behind which a port of the session is.
fn published(ports: &[Port], port: u16) -> Option<(String, u16)> {
    let found = ports.iter().find(|entry| entry.container == port && entry.host.is_some())?;
    let address = match found.host_ip.as_deref() {
        None | Some("" | "0.0.0.0") => "127.0.0.1".to_owned(),
        Some(address) if address.contains(':') => format!("[{address}]"),
        Some(address) => address.to_owned(),
    };
    Some((address, found.host?))
}

/// Says "not found" in the words of sessions.
fn unknown(name: &str, error: Error) -> Error {
    if error.is_not_found() {
        Error::not_found(format!("there is no session `{name}`")).help("run `renku session ls`")
    } else {
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use renku_session_sdk::Transport;

    #[test]
    fn a_published_port_is_found() {
        let port = |container, host| Port {
            container,
            host,
            host_ip: Some("0.0.0.0".to_owned()),
            protocol: Transport::Tcp,
        };
        let ports = [port(8888, None), port(8888, Some(32768)), port(80, Some(1))];
        assert_eq!(published(&ports, 8888), Some(("127.0.0.1".to_owned(), 32768)));
        assert_eq!(published(&ports, 443), None);
    }
}
