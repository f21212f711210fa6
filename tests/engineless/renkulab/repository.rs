//! A session starts from the server's copy of the repository: what only this
//! folder has is reported, pushed if the user agrees, and never committed.

use super::ground::Ground;

const START: [&str; 3] = ["start", "-p", "renkulab"];

fn start<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut all = START.to_vec();
    all.extend(more);
    all
}

#[test]
fn unpushed_commits_are_told_and_pushed_only_when_asked_for() {
    let ground = Ground::new();
    let project = ground.bound();
    project.write("analysis.py", "print(1)\n").commit();
    let there =
        || project.git(&["--git-dir", &ground.bare().display().to_string(), "rev-parse", "main"]);
    let before = there();
    insta::assert_snapshot!(ground.printed(&project, &START), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the session would not have what is in this folder
      1 commit of `main` is not pushed
    hint: add `--push` to push first, or `--from-remote` to start from what the server has
    ");
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
    // A yes to everything is not a yes to pushing.
    let _ = ground.session(&project, &start(&["--yes"])).success();
    assert_eq!(there(), before);
    let _ = ground.session(&project, &["stop", "--yes", "-p", "renkulab"]).success();
    let _ = ground.session(&project, &start(&["--push"])).success();
    assert_eq!(there(), project.git(&["rev-parse", "HEAD"]));
}

#[test]
fn uncommitted_changes_are_told_and_stay_as_they_are() {
    let ground = Ground::new();
    let project = ground.bound();
    project.write("analysis.py", "print(1)\n");
    let head = project.git(&["rev-parse", "HEAD"]);
    insta::assert_snapshot!(ground.printed(&project, &start(&["--push"])), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the session would not have what is in this folder
      changes here are not committed
    hint: commit and push, or add `--from-remote` to start from what the server has
    ");
    insta::assert_snapshot!(ground.printed(&project, &start(&["--from-remote"])), @"
    exit status: 0
    --- stdout
    jane-doe-[ID]  http://127.0.0.1:[PORT]/sessions/jane-doe-[ID]/lab/
    --- stderr
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    Session `jane-doe-[ID]` runs; `renku session open jane-doe-[ID]` opens it, `renku session stop jane-doe-[ID]` stops it
    ");
    assert_eq!(project.git(&["rev-parse", "HEAD"]), head);
    assert_eq!(project.git(&["status", "--porcelain"]), "?? analysis.py");
}

#[test]
fn a_no_starts_nothing() {
    let ground = Ground::new();
    let project = ground.bound();
    project.write("analysis.py", "print(1)\n");
    let arguments = start(&["--answer", "from-remote=no"]);
    insta::assert_snapshot!(ground.printed(&project, &arguments), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: no session was started
      changes here are not committed
    hint: commit and push, or add `--from-remote` to start from what the server has
    ");
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
}

#[test]
fn a_branch_that_was_never_pushed_is_told() {
    let ground = Ground::new();
    let project = ground.bound();
    project.git(&["switch", "-q", "-c", "experiment"]);
    insta::assert_snapshot!(ground.printed(&project, &START), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the session would not have what is in this folder
      the branch `experiment` was never pushed
    hint: commit and push, or add `--from-remote` to start from what the server has
    ");
}

#[test]
fn commits_that_are_only_there_are_told() {
    let ground = Ground::new();
    let project = ground.bound();
    project.write("theirs", "1").commit();
    project.git(&["push", "-q"]);
    project.git(&["reset", "-q", "--hard", "HEAD~1"]);
    insta::assert_snapshot!(ground.printed(&project, &START), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the session would not have what is in this folder
      1 commit of `main` there is not here
    hint: run `git pull`, or add `--from-remote` to start from what the server has
    ");
}

/// A session begins with the default branch of the server's copy.
#[test]
fn a_branch_that_is_not_what_a_session_begins_with_is_told() {
    let ground = Ground::new();
    let project = ground.bound();
    project.git(&["switch", "-q", "-c", "experiment"]);
    project.git(&["push", "-q", "-u", "origin", "experiment"]);
    insta::assert_snapshot!(ground.printed(&project, &START), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the session would not have what is in this folder
      a session begins with `main`, and this folder is on `experiment`
    hint: bring it to `main` and push that, or add `--from-remote` and switch to your branch in the session
    ");
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
    // The server's word counts, not what git noted when it was cloned.
    let bare = ground.bare().display().to_string();
    project.git(&["--git-dir", &bare, "symbolic-ref", "HEAD", "refs/heads/experiment"]);
    let _ = ground.session(&project, &START).success();
}

/// `main` follows a fork; the project's repository is another remote.
#[test]
fn a_fork_is_not_taken_for_the_projects_repository() {
    let ground = Ground::new();
    let project = ground.bound();
    let fork = ground.context.folder().join("fork.git").display().to_string();
    project.git(&["init", "-q", "--bare", "-b", "main", &fork]);
    project.git(&["remote", "rename", "origin", "upstream"]);
    project.git(&["remote", "add", "origin", "https://git.example.org/me/demo"]);
    ground.stands_for(&project, &fork, "https://git.example.org/me/demo");
    project.write("analysis.py", "print(1)\n").commit();
    project.git(&["push", "-q", "-u", "origin", "main"]);
    let there = || project.git(&["--git-dir", &fork, "rev-parse", "main"]);
    let before = there();
    let told = ground.printed(&project, &START);
    insta::assert_snapshot!(told, @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the session would not have what is in this folder
      `main` is pushed to https://git.example.org/me/demo, which is not the project's repository
    hint: bring it to the project's repository, or add `--from-remote` to start from what the server has
    ");
    project.write("analysis.py", "print(2)\n").commit();
    assert_eq!(ground.printed(&project, &start(&["--push"])), told);
    assert_eq!(there(), before);
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
}

/// A colleague pushed, and nobody fetched here.
#[test]
fn what_the_server_has_by_now_is_told() {
    let ground = Ground::new();
    let project = ground.bound();
    let theirs = ground.somebody_pushes(&project);
    let told = ground.printed(&project, &START);
    insta::assert_snapshot!(told, @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the session would not have what is in this folder
      `main` on the server is not what git fetched last
    hint: run `git fetch`, and `git status` shows the difference, or add `--from-remote` to start from what the server has
    ");
    // Nothing is pushed over it.
    assert_eq!(ground.printed(&project, &start(&["--push"])), told);
    let bare = ground.bare().display().to_string();
    assert_eq!(project.git(&["--git-dir", &bare, "rev-parse", "main"]), theirs);
    // What is here of it is counted, wherever it was fetched to.
    project.git(&["fetch", "-q", &bare, "main"]);
    insta::assert_snapshot!(ground.printed(&project, &START), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the session would not have what is in this folder
      1 commit of `main` there is not here
    hint: run `git pull`, or add `--from-remote` to start from what the server has
    ");
    project.git(&["merge", "-q", "--ff-only", &theirs]);
    let _ = ground.session(&project, &START).success();
}

/// Only a start asks the server, and a server that is away does not keep it.
#[test]
fn a_repository_that_does_not_answer_is_said_and_nothing_more() {
    let ground = Ground::new();
    let project = ground.bound();
    std::fs::remove_dir_all(ground.bare()).unwrap();
    let run = ground.session(&project, &START).success();
    insta::assert_snapshot!(run.snapshot(), @"
    exit status: 0
    --- stdout
    jane-doe-[ID]  http://127.0.0.1:[PORT]/sessions/jane-doe-[ID]/lab/
    --- stderr
    warning: `origin` did not answer, so this folder is compared with git's last fetch: fatal: '[TEST]/remote.git' does not appear to be a git repository
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    Session `jane-doe-[ID]` runs; `renku session open jane-doe-[ID]` opens it, `renku session stop jane-doe-[ID]` stops it
    ");
    for other in [
        vec!["ls", "-p", "renkulab"],
        vec!["stop", "--yes", "-p", "renkulab"],
        start(&["--from-remote"]),
    ] {
        let run = ground.session(&project, &other).success();
        assert!(!run.stderr.contains("warning"), "{other:?}: {}", run.stderr);
    }
}
