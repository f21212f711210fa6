//! How a session looks to the user, and where it opens.

use renku_session_sdk::invocation::Level;
use renku_session_sdk::{Error, Result, Session, SessionStatus, rfc3339};

use crate::model::Found;
use crate::outside::Outside;
use crate::service;

/// How long before it hibernates a session says so, in milliseconds: on most days
/// that is a day away, and of no interest.
const SOON: u64 = 60 * 60 * 1000;

/// What tells a session from others, in readable names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Traits {
    pub(crate) project: Option<String>,
    pub(crate) launcher: Option<String>,
    pub(crate) class: Option<String>,
}

impl Traits {
    /// Of which launcher and in which class: a project has several.
    fn in_words(&self) -> Option<String> {
        let launcher = self.launcher.iter().map(|name| format!("launcher {name}"));
        let class = self.class.iter().map(|name| format!("class {name}"));
        let all: Vec<String> = launcher.chain(class).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }
}

/// A session as the contract describes it; `now` in milliseconds since 1970.
pub(crate) fn describe(found: &Found, traits: Traits, now: u64) -> Session {
    let status = status(&found.status.state);
    let opens = matches!(status, SessionStatus::Running | SessionStatus::Starting);
    let next = match (&found.status.will_delete_at, &found.status.will_hibernate_at) {
        (Some(time), _) => Some(format!("will be deleted at {time}")),
        // Both are UTC: the texts are in the order of the times.
        (None, Some(time)) if status == SessionStatus::Running && *time < rfc3339(now + SOON) => {
            Some(format!("will hibernate at {time}"))
        }
        _ => None,
    };
    // In this order, because a long message is cut at its end.
    let message = found.status.message.clone().or(next);
    let reason = traits.in_words().into_iter().chain(message).collect::<Vec<_>>().join("; ");
    Session {
        url: found.url().filter(|_| opens).map(str::to_owned),
        image: found.image.clone(),
        project: traits.project,
        started_at: found.started.clone(),
        reason: (!reason.is_empty()).then_some(reason),
        ..Session::new(found.name.clone(), status)
    }
}

fn status(state: &str) -> SessionStatus {
    match state {
        "starting" => SessionStatus::Starting,
        "running" => SessionStatus::Running,
        "stopping" => SessionStatus::Stopping,
        "failed" => SessionStatus::Failed,
        "hibernated" => SessionStatus::Hibernated,
        "succeeded" => SessionStatus::Stopped,
        _ => SessionStatus::Unknown,
    }
}

/// Where a session opens, as the service says it: other clusters have other
/// hosts, so it is never put together here.
///
/// # Errors
///
/// `conflict` for a session that cannot be opened in its state.
pub(crate) fn url(outside: &dyn Outside, name: &str) -> Result<String> {
    let found = service::existing(outside, name)?;
    let Some(url) = found.url() else {
        return Err(Error::unsupported(format!("`{name}` is a job and has no page to open"))
            .help(format!("`renku session logs {name}` shows what it does")));
    };
    match status(&found.status.state) {
        SessionStatus::Running => Ok(url.to_owned()),
        SessionStatus::Starting => {
            outside.say(
                Level::Warn,
                &format!("`{name}` is still starting; its page works when it runs"),
            );
            Ok(url.to_owned())
        }
        SessionStatus::Hibernated => {
            Err(Error::conflict(format!("the session `{name}` is hibernated"))
                .help(format!("run `renku session resume {name}`")))
        }
        SessionStatus::Failed => {
            let error = Error::conflict(format!("the session `{name}` has failed")).help(format!(
                "`renku session logs {name}` shows more, `renku session resume {name}` tries it again"
            ));
            Err(found.status.message.into_iter().fold(error, Error::cause))
        }
        _ => Err(Error::conflict(format!("the session `{name}` is {}", found.status.state))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Script;

    fn opened(status: &str, url: &str) -> Result<String> {
        let body = format!(r#"{{"name":"a","url":"{url}","status":{status}}}"#);
        self::url(&Script::new().answer("GET /api/data/sessions/a", 200, &body), "a")
    }

    #[test]
    fn the_url_is_given_as_the_service_says_it() {
        let there = "https://other-cluster.example/sessions/a/lab/";
        assert_eq!(opened(r#"{"state":"running"}"#, there).unwrap(), there);
        assert_eq!(opened(r#"{"state":"starting"}"#, there).unwrap(), there);
    }

    #[test]
    fn a_session_that_is_about_to_hibernate_says_when() {
        let reason = |now| {
            let body = r#"{"name":"a","status":{"state":"running","will_hibernate_at":"1970-01-02T00:00:00Z"}}"#;
            describe(&serde_json::from_str(body).unwrap(), Traits::default(), now).reason
        };
        let minute = 60 * 1000;
        assert_eq!(reason(22 * 60 * minute), None);
        let soon = reason((23 * 60 + 1) * minute);
        assert_eq!(soon.as_deref(), Some("will hibernate at 1970-01-02T00:00:00Z"));
    }

    #[test]
    fn launcher_and_class_tell_sessions_apart() {
        let reason = |status: &str| {
            let body = format!(r#"{{"name":"a","status":{{"state":"running"{status}}}}}"#);
            let traits = Traits {
                project: None,
                launcher: Some("Python".into()),
                class: Some("big/large".into()),
            };
            describe(&serde_json::from_str(&body).unwrap(), traits, 0).reason.unwrap()
        };
        assert_eq!(reason(""), "launcher Python, class big/large");
        assert_eq!(
            reason(r#","message":"The disk is nearly full""#),
            "launcher Python, class big/large; The disk is nearly full"
        );
    }

    #[test]
    fn what_cannot_be_opened_is_explained() {
        for (status, url, expected) in [
            (r#"{"state":"succeeded"}"#, "None", "`a` is a job and has no page to open"),
            (r#"{"state":"hibernated"}"#, "https://x/", "the session `a` is hibernated"),
            (r#"{"state":"failed","message":"OOM"}"#, "https://x/", "the session `a` has failed"),
            (r#"{"state":"stopping"}"#, "https://x/", "the session `a` is stopping"),
        ] {
            assert_eq!(opened(status, url).unwrap_err().message, expected);
        }
    }
}
