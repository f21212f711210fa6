//! Puts sessions aside and takes them up again.

use renku_session_sdk::invocation::Progress;
use renku_session_sdk::{Error, Result};
use serde_json::json;

use crate::model::Found;
use crate::surroundings::Surroundings;
use crate::{service, wait};

/// How long a session that is taken up again may take to run, in seconds.
const RESUMING: u32 = 15 * 60;

/// Puts a session aside.
///
/// # Errors
///
/// `not-found`, or `conflict` when its state does not allow this.
pub(crate) fn pause(here: &dyn Surroundings, name: &str) -> Result<()> {
    let found = service::existing(here, name)?;
    match found.status.state.as_str() {
        "hibernated" => Ok(()),
        "stopping" => Err(Error::conflict(format!("the session `{name}` is being stopped"))),
        _ => {
            let call = service::change(name, "hibernate the session");
            let _: Found = service::ask(here, &call.body(json!({ "state": "hibernated" })))?;
            Ok(())
        }
    }
}

/// Takes a session up again and waits until it runs.
///
/// # Errors
///
/// `not-found`, or `conflict` when its state does not allow this.
pub(crate) fn resume(here: &dyn Surroundings, name: &str) -> Result<()> {
    let found = service::existing(here, name)?;
    let found = match found.status.state.as_str() {
        "running" | "starting" => found,
        "hibernated" => wake(here, name, None)?,
        "failed" => return Err(wait::failed(here, &found)),
        state => return Err(Error::conflict(format!("the session `{name}` is {state}"))),
    };
    if found.status.state != "running" {
        here.report(&Progress::Phase(format!("Waiting for {name}")));
        wait::until_running(here, name, RESUMING)?;
    }
    Ok(())
}

/// Asks for a session to be taken up again, in another class when one is named.
///
/// # Errors
///
/// When the service refuses.
pub(crate) fn wake(here: &dyn Surroundings, name: &str, class: Option<u64>) -> Result<Found> {
    let body = match class {
        None => json!({ "state": "running" }),
        Some(class) => json!({ "state": "running", "resource_class_id": class }),
    };
    let call = service::change(name, "take up the session again").body(body).with_refresh_token();
    service::ask(here, &call)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Script;

    const GET: &str = "GET /api/data/sessions/a";
    const PATCH: &str = "PATCH /api/data/sessions/a";

    fn at(state: &str) -> String {
        format!(r#"{{"name":"a","status":{{"state":"{state}"}}}}"#)
    }

    #[test]
    fn a_session_is_put_aside_once() {
        let here =
            Script::new().answer(GET, 200, &at("running")).answer(PATCH, 200, &at("hibernated"));
        pause(&here, "a").unwrap();
        assert_eq!(here.lines(), [GET, &format!(r#"{PATCH} {{"state":"hibernated"}}"#)]);
        let here = Script::new().answer(GET, 200, &at("hibernated"));
        pause(&here, "a").unwrap();
        assert_eq!(here.lines(), [GET]);
    }

    #[test]
    fn a_session_is_taken_up_with_git_and_waited_for() {
        let here = Script::new()
            .answer(GET, 200, &at("hibernated"))
            .answer(GET, 200, &at("running"))
            .answer(PATCH, 200, &at("starting"));
        resume(&here, "a").unwrap();
        assert_eq!(
            here.lines(),
            [
                GET,
                &format!(r#"{PATCH} {{"state":"running"}} with refresh token"#),
                "phase: Waiting for a",
                GET
            ]
        );
    }
}
