//! Starts a session: a server with a mark that says of which project it is.

use renku_session_sdk::invocation::{Progress, created, report};
use renku_session_sdk::{Error, Request, Result, Session, readable_name};
use serde_json::{Map, Value, json};

use crate::config::Config;
use crate::hub::Hub;
use crate::model::{DEFAULT, Mark};
use crate::{progress, refusal, session};

/// Starts one and waits as long as the request says.
pub(crate) fn start(
    hub: &Hub,
    request: &Request,
    config: &Config,
    image: Option<&str>,
) -> Result<Session> {
    let Some(project) = request.project() else {
        return Err(Error::invalid_input("a session is started in a project"));
    };
    let name = match (config.default_server, request.session_name()) {
        (true, None) => DEFAULT.to_owned(),
        (true, Some(_)) => {
            return Err(Error::invalid_input("the server that every user has takes no name")
                .help("leave out `--name`, or `default_server` in the file of `--config`"));
        }
        (false, name) => name.unwrap_or_else(|| readable_name(&project.slug())),
    };
    let server = if config.default_server { "" } else { name.as_str() };
    if hub.server(&name)?.is_some() {
        return Err(Error::conflict(format!("you have a server `{name}` on {} already", hub.base))
            .help(
                "stop it in the browser or with `renku session stop`, or choose another `--name`",
            ));
    }
    let mark = Mark {
        project: project.name(),
        project_id: Some(project.id()),
        branch: project.branch(),
        commit: project.commit(),
        page: config.default_url.clone(),
    };
    report(&Progress::Phase(format!("Starting `{name}` on {}", hub.base)));
    let answer = hub.start(server, &options(config, image, &mark));
    // Also when the answer got lost: the hub may have begun.
    if answer.as_ref().map_or(true, |answer| answer.status < 300) {
        created(&name);
    }
    let answer = answer?;
    if answer.status >= 300 {
        return Err(refusal::of(&hub.base, "start the session", &answer));
    }
    if let Some(seconds) = request.wait_timeout() {
        progress::wait(hub, &name, server, seconds)?;
    }
    match hub.server(&name)? {
        Some(server) => Ok(session::describe(hub, &server)),
        None => Err(Error::not_found(format!("`{name}` was removed while it started"))),
    }
}

/// The options of the hub's spawner. The mark comes last.
fn options(config: &Config, image: Option<&str>, mark: &Mark) -> Value {
    let mut options: Map<String, Value> = config.user_options.clone();
    let profile = config.profile.as_deref();
    for (key, value) in [("profile", profile), ("image", image)] {
        options.extend(value.map(|value| (key.to_owned(), value.into())));
    }
    options.insert("renku".to_owned(), json!(mark));
    Value::Object(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_user_configured_is_sent_with_the_mark() {
        let config: Config = serde_json::from_str(
            r#"{"profile":"small","user_options":{"renku":"x","partition":"gpu"}}"#,
        )
        .unwrap();
        let mark = Mark { project: "analysis".into(), page: "lab".into(), ..Mark::default() };
        assert_eq!(
            options(&config, Some("python:3"), &mark),
            json!({
                "renku": { "project": "analysis", "page": "lab" },
                "partition": "gpu",
                "profile": "small",
                "image": "python:3",
            })
        );
    }
}
