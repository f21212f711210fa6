//! The user's sessions.

use std::collections::{BTreeMap, BTreeSet};

use renku_session_sdk::{Result, Session};

use crate::ask::Ask;
use crate::call::Call;
use crate::model::{Found, Launcher, Project};
use crate::outside::Outside;
use crate::pools::Pools;
use crate::session::Traits;
use crate::{project, service, session};

/// The sessions of the request's project, else of all projects.
///
/// # Errors
///
/// `unauthenticated` when the login has expired: the service itself would give
/// an empty list.
pub(crate) fn sessions(outside: &dyn Outside, ask: &Ask) -> Result<Vec<Session>> {
    let found = found(outside, ask)?;
    let launchers = launchers(outside, &found);
    let pools = match found.is_empty() {
        true => Pools::default(),
        // Without it the names of the classes are missing, and nothing else.
        false => Pools::list(outside, None).unwrap_or_default(),
    };
    let now = outside.now();
    let described = found.into_iter().map(|(found, project)| {
        let traits = Traits {
            project: Some(project),
            launcher: found.launcher_id.as_ref().and_then(|id| launchers.get(id)).cloned(),
            class: found.resource_class_id.and_then(|id| pools.name(id)),
        };
        session::describe(&found, traits, now)
    });
    Ok(described.collect())
}

/// The names of the launchers of sessions, by id. What cannot be had is missing.
fn launchers(outside: &dyn Outside, found: &[(Found, String)]) -> BTreeMap<String, String> {
    let ids: BTreeSet<&String> =
        found.iter().filter_map(|(found, _)| found.launcher_id.as_ref()).collect();
    let named = ids.into_iter().filter_map(|id| {
        let call = Call::get(&["session_launchers", id], "look at the launcher");
        let launcher: Launcher = service::look(outside, &call).ok()??;
        Some((id.clone(), launcher.name))
    });
    named.collect()
}

/// The same as the service describes them, each with the name of its project.
///
/// # Errors
///
/// As [`sessions`].
pub(crate) fn found(outside: &dyn Outside, ask: &Ask) -> Result<Vec<(Found, String)>> {
    let found = service::sessions(outside)?;
    if found.is_empty() {
        service::require_login(outside)?;
        return Ok(Vec::new());
    }
    let scope = Scope::of(outside, ask)?;
    let mut names = BTreeMap::new();
    let mut of_scope = Vec::new();
    for session in found {
        let Some(id) = session.project_id.clone() else { continue };
        if !names.contains_key(&id) {
            names.insert(id.clone(), scope.name(outside, &id)?);
        }
        if let Some(name) = names.get(&id).cloned().flatten() {
            of_scope.push((session, name));
        }
    }
    Ok(of_scope)
}

/// Whose sessions are meant.
enum Scope {
    All,
    Project(Project),
    /// Projects with one of these repositories.
    Remotes(Vec<String>),
}

impl Scope {
    fn of(outside: &dyn Outside, ask: &Ask) -> Result<Self> {
        if !ask.has_project {
            return Ok(Self::All);
        }
        Ok(match project::if_named(outside, ask)? {
            Some(project) => Self::Project(project),
            None => Self::Remotes(project::remotes(outside)?),
        })
    }

    /// What the project of this id is called; none when it is not meant.
    fn name(&self, outside: &dyn Outside, id: &str) -> Result<Option<String>> {
        Ok(match self {
            Self::Project(project) => (project.id == id).then(|| project.path()),
            Self::All => {
                let project = project::by_id(outside, id)?;
                Some(project.map_or_else(|| id.to_owned(), |project| project.path()))
            }
            Self::Remotes(remotes) if remotes.is_empty() => None,
            // Whoever has a session of it may see it, also through a group.
            Self::Remotes(remotes) => project::by_id(outside, id)?
                .filter(|project| project::has_one_of(project, remotes))
                .map(|project| project.path()),
        })
    }
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

    const POOLS: &str = "GET /api/data/resource_pools";

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
        let outside = Script::new()
            .answer(LIST, 200, &two())
            .answer(&path, 200, &project(P, "demo"))
            .answer(POOLS, 200, "[]");
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
    fn a_folder_that_is_not_bound_has_the_sessions_of_its_repositories() {
        let with = |id: &str, repository: &str| {
            format!(
                r#"{{"id":"{id}","namespace":"lab","slug":"demo","repositories":["{repository}"]}}"#
            )
        };
        let list = two()
            .replace(r#""name":"b","#, r#""name":"b","launcher_id":"l","resource_class_id":1,"#);
        let outside = Script::new()
            .remotes(&["git@github.com:lab/demo.git"])
            .answer(LIST, 200, &list)
            .answer(&format!("GET /api/data/projects/{P}"), 200, &with(P, "https://x/y"))
            .answer(&format!("GET /api/data/projects/{Q}"), 200, &with(Q, "https://github.com/lab/demo"))
            .answer("GET /api/data/session_launchers/l", 200, r#"{"id":"l","name":"R","environment":{}}"#)
            .answer(POOLS, 200, r#"[{"name":"d","classes":[{"id":1,"name":"s","cpu":1,"memory":1,"max_storage":1}]}]"#);
        let found = sessions(&outside, &ask()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].name.as_str(), found[0].reason.as_deref()),
            ("b", Some("launcher R, class d/s"))
        );
    }

    #[test]
    fn all_projects_are_named() {
        let outside = Script::new()
            .answer(LIST, 200, &two())
            .answer(&format!("GET /api/data/projects/{P}"), 200, &project(P, "demo"))
            .answer(&format!("GET /api/data/projects/{Q}"), 404, r#"{"error":{"message":"gone"}}"#)
            .answer(POOLS, 500, "");
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
