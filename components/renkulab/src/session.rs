//! How a session looks to the user, and where it opens.

use renku_session_sdk::invocation::Level;
use renku_session_sdk::{Error, Result, Session, SessionStatus, rfc3339};

use crate::model::Found;
use crate::outside::Outside;
use crate::service;

/// How long before it hibernates a session says so, in milliseconds: on most days
/// that is a day away, and of no interest.
const SOON: u64 = 60 * 60 * 1000;

/// A session as the contract describes it; `project` is its readable name, `now` in
/// milliseconds since 1970.
pub(crate) fn describe(found: &Found, project: Option<String>, now: u64) -> Session {
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
    Session {
        url: found.url().filter(|_| opens).map(str::to_owned),
        image: found.image.clone(),
        project,
        started_at: found.started.clone(),
        reason: found.status.message.clone().or(next),
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
                "`renku session logs {name}` shows more, `renku session stop {name}` removes it"
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
            describe(&serde_json::from_str(body).unwrap(), None, now).reason
        };
        let minute = 60 * 1000;
        assert_eq!(reason(22 * 60 * minute), None);
        let soon = reason((23 * 60 + 1) * minute);
        assert_eq!(soon.as_deref(), Some("will hibernate at 1970-01-02T00:00:00Z"));
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
