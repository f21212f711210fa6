//! Ends sessions. The service says yes to any name, so it is looked at first, and
//! afterwards until it is gone.

use renku_session_sdk::Result;
use renku_session_sdk::http::Method;

use crate::ask::Ask;
use crate::call::Call;
use crate::outside::Outside;
use crate::{list, service, wait};

/// Stops one session; false when there is none of this name.
///
/// # Errors
///
/// When it exists and could not be stopped.
pub(crate) fn one(outside: &dyn Outside, name: &str) -> Result<bool> {
    if service::session(outside, name)?.is_none() {
        return Ok(false);
    }
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
pub(crate) fn all(outside: &dyn Outside, ask: &Ask) -> Result<bool> {
    let found = list::found(outside, ask)?;
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

fn delete(outside: &dyn Outside, name: &str) -> Result<()> {
    service::tell(outside, &Call::new(Method::Delete, &["sessions", name], "stop the session"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Script, ask};

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
            .answer("GET /api/data/user", 200, "{}");
        let mut asked = ask();
        asked.has_project = false;
        assert!(all(&outside, &asked).unwrap());
        let lines = outside.lines();
        let place = |line: &str| lines.iter().position(|known| known == line).unwrap();
        assert!(place("DELETE /api/data/sessions/b") < place("GET /api/data/sessions/a"));
    }
}
