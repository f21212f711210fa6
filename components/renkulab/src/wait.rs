//! Waits for what the cluster does. The service tells nobody when something
//! happens, so it is asked.

use renku_session_sdk::invocation::{Amount, Progress};
use renku_session_sdk::{Error, ErrorKind, Result};

use crate::model::Found;
use crate::outside::Outside;
use crate::{logs, service};

/// Milliseconds between two questions; the last one goes on for ever.
const PAUSES: [u32; 6] = [0, 250, 500, 1000, 1500, 2000];

/// How long the service may be out of reach before that ends a wait, in milliseconds.
const OUTAGE: u64 = 5 * 60 * 1000;

/// How long a session may say that it has failed before that is believed, in
/// milliseconds: the cluster tries again to pull an image, and often that works.
const GRACE: u64 = 60_000;

/// How long a session that is taken up again may still say that it is not.
const RESUMING: u64 = 10_000;

/// How long a session may take to go, in seconds.
const STOPPING: u32 = 180;

/// Lines of the log that explain a failure.
const LAST_LINES: u32 = 10;

/// Waits until a session runs, at most so many seconds.
///
/// # Errors
///
/// When it has failed and does not recover, with what it says; `timeout` when it takes too
/// long.
pub(crate) fn until_running(outside: &dyn Outside, name: &str, seconds: u32) -> Result<Found> {
    let begin = outside.now();
    let mut shown = None;
    let mut said = None;
    let mut failing: Option<(u64, Found)> = None;
    let running = poll(outside, name, seconds, |found| {
        let Some(found) = found else {
            return Err(Error::not_found(format!(
                "the session `{name}` was removed while it started"
            )));
        };
        let status = &found.status;
        if status.state == "failed" {
            let now = outside.now();
            let since = failing.as_ref().map_or(now, |(since, _)| *since);
            if now >= since + GRACE {
                return Err(failed(outside, &found));
            }
            if failing.is_none() {
                let reason = status.message.as_deref().unwrap_or("it does not say why");
                let text = format!("has failed: {reason}; waiting in case it recovers");
                outside.report(&Progress::Note(text));
            }
            failing = Some((since, found));
            return Ok(None);
        }
        failing = None;
        match status.state.as_str() {
            "running" => return Ok(Some(found)),
            "stopping" => {
                return Err(Error::conflict(format!("the session `{name}` is being stopped")));
            }
            "hibernated" if outside.now() > begin + RESUMING => {
                return Err(reasons(
                    Error::conflict(format!(
                        "the session `{name}` was hibernated while it started"
                    )),
                    &found,
                ));
            }
            _ => {}
        }
        let progress = (status.ready_containers, status.total_containers);
        if shown != Some(progress) && status.total_containers > 0 {
            let (done, total) = progress;
            outside.report(&Progress::Amount(Amount {
                done,
                total,
                unit: "containers".to_owned(),
            }));
            shown = Some(progress);
        }
        if status.message.is_some() && said != status.message {
            outside.report(&Progress::Note(status.message.clone().unwrap_or_default()));
            said.clone_from(&status.message);
        }
        Ok(None)
    })?;
    running.ok_or_else(|| match failing {
        Some((_, found)) => failed(outside, &found),
        None => {
            let error = Error::new(
                ErrorKind::Timeout,
                format!("the session `{name}` is not running after {seconds} s"),
            )
            .help("give it more time with `--wait-timeout`");
            said.into_iter().fold(error, Error::cause)
        }
    })
}

/// Waits until there is no session of this name.
///
/// # Errors
///
/// `timeout` when it does not go.
pub(crate) fn until_gone(outside: &dyn Outside, name: &str) -> Result<()> {
    poll(outside, name, STOPPING, |found| Ok(found.is_none().then_some(())))?.ok_or_else(|| {
        Error::new(
            ErrorKind::Timeout,
            format!("the session `{name}` is still being stopped after {STOPPING} s"),
        )
        .help("look again later with `renku session ls`")
    })
}

/// Looks at a session until `done` has an answer; none when time is up. A
/// service that is out of reach for some minutes does not end the wait.
fn poll<T>(
    outside: &dyn Outside,
    name: &str,
    seconds: u32,
    mut done: impl FnMut(Option<Found>) -> Result<Option<T>>,
) -> Result<Option<T>> {
    let end = outside.now() + u64::from(seconds) * 1000;
    let mut away: Option<(u64, Error)> = None;
    let mut pauses = PAUSES.into_iter();
    let mut pause = 0;
    loop {
        pause = pauses.next().unwrap_or(pause);
        outside.sleep(pause)?;
        match service::session(outside, name) {
            Ok(found) => {
                away = None;
                if let Some(answer) = done(found)? {
                    return Ok(Some(answer));
                }
            }
            Err(error) if matches!(error.kind, ErrorKind::Unavailable | ErrorKind::Timeout) => {
                let now = outside.now();
                let since = away.as_ref().map_or(now, |(since, _)| *since);
                if now >= since + OUTAGE {
                    return Err(error);
                }
                if away.is_none() {
                    let text = format!("{} does not answer; trying again", outside.base());
                    outside.report(&Progress::Note(text));
                }
                away = Some((since, error));
            }
            Err(error) => return Err(error),
        }
        if outside.now() >= end {
            return away.map_or(Ok(None), |(_, error)| Err(error));
        }
    }
}

/// What a session that failed says, and the end of its log.
pub(crate) fn failed(outside: &dyn Outside, found: &Found) -> Error {
    let name = &found.name;
    let error = reasons(Error::other(format!("the session `{name}` has failed")), found);
    let lines = logs::last_lines(outside, name, LAST_LINES).unwrap_or_default();
    lines.into_iter().fold(error, Error::cause)
}

fn reasons(error: Error, found: &Found) -> Error {
    found.status.message.iter().cloned().fold(error, Error::cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Script;

    const GET: &str = "GET /api/data/sessions/a";
    const LOGS: &str = "GET /api/data/sessions/a/logs?max_lines=10";

    fn at(state: &str, ready: u32) -> String {
        format!(
            r#"{{"name":"a","status":{{"state":"{state}","ready_containers":{ready},"total_containers":4}}}}"#
        )
    }

    #[test]
    fn the_containers_are_counted_until_it_runs() {
        let outside = Script::new()
            .answer(GET, 200, &at("starting", 0))
            .answer(GET, 200, &at("starting", 0))
            .answer(GET, 200, &at("starting", 3))
            .answer(GET, 200, &at("running", 4));
        assert_eq!(until_running(&outside, "a", 60).unwrap().status.state, "running");
        let lines = outside.lines();
        let shown: Vec<&String> = lines.iter().filter(|line| !line.starts_with("GET")).collect();
        assert_eq!(shown, ["0/4 containers", "3/4 containers"]);
    }

    #[test]
    fn a_failure_that_lasts_is_told_with_its_reason() {
        let failed = r#"{"name":"a","status":{"state":"failed","message":"Quota exceeded: cpu"}}"#;
        for (seconds, waited) in [(900, 60_000..63_000), (10, 10_000..13_000)] {
            let outside = Script::new().answer(GET, 200, failed).answer(
                LOGS,
                200,
                r#"{"amalthea-session":"one\ntwo"}"#,
            );
            let error = until_running(&outside, "a", seconds).unwrap_err();
            assert_eq!(error.message, "the session `a` has failed");
            assert_eq!(error.causes, ["Quota exceeded: cpu", "one", "two"]);
            assert!(waited.contains(&outside.now()), "{}", outside.now());
            assert_eq!(
                outside.lines()[1],
                "note: has failed: Quota exceeded: cpu; waiting in case it recovers"
            );
        }
    }

    #[test]
    fn a_failure_that_passes_is_none() {
        let failed = r#"{"name":"a","status":{"state":"failed","message":"ErrImagePull"}}"#;
        let mut outside = Script::new().answer(GET, 200, &at("starting", 0));
        for _ in 0..20 {
            outside = outside.answer(GET, 200, failed);
        }
        let outside = outside.answer(GET, 200, &at("running", 4));
        assert_eq!(until_running(&outside, "a", 900).unwrap().status.state, "running");
        assert!(outside.now() > 30_000, "{}", outside.now());
    }

    #[test]
    fn an_outage_of_a_minute_does_not_end_the_wait() {
        let mut outside = Script::new();
        for number in 0..40 {
            outside = match number % 2 {
                0 => outside.answer(GET, 0, "connection refused"),
                _ => outside.answer(GET, 502, "<html>"),
            };
        }
        let outside = outside.answer(GET, 200, &at("running", 4));
        assert!(until_running(&outside, "a", 900).is_ok());
        assert!(outside.now() > 60_000, "{}", outside.now());
    }

    #[test]
    fn time_is_up_after_the_seconds_that_were_given() {
        let outside = Script::new().answer(GET, 200, &at("starting", 0));
        let error = until_running(&outside, "a", 30).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Timeout);
        assert!((30_000..33_000).contains(&outside.now()), "{}", outside.now());
    }

    #[test]
    fn a_service_that_is_away_for_a_moment_is_waited_for() {
        let outside = Script::new()
            .answer(GET, 0, "connection reset")
            .answer(GET, 503, "<html>")
            .answer(GET, 200, &at("running", 4));
        assert!(until_running(&outside, "a", 60).is_ok());
        // For how long it has to be away to be given up: five minutes, or the whole wait.
        for (seconds, waited) in [(900, 300_000..303_000), (60, 60_000..63_000)] {
            let outside = Script::new().answer(GET, 0, "connection reset");
            let error = until_running(&outside, "a", seconds).unwrap_err();
            assert_eq!(error.message, "connection reset");
            assert!(waited.contains(&outside.now()), "{}", outside.now());
        }
    }

    #[test]
    fn a_session_that_somebody_removes_is_not_waited_for() {
        let missing = r#"{"error":{"code":1404,"message":"does not exist"}}"#;
        let outside =
            Script::new().answer(GET, 404, missing).answer("GET /api/data/user", 200, "{}");
        let error = until_running(&outside, "a", 60).unwrap_err();
        assert_eq!(error.message, "the session `a` was removed while it started");
        until_gone(&outside, "a").unwrap();
    }
}
