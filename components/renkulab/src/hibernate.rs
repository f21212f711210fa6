//! Puts sessions aside and takes them up again.

use renku_session_sdk::invocation::Progress;
use renku_session_sdk::{Error, Result};
use serde_json::json;

use crate::model::Found;
use crate::outside::Outside;
use crate::{service, wait};

/// How long a session that is taken up again may take to run, in seconds.
const RESUMING: u32 = 15 * 60;

/// Puts a session aside.
///
/// # Errors
///
/// `not-found`, or `conflict` when its state does not allow this.
pub(crate) fn pause(outside: &dyn Outside, name: &str) -> Result<()> {
    let found = service::existing(outside, name)?;
    match found.status.state.as_str() {
        "hibernated" => Ok(()),
        "stopping" => Err(Error::conflict(format!("the session `{name}` is being stopped"))),
        _ => {
            let call = service::change(name, "hibernate the session");
            let _: Found = service::ask(outside, &call.body(json!({ "state": "hibernated" })))?;
            Ok(())
        }
    }
}

/// Takes a session up again and waits until it runs.
///
/// # Errors
///
/// `not-found`, or `conflict` when its state does not allow this.
pub(crate) fn resume(outside: &dyn Outside, name: &str) -> Result<()> {
    let found = service::existing(outside, name)?;
    let found = match found.status.state.as_str() {
        "running" | "starting" => found,
        "hibernated" => wake(outside, name, None)?,
        "failed" => return Err(wait::failed(outside, &found)),
        state => return Err(Error::conflict(format!("the session `{name}` is {state}"))),
    };
    if found.status.state != "running" {
        outside.report(&Progress::Phase(format!("Waiting for {name}")));
        wait::until_running(outside, name, RESUMING)?;
    }
    Ok(())
}

/// Asks for a session to be taken up again, in another class when one is named.
///
/// # Errors
///
/// When the service refuses.
pub(crate) fn wake(outside: &dyn Outside, name: &str, class: Option<u64>) -> Result<Found> {
    let body = match class {
        None => json!({ "state": "running" }),
        Some(class) => json!({ "state": "running", "resource_class_id": class }),
    };
    let call = service::change(name, "resume the session").body(body).with_refresh_token();
    service::ask(outside, &call)
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
        let outside =
            Script::new().answer(GET, 200, &at("running")).answer(PATCH, 200, &at("hibernated"));
        pause(&outside, "a").unwrap();
        assert_eq!(outside.lines(), [GET, &format!(r#"{PATCH} {{"state":"hibernated"}}"#)]);
        let outside = Script::new().answer(GET, 200, &at("hibernated"));
        pause(&outside, "a").unwrap();
        assert_eq!(outside.lines(), [GET]);
    }

    #[test]
    fn a_session_is_taken_up_with_git_and_waited_for() {
        let outside = Script::new()
            .answer(GET, 200, &at("hibernated"))
            .answer(GET, 200, &at("running"))
            .answer(PATCH, 200, &at("starting"));
        resume(&outside, "a").unwrap();
        assert_eq!(
            outside.lines(),
            [
                GET,
                &format!(r#"{PATCH} {{"state":"running"}} with refresh token"#),
                "phase: Waiting for a",
                GET
            ]
        );
    }
}
