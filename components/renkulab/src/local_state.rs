//! What a session would lack: it starts from the server's copy of the
//! repository, not from this folder.

use renku_session_sdk::{Error, ErrorKind, Result};

use crate::ask::Ask;
use crate::model::Project;
use crate::outside::Outside;
use crate::project;

/// The repository here, as far as it matters.
#[derive(Debug, Clone, Default)]
pub(crate) struct LocalState {
    pub(crate) branch: Option<String>,
    pub(crate) head: Option<String>,
    pub(crate) dirty: bool,
    pub(crate) upstream: Option<String>,
    pub(crate) ahead: u32,
    /// None with an upstream: it has what git has not fetched.
    pub(crate) behind: Option<u32>,
    pub(crate) remotes: Vec<String>,
}

impl LocalState {
    /// The branch as people call it.
    fn branch(&self) -> &str {
        self.branch.as_deref().unwrap_or("HEAD")
    }

    /// The repository that the branch is pushed to.
    fn own_remote(&self) -> Option<&String> {
        self.remotes.first().filter(|_| self.upstream.is_some())
    }

    /// Whether the branch is pushed to a repository of the project.
    fn is_pushed_there(&self, project: &Project) -> bool {
        self.own_remote().is_some_and(|own| project::has_one_of(project, std::slice::from_ref(own)))
    }

    /// Where the branch is pushed to, when that is no repository of the project.
    fn elsewhere(&self, project: &Project) -> Option<&String> {
        self.own_remote().filter(|_| !self.is_pushed_there(project))
    }

    /// Whether git must fetch before anybody can say what differs.
    fn is_unfetched(&self) -> bool {
        self.upstream.is_some() && self.behind.is_none()
    }
}

/// Goes on when the server has what is here, when the user wants to start
/// without it, or after it was pushed.
///
/// # Errors
///
/// `conflict` when the user says no, `invalid-input` when there is nobody to ask.
pub(crate) fn settle(outside: &dyn Outside, ask: &Ask, project: &Project) -> Result<()> {
    if ask.from_remote || !ask.has_project {
        return Ok(());
    }
    let mut state = outside.local_state()?;
    let mut other = None;
    if state.is_pushed_there(project) {
        other = other_branch(outside, &state)?;
        state = outside.local_state()?;
    }
    let mut missing = differences(&state, other.as_deref(), project);
    if state.ahead > 0 && state.behind == Some(0) && state.is_pushed_there(project) {
        match outside.push() {
            Ok(()) => {
                state = outside.local_state()?;
                missing = differences(&state, other.as_deref(), project);
            }
            // Nobody to ask, or a no: then the question is whether to do without.
            Err(error) if matches!(error.kind, ErrorKind::Denied | ErrorKind::InvalidInput) => {}
            Err(error) => return Err(error),
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let missing = missing.join("; ");
    let question = format!(
        "The session starts from the server's copy of the repository: {missing}. Start it anyway?"
    );
    match outside.confirm("from-remote", &question) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::conflict("no session was started")
            .help(help(&state, other.as_deref(), project))
            .cause(missing)),
        Err(error) if error.kind == ErrorKind::InvalidInput => {
            Err(Error::invalid_input("the session would not have what is in this folder")
                .help(help(&state, other.as_deref(), project))
                .cause(missing))
        }
        Err(error) => Err(error),
    }
}

/// The branch that a session begins with, where the one here belongs to another.
fn other_branch(outside: &dyn Outside, state: &LocalState) -> Result<Option<String>> {
    let default =
        outside.default_branch()?.filter(|default| Some(default) != state.upstream.as_ref());
    // Without the name of the remote: that is what a user types.
    Ok(default.map(|default| match default.split_once('/') {
        Some((_, branch)) => branch.to_owned(),
        None => default,
    }))
}

fn help(state: &LocalState, other: Option<&str>, project: &Project) -> String {
    let first = match other {
        None if state.elsewhere(project).is_some() => "bring it to the project's repository",
        None if state.is_unfetched() => "run `git fetch`, and `git status` shows the difference",
        Some(branch) => {
            return format!(
                "bring it to `{branch}` and push that, or add `--from-remote` and switch to your branch in the session"
            );
        }
        None if state.ahead > 0 && state.behind == Some(0) && !state.dirty => {
            return "add `--push` to push first, or `--from-remote` to start from what the server has".to_owned();
        }
        None if state.behind > Some(0) && state.ahead > 0 => "commit, run `git pull` and push",
        None if state.behind > Some(0) && !state.dirty => "run `git pull`",
        None => "commit and push",
    };
    format!("{first}, or add `--from-remote` to start from what the server has")
}

/// What is here and not there, and the other way round, in words.
fn differences(state: &LocalState, other: Option<&str>, project: &Project) -> Vec<String> {
    if !project::has_one_of(project, &state.remotes) {
        return vec![format!(
            "the project {} does not contain the repository of this folder",
            project.path()
        )];
    }
    let mut found = Vec::new();
    match (&state.head, &state.branch, &state.upstream) {
        (None, ..) => found.push("nothing is committed here yet".to_owned()),
        (_, None, _) => found.push("no branch is checked out here".to_owned()),
        (_, Some(branch), None) => {
            found.push(format!("the branch `{branch}` was never pushed"));
        }
        _ => {}
    }
    let branch = state.branch();
    if let Some(other) = other {
        found.push(format!("a session begins with `{other}`, and this folder is on `{branch}`"));
    }
    match state.elsewhere(project) {
        Some(url) => found
            .push(format!("`{branch}` is pushed to {url}, which is not the project's repository")),
        None => found.extend(counts(state)),
    }
    if state.dirty {
        found.push("changes here are not committed".to_owned());
    }
    found
}

/// How far the branch and its upstream are apart.
fn counts(state: &LocalState) -> Vec<String> {
    let branch = state.branch();
    let mut found = Vec::new();
    match state.ahead {
        0 => {}
        1 => found.push(format!("1 commit of `{branch}` is not pushed")),
        ahead => found.push(format!("{ahead} commits of `{branch}` are not pushed")),
    }
    match state.behind {
        None if state.is_unfetched() => {
            found.push(format!("`{branch}` on the server is not what git fetched last"));
        }
        None | Some(0) => {}
        Some(1) => found.push(format!("1 commit of `{branch}` there is not here")),
        Some(behind) => found.push(format!("{behind} commits of `{branch}` there are not here")),
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Script, ask};

    fn project() -> Project {
        Project {
            id: "x".into(),
            namespace: "jane".into(),
            slug: "demo".into(),
            repositories: vec!["https://github.com/jane/demo".into()],
            visibility: None,
        }
    }

    fn clean() -> LocalState {
        LocalState {
            branch: Some("main".into()),
            head: Some("0123456".into()),
            upstream: Some("origin/main".into()),
            behind: Some(0),
            remotes: vec!["git@github.com:jane/demo.git".into()],
            ..LocalState::default()
        }
    }

    #[test]
    fn nothing_is_asked_when_the_server_has_everything() {
        let outside = Script::new().state(clean());
        settle(&outside, &ask(), &project()).unwrap();
        assert_eq!(outside.lines(), Vec::<String>::new());
    }

    #[test]
    fn from_remote_asks_and_pushes_nothing() {
        let outside = Script::new().state(LocalState { ahead: 3, dirty: true, ..clean() });
        settle(&outside, &Ask { from_remote: true, ..ask() }, &project()).unwrap();
        assert_eq!(outside.lines(), Vec::<String>::new());
    }

    #[test]
    fn unpushed_commits_are_pushed_when_the_user_agrees() {
        let outside = Script::new().state(LocalState { ahead: 1, ..clean() }).after_push(clean());
        settle(&outside, &ask(), &project()).unwrap();
        assert_eq!(outside.lines(), ["push"]);
    }

    #[test]
    fn after_a_no_to_pushing_the_question_is_whether_to_do_without() {
        let outside = Script::new()
            .state(LocalState { ahead: 2, ..clean() })
            .push_fails(Error::new(ErrorKind::Denied, "declined"))
            .agrees(true);
        settle(&outside, &ask(), &project()).unwrap();
        assert_eq!(
            outside.lines(),
            [
                "push",
                "asks from-remote: The session starts from the server's copy of the repository: 2 \
                 commits of `main` are not pushed. Start it anyway?"
            ]
        );
    }

    #[test]
    fn a_push_that_fails_ends_the_start() {
        let outside = Script::new()
            .state(LocalState { ahead: 1, ..clean() })
            .push_fails(Error::conflict("the server has other commits"));
        let error = settle(&outside, &ask(), &project()).unwrap_err();
        assert_eq!(error.message, "the server has other commits");
    }

    #[test]
    fn without_a_terminal_the_options_are_named() {
        let outside = Script::new()
            .state(LocalState { ahead: 1, ..clean() })
            .push_fails(Error::invalid_input("there is no terminal to ask"));
        let error = settle(&outside, &ask(), &project()).unwrap_err();
        assert_eq!(
            (error.kind, error.help.as_deref(), error.causes),
            (
                ErrorKind::InvalidInput,
                Some(
                    "add `--push` to push first, or `--from-remote` to start from what the server has"
                ),
                vec!["1 commit of `main` is not pushed".to_owned()]
            )
        );
    }

    #[test]
    fn another_branch_than_the_one_a_session_begins_with_is_told() {
        let feature = LocalState {
            branch: Some("feature".into()),
            upstream: Some("origin/feature".into()),
            ..clean()
        };
        let outside = Script::new().state(feature).default_branch("origin/main").agrees(false);
        let error = settle(&outside, &ask(), &project()).unwrap_err();
        assert_eq!(
            (error.causes, error.help.as_deref()),
            (
                vec!["a session begins with `main`, and this folder is on `feature`".to_owned()],
                Some(
                    "bring it to `main` and push that, or add `--from-remote` and switch to your branch in the session"
                )
            )
        );
        let outside = Script::new().state(clean()).default_branch("origin/main");
        settle(&outside, &ask(), &project()).unwrap();
    }

    #[test]
    fn a_fork_is_not_the_projects_repository() {
        let fork = LocalState {
            ahead: 1,
            behind: Some(3),
            remotes: vec![
                "https://github.com/me/demo".into(),
                "https://github.com/jane/demo.git".into(),
            ],
            ..clean()
        };
        let outside = Script::new().state(fork).default_branch("origin/other").agrees(false);
        let error = settle(&outside, &ask(), &project()).unwrap_err();
        let missing =
            "`main` is pushed to https://github.com/me/demo, which is not the project's repository";
        assert_eq!(error.causes, [missing]);
        assert_eq!(
            error.help.as_deref(),
            Some(
                "bring it to the project's repository, or add `--from-remote` to start from what the server has"
            )
        );
        // Nothing is pushed.
        let question = format!(
            "asks from-remote: The session starts from the server's copy of the repository: {missing}. Start it anyway?"
        );
        assert_eq!(outside.lines(), [question]);
    }

    #[test]
    fn what_git_has_not_fetched_is_not_pushed_over() {
        let outside = Script::new().state(LocalState { ahead: 1, behind: None, ..clean() });
        let error = settle(&outside, &ask(), &project()).unwrap_err();
        assert_eq!(
            (error.causes, error.help.as_deref()),
            (
                vec![
                    "1 commit of `main` is not pushed; `main` on the server is not what git fetched last"
                        .to_owned()
                ],
                Some(
                    "run `git fetch`, and `git status` shows the difference, or add `--from-remote` to start from what the server has"
                )
            )
        );
        assert!(!outside.lines().contains(&"push".to_owned()));
    }

    #[test]
    fn every_difference_is_named() {
        let names = |state: LocalState| differences(&state, None, &project());
        assert_eq!(
            names(LocalState { ahead: 1, behind: Some(2), dirty: true, ..clean() }),
            [
                "1 commit of `main` is not pushed",
                "2 commits of `main` there are not here",
                "changes here are not committed"
            ]
        );
        assert_eq!(
            names(LocalState { behind: None, dirty: true, ..clean() }),
            ["`main` on the server is not what git fetched last", "changes here are not committed"]
        );
        assert_eq!(
            names(LocalState { upstream: None, ..clean() }),
            ["the branch `main` was never pushed"]
        );
        assert_eq!(
            names(LocalState { branch: None, ..clean() }),
            ["no branch is checked out here"]
        );
        assert_eq!(
            names(LocalState {
                remotes: vec!["https://example.org/x".into()],
                dirty: true,
                ..clean()
            }),
            ["the project jane/demo does not contain the repository of this folder"]
        );
    }
}
