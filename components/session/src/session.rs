//! A container seen as a session: its state, its address, its words.

use renku_session_sdk::containers::{self, Container, ContainerState};
use renku_session_sdk::{Error, Result, Session, SessionStatus, invocation};

use crate::{port, url};

/// Labels that the Python `renku` reads too.
pub(crate) const PROJECT: &str = "renku_project";
pub(crate) const BRANCH: &str = "branch";
pub(crate) const COMMIT: &str = "commit";
pub(crate) const START_TIME: &str = "start_time";
/// The token of a session made by the Python `renku`; ours are in no label.
const LEGACY_TOKEN: &str = "jupyter_token";
/// Labels of this provider.
pub(crate) const PORT: &str = "renku_port";
pub(crate) const DEFAULT_URL: &str = "renku_default_url";
/// That its program has a login of its own, and takes no token of ours.
pub(crate) const LOGIN: &str = "renku_login";
/// Where the host saw the server of a session that was asked elsewhere.
const SERVER: &str = "io.renku.session.server";

/// Exit statuses of a program that was told to end, or whose engine ended: it ended in
/// order, SIGINT, SIGKILL, SIGTERM, and what an engine notes after a reboot.
const STOPPED: [i32; 5] = [0, 130, 137, 143, 255];

/// How many of the 64 digits of the secret make a token.
const TOKEN_LENGTH: usize = 48;

/// The token of the session `name`, the same at every call.
pub(crate) fn token(name: &str) -> String {
    invocation::session_secret(name).chars().take(TOKEN_LENGTH).collect()
}

/// The container of this name, with everything known about it.
///
/// # Errors
///
/// `not-found` when there is none in this project.
pub(crate) fn find(name: &str) -> Result<Container> {
    containers::inspect(name).map_err(|error| unknown(name, error))
}

/// Says "not found" in the words of sessions; leaves every other error as it is.
pub(crate) fn unknown(name: &str, error: Error) -> Error {
    if error.is_not_found() {
        Error::not_found(format!("there is no session `{name}`")).help("run `renku session ls`")
    } else {
        error
    }
}

/// The session that a container is.
pub(crate) fn describe(container: &Container) -> Session {
    let state = container.state();
    let legacy = container.legacy();
    Session {
        name: container.name(),
        status: status(state, container.exit_code(), container.out_of_memory()),
        url: matches!(state, ContainerState::Running).then(|| address(container)).flatten(),
        image: Some(container.image()),
        project: container.label(PROJECT),
        branch: container.label(BRANCH),
        commit: container.label(COMMIT),
        // The Python `renku` wrote local time without an offset.
        started_at: if legacy { None } else { container.label(START_TIME) }
            .or_else(|| container.created_at()),
        ports: container.ports(),
        reason: reason(state, container),
    }
}

/// Where a session opens.
///
/// # Errors
///
/// `conflict` when it is in no state to be opened.
pub(crate) fn open_url(container: &Container) -> Result<String> {
    let name = container.name();
    let state = container.state();
    match state {
        ContainerState::Running => address(container).ok_or_else(|| {
            Error::conflict(format!("session `{name}` publishes no port that could be opened"))
        }),
        ContainerState::Paused => Err(Error::conflict(format!("session `{name}` is paused"))
            .help(format!("run `renku session resume {name}`"))),
        ContainerState::Exited | ContainerState::Dead => {
            let ended = status(state, container.exit_code(), container.out_of_memory());
            let error = match ended {
                SessionStatus::Stopped => Error::conflict(format!("session `{name}` is stopped"))
                    .help(format!(
                        "`renku session resume {name}` starts it again, `renku session stop \
                         {name}` removes it with what is not in the project"
                    )),
                _ => Error::conflict(format!("session `{name}` has ended")).help(format!(
                    "`renku session logs {name}` shows why, `renku session stop {name}` removes it"
                )),
            };
            Err(reason(state, container).into_iter().fold(error, Error::cause))
        }
        _ => Err(Error::conflict(format!("session `{name}` is not running"))),
    }
}

/// The URL of a container, when its port is published.
fn address(container: &Container) -> Option<String> {
    let ports = container.ports();
    let port = container.label(PORT).and_then(|port| port.parse().ok());
    let (address, host_port) = port::published(&ports, port.unwrap_or(port::JUPYTER_PORT))?;
    let token = if container.legacy() {
        container.label(LEGACY_TOKEN)
    } else {
        container.label(LOGIN).is_none().then(|| token(&container.name()))
    };
    let path = container.label(DEFAULT_URL).unwrap_or_else(|| "/lab".to_owned());
    Some(url::session_url(address, host_port, &path, token.as_deref()))
}

fn status(state: ContainerState, exit_code: Option<i32>, out_of_memory: bool) -> SessionStatus {
    match state {
        ContainerState::Exited
            if !out_of_memory && exit_code.is_some_and(|code| STOPPED.contains(&code)) =>
        {
            SessionStatus::Stopped
        }
        ContainerState::Created | ContainerState::Restarting => SessionStatus::Starting,
        ContainerState::Running => SessionStatus::Running,
        ContainerState::Paused => SessionStatus::Paused,
        ContainerState::Removing => SessionStatus::Stopping,
        ContainerState::Exited | ContainerState::Dead => SessionStatus::Failed,
        ContainerState::Unknown => SessionStatus::Unknown,
    }
}

/// The port where the host saw the server of the session `name`, and the path below which
/// it lies; none: it was where it was asked, or nowhere.
pub(crate) fn server(name: &str) -> Option<(u16, String)> {
    let server = containers::inspect(name).ok()?.label(SERVER)?;
    let (port, path) = server.split_once(' ')?;
    Some((port.parse().ok()?, path.to_owned()))
}

/// Why a container has ended, as far as it is known.
fn reason(state: ContainerState, container: &Container) -> Option<String> {
    matches!(state, ContainerState::Exited | ContainerState::Dead)
        .then(|| ending(container.exit_code(), container.out_of_memory()))
        .flatten()
}

fn ending(exit_code: Option<i32>, out_of_memory: bool) -> Option<String> {
    match (exit_code, out_of_memory) {
        (_, true) => Some("out of memory".to_owned()),
        (Some(code), false) => Some(format!("exit status {code}")),
        (None, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_that_ended_is_a_failed_session_with_a_reason() {
        let failed = |code, memory| status(ContainerState::Exited, code, memory);
        assert_eq!(failed(Some(3), false), SessionStatus::Failed);
        assert_eq!(failed(Some(137), true), SessionStatus::Failed);
        assert_eq!(failed(Some(137), false), SessionStatus::Stopped, "`docker stop`");
        assert_eq!(failed(Some(255), false), SessionStatus::Stopped, "a reboot");
        assert_eq!(ending(Some(3), false).unwrap(), "exit status 3");
        assert_eq!(ending(Some(137), true).unwrap(), "out of memory");
        assert_eq!(ending(None, false), None);
    }

    #[test]
    fn only_a_missing_session_is_put_in_other_words() {
        let missing = unknown("a", Error::not_found("no such container"));
        assert_eq!(missing.message, "there is no session `a`");
        let other = unknown("a", Error::other("broken"));
        assert_eq!(other.message, "broken");
    }
}
