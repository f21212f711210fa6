//! The user's sessions.

use std::collections::BTreeMap;

use renku_session_sdk::{Result, Session};

use crate::ask::Ask;
use crate::call::Call;
use crate::model::Found;
use crate::outside::Outside;
use crate::{project, service, session};

/// The sessions of the request's project, else of all projects.
///
/// # Errors
///
/// `unauthenticated` when the login has expired: the service itself would give
/// an empty list.
pub(crate) fn sessions(outside: &dyn Outside, ask: &Ask) -> Result<Vec<Session>> {
    let found = found(outside, ask)?;
    let now = outside.now();
    Ok(found
        .iter()
        .map(|(found, project)| session::describe(found, project.clone(), now))
        .collect())
}

/// The same as the service describes them, each with the name of its project.
///
/// # Errors
///
/// As [`sessions`].
pub(crate) fn found(outside: &dyn Outside, ask: &Ask) -> Result<Vec<(Found, Option<String>)>> {
    // Without the type jobs would be listed, too.
    let call = Call::get(&["sessions"], "list your sessions").query("session_type", "interactive");
    let found: Vec<Found> = service::ask(outside, &call)?;
    if found.is_empty() {
        service::require_login(outside)?;
        return Ok(Vec::new());
    }
    let mut names = BTreeMap::new();
    if ask.has_project {
        for project in project::all(outside, ask)? {
            names.insert(project.id.clone(), project.path());
        }
    } else {
        for id in found.iter().filter_map(|found| found.project_id.as_ref()) {
            if !names.contains_key(id) {
                let project = project::by_id(outside, id)?;
                names.insert(id.clone(), project.map_or_else(|| id.clone(), |one| one.path()));
            }
        }
    }
    Ok(found
        .into_iter()
        .filter_map(|found| {
            let name = found.project_id.as_ref().and_then(|id| names.get(id)).cloned();
            (name.is_some() || !ask.has_project).then_some((found, name))
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use renku_session_sdk::ErrorKind;

    use super::*;
    use crate::testing::{Script, ask};

    const LIST: &str = "GET /api/data/sessions?session_type=interactive";
    const P: &str = "01M85163697YWZ8XKR9S0YBR9J";
    const Q: &str = "01M85163697YWZ8XKR9S0YBR9K";

    fn two() -> String {
        format!(
            r#"[{{"name":"a","project_id":"{P}","status":{{"state":"hibernated","will_delete_at":"2026-11-27T20:22:32Z"}},"url":"https://x/a/"}},
                {{"name":"b","project_id":"{Q}","status":{{"state":"running"}},"url":"https://x/b/"}}]"#
        )
    }

    fn project(id: &str, slug: &str) -> String {
        format!(r#"{{"id":"{id}","namespace":"jane","slug":"{slug}"}}"#)
    }

    #[test]
    fn an_empty_list_is_believed_only_to_who_is_logged_in() {
        let outside = Script::new().answer(LIST, 200, "[]").answer("GET /api/data/user", 200, "{}");
        assert_eq!(sessions(&outside, &ask()).unwrap().len(), 0);
        let outside = Script::new().answer(LIST, 200, "[]").answer("GET /api/data/user", 401, "{}");
        let error = sessions(&outside, &ask()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unauthenticated);
        assert_eq!(
            error.help.unwrap(),
            "run `renku login https://renkulab.example`, or set a new `RENKU_CLI_ACCESS_TOKEN`"
        );
    }

    #[test]
    fn only_sessions_of_the_project_are_listed() {
        let path = format!("GET /api/data/projects/{P}");
        let outside =
            Script::new().answer(LIST, 200, &two()).answer(&path, 200, &project(P, "demo"));
        let mut asked = ask();
        asked.bound = Some(P.into());
        let found = sessions(&outside, &asked).unwrap();
        assert_eq!(found.len(), 1);
        let one = found.first().unwrap();
        assert_eq!((one.name.as_str(), one.project.as_deref()), ("a", Some("jane/demo")));
        assert_eq!(
            (one.url.as_deref(), one.reason.as_deref()),
            (None, Some("will be deleted at 2026-11-27T20:22:32Z"))
        );
    }

    #[test]
    fn all_projects_are_named() {
        let outside = Script::new()
            .answer(LIST, 200, &two())
            .answer(&format!("GET /api/data/projects/{P}"), 200, &project(P, "demo"))
            .answer(&format!("GET /api/data/projects/{Q}"), 404, r#"{"error":{"message":"gone"}}"#);
        let mut asked = ask();
        asked.has_project = false;
        let names: Vec<_> = sessions(&outside, &asked)
            .unwrap()
            .into_iter()
            .map(|one| one.project.unwrap())
            .collect();
        assert_eq!(names, ["jane/demo", Q]);
    }
}
