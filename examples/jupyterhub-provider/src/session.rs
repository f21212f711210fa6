//! Which servers are sessions, how they look to the user, and where they open.

use renku_session_sdk::{Error, Request, Result, Session, SessionStatus};

use crate::hub::Hub;
use crate::model::{Mark, Server};

/// The servers that were started as sessions of the request's project, or of any
/// when it has none. What its user started in the browser is no session.
pub(crate) fn of_project(hub: &Hub, request: &Request) -> Result<Vec<Server>> {
    let project = request.project().map(|project| (project.id(), project.name()));
    let belongs = |mark: &Mark| match (&project, &mark.project_id) {
        (None, _) => true,
        (Some((id, _)), Some(marked)) => marked == id,
        (Some((_, name)), None) => mark.project == *name,
    };
    let mut servers = hub.servers()?;
    servers.retain(|server| server.mark().is_some_and(belongs));
    Ok(servers)
}

/// A session as the contract describes it.
pub(crate) fn describe(hub: &Hub, server: &Server) -> Session {
    let mark = server.mark().cloned().unwrap_or_default();
    let status = status(server);
    let opens = matches!(status, SessionStatus::Running | SessionStatus::Starting);
    Session {
        name: server.session().to_owned(),
        status,
        url: opens.then(|| address(&hub.base, server)),
        image: server.user_options.as_ref().and_then(|options| options.image.clone()),
        project: Some(mark.project),
        branch: mark.branch,
        commit: mark.commit,
        started_at: server.started.clone(),
        ports: Vec::new(),
        reason: None,
    }
}

/// Where a session opens. The browser logs in at the hub: no token is in it.
///
/// # Errors
///
/// `conflict` for a session that cannot be opened in its state.
pub(crate) fn url(hub: &Hub, name: &str) -> Result<String> {
    let found = hub.server(name)?.filter(|server| server.mark().is_some());
    let Some(server) = found else {
        return Err(Error::not_found(format!("there is no session `{name}` on {}", hub.base))
            .help("run `renku session ls`"));
    };
    match status(&server) {
        SessionStatus::Running | SessionStatus::Starting => Ok(address(&hub.base, &server)),
        SessionStatus::Stopping => {
            Err(Error::conflict(format!("the session `{name}` is being stopped")))
        }
        _ => Err(Error::conflict(format!("the session `{name}` has ended"))
            .help(format!("run `renku session stop {name}` to remove it"))),
    }
}

fn status(server: &Server) -> SessionStatus {
    match server.pending.as_deref() {
        Some("stop") => SessionStatus::Stopping,
        Some(_) => SessionStatus::Starting,
        None if server.ready => SessionStatus::Running,
        None if server.stopped => SessionStatus::Stopped,
        None => SessionStatus::Unknown,
    }
}

fn address(base: &str, server: &Server) -> String {
    let page = server.mark().map_or("", |mark| mark.page.as_str());
    let place = match &server.full_url {
        Some(url) => url.clone(),
        // The path of a server begins with that of its hub.
        None => format!("{}{}", authority(base), server.url),
    };
    format!("{}/{}", place.trim_end_matches('/'), page.trim_start_matches('/'))
}

/// A URL up to its path.
fn authority(url: &str) -> &str {
    let begin = url.find("://").map_or(0, |scheme| scheme + 3);
    let path = url.get(begin..).and_then(|rest| rest.find('/'));
    path.and_then(|path| url.get(..begin + path)).unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Options;

    fn server(json: &str) -> Server {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_address_is_below_the_hub_wherever_that_is() {
        let mut server = server(r#"{"name":"x","url":"/jupyter/user/ann/x/"}"#);
        let renku = Some(Mark { page: "lab".into(), ..Mark::default() });
        server.user_options = Some(Options { renku, ..Options::default() });
        let expected = "https://hub:8000/jupyter/user/ann/x/lab";
        assert_eq!(address("https://hub:8000/jupyter", &server), expected);
        assert_eq!(address("https://hub:8000", &server), expected);
        server.full_url = Some("https://x.users.hub/user/ann/x/".into());
        assert_eq!(address("https://hub:8000", &server), "https://x.users.hub/user/ann/x/lab");
    }

    #[test]
    fn a_state_of_the_hub_has_one_word() {
        for (json, expected) in [
            (r#"{"name":"x","pending":"spawn"}"#, SessionStatus::Starting),
            (r#"{"name":"x","pending":"stop","ready":true}"#, SessionStatus::Stopping),
            (r#"{"name":"x","ready":true}"#, SessionStatus::Running),
            (r#"{"name":"x","stopped":true}"#, SessionStatus::Stopped),
        ] {
            assert_eq!(status(&server(json)), expected, "{json}");
        }
    }

    #[test]
    fn the_server_without_a_name_is_listed_by_the_hub_when_there_is_none() {
        assert!(!server(r#"{"name":"","stopped":true}"#).exists());
        assert!(server(r#"{"name":"","ready":true}"#).exists());
        assert!(server(r#"{"name":"x","stopped":true}"#).exists());
    }
}
