//! Pauses sessions and resumes them. The service forgets a wish that comes while its
//! operator lags behind the one before, and answers 200 all the same: so it is asked
//! again until the session is seen to be as it should.

use renku_session_sdk::invocation::Progress;
use renku_session_sdk::{Error, ErrorKind, Result};
use serde_json::{Value, json};

use crate::call::Call;
use crate::model::Found;
use crate::outside::Outside;
use crate::{service, wait};

/// How long a session that is resumed may take to run, in seconds.
const RESUMING: u32 = 15 * 60;

/// How long the operator may lag, in seconds.
const LAG: u64 = 120;

/// Milliseconds before a wish is sent again.
const PAUSE: u32 = 1000;

/// Pauses a session, and comes back when it is paused.
///
/// # Errors
///
/// `not-found`, `conflict` when its state does not allow this, `timeout` when it goes on
/// running.
pub(crate) fn pause(outside: &dyn Outside, name: &str) -> Result<()> {
    let found = service::existing(outside, name)?;
    match found.status.state.as_str() {
        "hibernated" => Ok(()),
        "stopping" => Err(stopping(name)),
        _ => until_hibernated(outside, name),
    }
}

/// Resumes a session and waits until it runs. One that has failed is paused first: that
/// keeps its disk, and begins anew with everything else.
///
/// # Errors
///
/// `not-found`, or `conflict` when its state does not allow this.
pub(crate) fn resume(outside: &dyn Outside, name: &str) -> Result<()> {
    let found = service::existing(outside, name)?;
    let found = match found.status.state.as_str() {
        "running" | "starting" => found,
        "hibernated" | "failed" => wake(outside, &found, None)?,
        state => return Err(Error::conflict(format!("the session `{name}` is {state}"))),
    };
    if found.status.state != "running" {
        outside.report(&Progress::Phase(format!("Waiting for {name}")));
        wait::until_running(outside, name, RESUMING)?;
    }
    Ok(())
}

/// Resumes a session that is hibernated or has failed, in another class when one is named.
/// It is starting afterwards.
///
/// # Errors
///
/// When the service refuses, or never does it.
pub(crate) fn wake(outside: &dyn Outside, found: &Found, class: Option<u64>) -> Result<Found> {
    let name = &found.name;
    if found.status.state == "failed" {
        until_hibernated(outside, name)?;
    }
    let mut wish = json!({ "state": "running" });
    if let (Some(class), Some(wish)) = (class, wish.as_object_mut()) {
        wish.insert("resource_class_id".to_owned(), class.into());
    }
    let end = outside.now() + LAG * 1000;
    loop {
        let call = change(name, "resume the session", &wish).with_refresh_token();
        let found: Found = service::ask(outside, &call)?;
        match found.status.state.as_str() {
            "hibernated" if outside.now() < end => outside.sleep(PAUSE)?,
            "hibernated" => {
                return Err(late(format!("the session `{name}` was not resumed")));
            }
            "stopping" => return Err(stopping(name)),
            _ => return Ok(found),
        }
    }
}

/// Asks for a session to be hibernated until a look at it says that it is: the answer
/// itself says `starting` both when it was taken and when it was not.
fn until_hibernated(outside: &dyn Outside, name: &str) -> Result<()> {
    let end = outside.now() + LAG * 1000;
    let call = change(name, "pause the session", &json!({ "state": "hibernated" }));
    loop {
        let answer: Found = service::ask(outside, &call)?;
        if answer.status.state != "hibernated" {
            outside.sleep(PAUSE)?;
        }
        let state = service::existing(outside, name)?.status.state;
        match state.as_str() {
            "hibernated" => return Ok(()),
            "stopping" => return Err(stopping(name)),
            _ if outside.now() >= end => {
                return Err(late(format!("the session `{name}` is not paused, but {state}")));
            }
            _ => outside.sleep(PAUSE)?,
        }
    }
}

fn late(message: String) -> Error {
    Error::new(ErrorKind::Timeout, message)
        .cause(format!("RenkuLab was asked for {LAG} s, and did nothing"))
        .help("look at it with `renku session ls`, and try again")
}

fn stopping(name: &str) -> Error {
    Error::conflict(format!("the session `{name}` is being stopped"))
}

fn change(name: &str, purpose: &'static str, wish: &Value) -> Call {
    service::change(name, purpose).body(wish.clone())
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

    fn hibernated() -> String {
        format!(r#"{PATCH} {{"state":"hibernated"}}"#)
    }

    fn running() -> String {
        format!(r#"{PATCH} {{"state":"running"}} with refresh token"#)
    }

    #[test]
    fn a_session_is_paused_once_and_looked_at() {
        let outside = Script::new()
            .answer(GET, 200, &at("running"))
            .answer(GET, 200, &at("hibernated"))
            .answer(PATCH, 200, &at("hibernated"));
        pause(&outside, "a").unwrap();
        assert_eq!(outside.lines(), [GET, &hibernated(), GET]);
        let outside = Script::new().answer(GET, 200, &at("hibernated"));
        pause(&outside, "a").unwrap();
        assert_eq!(outside.lines(), [GET]);
    }

    #[test]
    fn a_pause_that_was_dropped_is_sent_again_until_it_is_seen() {
        let outside = Script::new()
            .answer(GET, 200, &at("starting"))
            .answer(GET, 200, &at("starting"))
            .answer(GET, 200, &at("running"))
            .answer(GET, 200, &at("hibernated"))
            .answer(PATCH, 200, &at("starting"))
            .answer(PATCH, 200, &at("starting"))
            .answer(PATCH, 200, &at("hibernated"));
        pause(&outside, "a").unwrap();
        let sent = outside.lines().into_iter().filter(|line| *line == hibernated()).count();
        assert_eq!(sent, 3);
    }

    #[test]
    fn a_session_that_goes_on_running_is_not_called_paused() {
        let outside =
            Script::new().answer(GET, 200, &at("running")).answer(PATCH, 200, &at("running"));
        let error = pause(&outside, "a").unwrap_err();
        assert_eq!(error.kind, ErrorKind::Timeout);
        assert_eq!(error.message, "the session `a` is not paused, but running");
    }

    #[test]
    fn a_resume_that_was_dropped_is_sent_again() {
        let outside = Script::new()
            .answer(GET, 200, &at("hibernated"))
            .answer(GET, 200, &at("running"))
            .answer(PATCH, 200, &at("hibernated"))
            .answer(PATCH, 200, &at("starting"));
        resume(&outside, "a").unwrap();
        assert_eq!(outside.lines(), [GET, &running(), &running(), "phase: Waiting for a", GET]);
    }

    #[test]
    fn a_session_that_has_failed_is_paused_and_resumed() {
        let outside = Script::new()
            .answer(GET, 200, &at("failed"))
            .answer(GET, 200, &at("hibernated"))
            .answer(GET, 200, &at("running"))
            .answer(PATCH, 200, &at("failed"))
            .answer(PATCH, 200, &at("starting"));
        resume(&outside, "a").unwrap();
        assert_eq!(
            outside.lines(),
            [GET, &hibernated(), GET, &running(), "phase: Waiting for a", GET]
        );
    }
}
