//! Ends sessions. The service says yes to any name, so it is looked at first, and
//! afterwards until it is gone.

use renku_session_sdk::http::Method;
use renku_session_sdk::invocation::Progress;
use renku_session_sdk::{Error, ErrorKind, Result};

use crate::ask::Ask;
use crate::call::Call;
use crate::model::Found;
use crate::outside::Outside;
use crate::{list, service, wait};

/// Stops one session; false when there is none of this name.
///
/// # Errors
///
/// When it exists and could not be stopped, or the user says no.
pub(crate) fn one(outside: &dyn Outside, name: &str) -> Result<bool> {
    let Some(found) = service::session(outside, name)? else { return Ok(false) };
    ask(outside, &[&found])?;
    delete(outside, name)?;
    wait::until_gone(outside, name)?;
    Ok(true)
}

/// Stops every interactive session of the request's project, all at once; one
/// that fails does not keep the others running.
///
/// # Errors
///
/// The first failure.
pub(crate) fn all(outside: &dyn Outside, request: &Ask) -> Result<bool> {
    let found = list::found(outside, request)?;
    let sessions: Vec<&Found> = found.iter().map(|(found, _)| found).collect();
    ask(outside, &sessions)?;
    let deleted: Vec<(&str, Result<()>)> = found
        .iter()
        .map(|(found, _)| (found.name.as_str(), delete(outside, &found.name)))
        .collect();
    let results: Vec<Result<()>> = deleted
        .into_iter()
        .map(|(name, deleted)| deleted.and_then(|()| wait::until_gone(outside, name)))
        .collect();
    results.into_iter().try_fold(false, |_, result| result.map(|()| true))
}

/// Asks before disks are deleted. Only a session that is going anyway, or a job that is
/// done, has nothing to lose.
fn ask(outside: &dyn Outside, sessions: &[&Found]) -> Result<()> {
    let has_work =
        |found: &&&Found| !["stopping", "succeeded"].contains(&found.status.state.as_str());
    let names: Vec<&str> =
        sessions.iter().filter(has_work).map(|found| found.name.as_str()).collect();
    let what = match names.as_slice() {
        [] => return Ok(()),
        [name] => format!("`{name}` with its disk"),
        names => format!("`{}` with their disks", names.join("`, `")),
    };
    outside.report(&Progress::Phase(format!("RenkuLab deletes {what}")));
    let question = format!(
        "RenkuLab deletes {what}: work that was not pushed or saved elsewhere is lost. Go on?"
    );
    match outside.confirm("stop", &question) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::conflict("stopping was declined")),
        Err(error) if error.kind == ErrorKind::InvalidInput => Err(Error::invalid_input(format!(
            "stopping deletes {what}, and nobody is there to ask"
        ))
        .help("add `--yes`, or keep the disk with `renku session pause`")),
        Err(error) => Err(error),
    }
}

fn delete(outside: &dyn Outside, name: &str) -> Result<()> {
    service::tell(outside, &Call::new(Method::Delete, &["sessions", name], "stop the session"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Script, ask as asked};

    const MISSING: &str = r#"{"error":{"code":1404,"message":"does not exist"}}"#;

    #[test]
    fn a_name_that_nobody_has_is_not_deleted() {
        let outside = Script::new().answer("GET /api/data/sessions/a", 404, MISSING).answer(
            "GET /api/data/user",
            200,
            "{}",
        );
        assert!(!one(&outside, "a").unwrap());
        assert_eq!(outside.lines(), ["GET /api/data/sessions/a", "GET /api/data/user"]);
    }

    #[test]
    fn a_disk_is_deleted_only_when_the_user_agrees() {
        let at = |state: &str| format!(r#"{{"name":"a","status":{{"state":"{state}"}}}}"#);
        for state in ["running", "hibernated", "failed", "starting"] {
            let script = || Script::new().answer("GET /api/data/sessions/a", 200, &at(state));
            let declined = script().agrees(false);
            assert_eq!(one(&declined, "a").unwrap_err().message, "stopping was declined");
            let nobody = one(&script(), "a").unwrap_err();
            assert_eq!(
                (nobody.kind, nobody.help.as_deref()),
                (
                    ErrorKind::InvalidInput,
                    Some("add `--yes`, or keep the disk with `renku session pause`")
                )
            );
        }
        let outside = Script::new()
            .answer("GET /api/data/sessions/a", 200, &at("stopping"))
            .answer("GET /api/data/sessions/a", 404, MISSING)
            .answer("DELETE /api/data/sessions/a", 204, "")
            .answer("GET /api/data/user", 200, "{}");
        assert!(one(&outside, "a").unwrap());
    }

    #[test]
    fn all_are_deleted_before_one_is_waited_for() {
        let found = r#"[{"name":"a","project_id":"p","status":{"state":"running"}},
                        {"name":"b","project_id":"p","status":{"state":"running"}}]"#;
        let outside = Script::new()
            .answer("GET /api/data/sessions?session_type=interactive", 200, found)
            .answer("GET /api/data/projects/p", 404, MISSING)
            .answer("DELETE /api/data/sessions/a", 204, "")
            .answer("DELETE /api/data/sessions/b", 204, "")
            .answer("GET /api/data/sessions/a", 404, MISSING)
            .answer("GET /api/data/sessions/b", 404, MISSING)
            .answer("GET /api/data/user", 200, "{}")
            .agrees(true);
        let everywhere = Ask { has_project: false, ..asked() };
        assert!(all(&outside, &everywhere).unwrap());
        let lines = outside.lines();
        let place = |line: &str| lines.iter().position(|known| known == line).unwrap();
        assert!(place("DELETE /api/data/sessions/b") < place("GET /api/data/sessions/a"));
    }
}
