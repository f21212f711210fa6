//! Which project of RenkuLab a request is about: configured, else the one that
//! the folder is bound to, else those that have one of its git remotes.

use renku_session_sdk::{Error, ErrorKind, Result};

use crate::ask::Ask;
use crate::call::Call;
use crate::model::{Group, Project};
use crate::outside::Outside;
use crate::{address, service};

/// The one project, for a start.
///
/// # Errors
///
/// `not-found` when there is none, `invalid-input` when there are several.
pub(crate) fn one(outside: &dyn Outside, ask: &Ask) -> Result<Project> {
    if let Some(reference) = reference(ask) {
        let project = named(outside, reference)?;
        // A public one is shown to everybody, and nobody starts without a name. The
        // remotes find those alone that the user is a member of.
        if !project.is_private() {
            service::require_login(outside)?;
        }
        return Ok(project);
    }
    let mut found = by_remotes(outside)?;
    match (found.pop(), found.is_empty()) {
        (None, _) => Err(unknown(outside, &remotes(outside)?)),
        (Some(project), true) => Ok(project),
        (Some(last), false) => {
            let mut paths: Vec<String> = found.iter().map(Project::path).collect();
            paths.push(last.path());
            paths.sort();
            let first = paths.first().cloned().unwrap_or_default();
            Err(Error::invalid_input(format!(
                "this repository belongs to {} projects on {}: {}",
                paths.len(),
                outside.base(),
                paths.join(", ")
            ))
            .help(format!("name one, such as `--project {first}`")))
        }
    }
}

/// The one project that was named, or that the folder is bound to; none where its git
/// remotes alone tell.
///
/// # Errors
///
/// `not-found` when a project was named that does not exist.
pub(crate) fn if_named(outside: &dyn Outside, ask: &Ask) -> Result<Option<Project>> {
    reference(ask).map(|reference| named(outside, reference)).transpose()
}

/// The project of an id; none when the user may not see it.
///
/// # Errors
///
/// When the service refuses.
pub(crate) fn by_id(outside: &dyn Outside, id: &str) -> Result<Option<Project>> {
    service::look(outside, &Call::get(&["projects", id], "look at the project"))
}

fn reference(ask: &Ask) -> Option<&str> {
    ask.config.project.as_deref().or(ask.bound.as_deref())
}

fn named(outside: &dyn Outside, reference: &str) -> Result<Project> {
    let reference = address::reference(&outside.base(), reference)?;
    let reference = reference.as_str();
    let found = if address::is_id(reference) {
        by_id(outside, reference)?
    } else if let Some((namespace, slug)) = reference.rsplit_once('/') {
        let parts = ["namespaces", namespace, "projects", slug];
        service::look(outside, &Call::get(&parts, "look at the project"))?
    } else {
        return Err(Error::invalid_input(format!("`{reference}` is not a project on RenkuLab"))
            .help("write NAMESPACE/SLUG, as in the address of the project in the browser"));
    };
    if let Some(project) = found {
        return Ok(project);
    }
    service::require_login(outside)?;
    let base = outside.base();
    Err(Error::not_found(format!("{base} has no project `{reference}` that you may see"))
        .help("check the name in the browser, or name another one with `--project NAMESPACE/SLUG`"))
}

fn by_remotes(outside: &dyn Outside) -> Result<Vec<Project>> {
    let remotes = remotes(outside)?;
    let mut found: Vec<Project> = Vec::new();
    if !remotes.is_empty() {
        for project in yours(outside)? {
            let is_new = found.iter().all(|known| known.id != project.id);
            if is_new && has_one_of(&project, &remotes) {
                found.push(project);
            }
        }
    }
    if found.is_empty() {
        service::require_login(outside)?;
    }
    Ok(found)
}

/// The projects that the user has a role in, and those of the user's groups: a role in a
/// group is no direct membership of its projects.
fn yours(outside: &dyn Outside) -> Result<Vec<Project>> {
    let projects = || Call::get(&["projects"], "list your projects");
    let mut found: Vec<Project> = service::all(outside, &projects().query("direct_member", true))?;
    let groups = Call::get(&["groups"], "list your groups").query("direct_member", true);
    for group in service::all::<Group>(outside, &groups)? {
        found.extend(service::all::<Project>(outside, &projects().query("namespace", group.slug))?);
    }
    Ok(found)
}

/// The repositories of this folder; none outside of a project.
///
/// # Errors
///
/// When git fails.
pub(crate) fn remotes(outside: &dyn Outside) -> Result<Vec<String>> {
    match outside.local_state() {
        Ok(state) => Ok(state.remotes),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn unknown(outside: &dyn Outside, remotes: &[String]) -> Error {
    let base = outside.base();
    let help = "name it with `--project NAMESPACE/SLUG`";
    match remotes.first() {
        None => Error::not_found(
            "this folder has no git remote that identifies its project on RenkuLab",
        )
        .help(help),
        Some(remote) => {
            Error::not_found(format!("none of your projects on {base} has the repository {remote}"))
                .help(format!("{help}, or add the repository to the project in the browser"))
        }
    }
}

/// Whether one of the project's repositories is one of these.
pub(crate) fn has_one_of(project: &Project, remotes: &[String]) -> bool {
    project
        .repositories
        .iter()
        .any(|repository| remotes.iter().any(|remote| place(remote) == place(repository)))
}

/// Host and path of a git URL: `https://github.com/a/b.git`,
/// `ssh://git@github.com:22/a/b` and `git@github.com:a/b` are one place.
fn place(url: &str) -> String {
    let lower = url.trim().to_lowercase();
    let (rest, is_url) = match lower.split_once("://") {
        Some((_, rest)) => (rest, true),
        None => (lower.as_str(), false),
    };
    let split = if is_url { rest.split_once('/') } else { rest.split_once(':') };
    let Some((authority, path)) = split else { return lower };
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.split(':').next().unwrap_or(host);
    let path = path.trim_matches('/');
    format!("{host}/{}", path.strip_suffix(".git").unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Script, ask};

    const JANE: &str = r#"{"id":"01M85163697YWZ8XKR9S0YBR9J","namespace":"jane","slug":"demo","repositories":["https://github.com/jane/demo.git"]}"#;

    const GROUPS: &str = "GET /api/data/groups?direct_member=true&page=1&per_page=100";

    #[test]
    fn a_project_of_a_group_is_found_once() {
        let ours = JANE.replace("\"jane\"", "\"lab\"");
        let outside = Script::new()
            .remotes(&["git@github.com:jane/demo.git"])
            .page("GET /api/data/projects?direct_member=true&page=1&per_page=100", 1, "[]")
            .page(GROUPS, 2, r#"[{"slug":"other"}]"#)
            .page(&GROUPS.replace("&page=1", "&page=2"), 2, r#"[{"slug":"lab"},{"slug":"twin"}]"#)
            .page("GET /api/data/projects?namespace=other&page=1&per_page=100", 1, "[]")
            .page(
                "GET /api/data/projects?namespace=lab&page=1&per_page=100",
                1,
                &format!("[{ours}]"),
            )
            .page(
                "GET /api/data/projects?namespace=twin&page=1&per_page=100",
                1,
                &format!("[{ours}]"),
            );
        assert_eq!(one(&outside, &ask()).unwrap().path(), "lab/demo");
    }

    #[test]
    fn one_repository_has_many_spellings() {
        for url in [
            "https://github.com/Jane/Demo",
            "https://github.com/jane/demo.git/",
            "https://token@github.com/jane/demo.git",
            "ssh://git@github.com:22/jane/demo.git",
            "git@github.com:jane/demo.git",
        ] {
            assert_eq!(place(url), "github.com/jane/demo", "{url}");
        }
        assert_ne!(place("https://github.com/jane/demo2"), "github.com/jane/demo");
        assert_eq!(place("/srv/demo"), "/srv/demo");
    }

    #[test]
    fn an_empty_page_is_the_last_one() {
        let outside = Script::new()
            .remotes(&["git@github.com:jane/demo.git"])
            .page("GET /api/data/projects?direct_member=true&page=1&per_page=100", 2, "[]")
            .page(GROUPS, 1, "[]")
            .answer("GET /api/data/user", 200, "{}");
        let error = one(&outside, &ask()).unwrap_err();
        assert_eq!(
            error.message,
            "none of your projects on https://renkulab.example has the repository git@github.com:jane/demo.git"
        );
    }

    #[test]
    fn a_project_on_the_second_page_is_found() {
        let outside = Script::new()
            .remotes(&["git@github.com:jane/demo.git"])
            .page(
                "GET /api/data/projects?direct_member=true&page=1&per_page=100",
                2,
                r#"[{"id":"x","namespace":"jane","slug":"other"}]"#,
            )
            .page(
                "GET /api/data/projects?direct_member=true&page=2&per_page=100",
                2,
                &format!("[{JANE}]"),
            )
            .page(GROUPS, 1, "[]");
        assert_eq!(one(&outside, &ask()).unwrap().path(), "jane/demo");
    }

    #[test]
    fn a_missing_project_is_told_from_a_missing_login() {
        let missing = r#"{"error":{"code":1404,"message":"Project does not exist"}}"#;
        let path = "GET /api/data/namespaces/jane/projects/demo";
        let mut asked = ask();
        asked.bound = Some("jane/demo".into());
        let outside =
            Script::new().answer(path, 404, missing).answer("GET /api/data/user", 200, "{}");
        assert_eq!(
            one(&outside, &asked).unwrap_err().message,
            "https://renkulab.example has no project `jane/demo` that you may see"
        );
        let nobody = r#"{"error":{"code":1401,"message":"You have to be authenticated"}}"#;
        let outside =
            Script::new().answer(path, 404, missing).answer("GET /api/data/user", 401, nobody);
        assert_eq!(one(&outside, &asked).unwrap_err().kind, ErrorKind::Unauthenticated);
    }

    #[test]
    fn a_public_project_needs_a_login_before_anything_is_done() {
        let path = "GET /api/data/namespaces/jane/projects/demo";
        let mut asked = ask();
        asked.bound = Some("jane/demo".into());
        let public = JANE.replace('{', r#"{"visibility":"public","#);
        let outside =
            Script::new().answer(path, 200, &public).answer("GET /api/data/user", 401, "{}");
        assert_eq!(one(&outside, &asked).unwrap_err().kind, ErrorKind::Unauthenticated);
        let private = JANE.replace('{', r#"{"visibility":"private","#);
        let outside = Script::new().answer(path, 200, &private);
        assert_eq!(one(&outside, &asked).unwrap().path(), "jane/demo");
    }

    #[test]
    fn two_projects_with_one_repository_are_named() {
        let other = JANE.replace("demo\"", "copy\"").replace("BR9J", "BR9K");
        let outside = Script::new()
            .remotes(&["https://github.com/jane/demo"])
            .page(
                "GET /api/data/projects?direct_member=true&page=1&per_page=100",
                1,
                &format!("[{JANE},{other}]"),
            )
            .page(GROUPS, 1, "[]");
        let error = one(&outside, &ask()).unwrap_err();
        assert_eq!(
            (error.message.as_str(), error.help.as_deref()),
            (
                "this repository belongs to 2 projects on https://renkulab.example: jane/copy, jane/demo",
                Some("name one, such as `--project jane/copy`")
            )
        );
    }
}
