//! What only happens on a terminal: questions, and rows that do not wait for
//! RenkuLab.

use std::time::Duration;

use support::renkulab::Fault;
use support::{Project, Renku, httpd_image};

use super::ground::{Ground, REPOSITORY};

const START: [&str; 3] = ["start", "-p", "renkulab"];

/// The question of the provider when a change is not committed.
const UNCOMMITTED: &str = "[renkulab] The session starts from the server's copy of the \
     repository: changes here are not committed. Start it anyway? [y/N]";

/// Starts a session and answers one question after the other: its exit status.
#[track_caller]
fn answering(ground: &Ground, project: &Project<'_>, answers: &[(&str, &str)]) -> i32 {
    let mut terminal = ground.command(project, &START).interactive();
    for (question, keys) in answers {
        terminal.until(question, |_| ());
        terminal.keys(keys);
    }
    let (status, seen) = terminal.end();
    assert!(ground.lab.secrets().iter().all(|secret| !seen.contains(secret)));
    assert_eq!(seen.matches("[y/N]").count(), answers.len(), "{seen}");
    status
}

#[test]
fn what_is_only_here_is_a_question_with_no_as_its_answer() {
    let ground = Ground::new();
    let project = ground.bound();
    project.write("analysis.py", "print(1)\n");
    for (typed, status) in [("n\n", 1), ("\n", 1), ("\u{3}", 130), ("y\n", 0)] {
        assert_eq!(answering(&ground, &project, &[(UNCOMMITTED, typed)]), status, "{typed:?}");
        assert_eq!(ground.lab.sessions().len(), usize::from(status == 0), "{typed:?}");
    }
    assert_eq!(project.git(&["status", "--porcelain"]), "?? analysis.py");
}

#[test]
fn a_push_is_asked_for_by_the_host_and_then_the_start_by_the_provider() {
    let ground = Ground::new();
    let project = ground.bound();
    project.write("analysis.py", "print(1)\n").commit();
    let there =
        || project.git(&["--git-dir", &ground.bare().display().to_string(), "rev-parse", "main"]);
    let before = there();
    // Who asks can be told: a question of the host has no name before it.
    let push = format!("Push 1 commit of `main` to `origin/main` ({REPOSITORY}.git)? [y/N]");
    let without = "[renkulab] The session starts from the server's copy of the repository: \
         1 commit of `main` is not pushed. Start it anyway? [y/N]";
    assert_eq!(answering(&ground, &project, &[(&push, "n\n"), (without, "y\n")]), 0);
    assert_eq!(there(), before);
    let _ = ground.session(&project, &["stop", "--yes", "-p", "renkulab"]).success();
    assert_eq!(answering(&ground, &project, &[(&push, "y\n")]), 0);
    assert_eq!(there(), project.git(&["rev-parse", "HEAD"]));
}

/// `renku session …` with the engine of this machine and the token.
fn both<'a>(ground: &'a Ground, project: &Project<'a>, arguments: &[&str]) -> Renku<'a> {
    let mut all = vec!["session"];
    all.extend(arguments);
    project
        .renku(&all)
        .env("RENKU_CLI_RENKU_URL", ground.lab.url())
        .env("RENKU_CLI_ACCESS_TOKEN", ground.lab.token())
}

#[test]
fn rows_of_here_are_shown_while_renkulab_thinks() {
    let ground = Ground::new();
    let project = ground.bound();
    let here = project.start(&["--image", &httpd_image(), "-p", "docker"]);
    let name = here["name"].as_str().unwrap();
    ground.lab.fault("*", "/api", Fault::Stall(Duration::from_secs(90)), 10);
    let ls = both(&ground, &project, &["ls", "--columns", "name,status", "--timeout", "10s"]);
    let mut terminal = ls.interactive();
    let warning = "did not answer within 10 s";
    terminal.until(name, |_| ());
    assert!(!terminal.seen().contains(warning), "{}", terminal.seen());
    let (status, seen) = terminal.end();
    assert_eq!(status, 0, "{seen}");
    assert!(seen.contains(warning), "{seen}");
    // The rows were drawn anew in their place, not once more below.
    assert_eq!(seen.matches("\u{1b}[J").count(), 1, "{seen:?}");
}

#[test]
fn an_empty_list_is_not_claimed_before_renkulab_has_answered() {
    let ground = Ground::new();
    let project = ground.bound();
    let there = ground.lab.session("user1", &ground.launcher);
    let run = both(&ground, &project, &["ls"]).on_a_terminal("").success();
    assert!(run.stdout.contains(&there), "{}", run.stdout);
    assert!(!run.stdout.contains("no sessions"), "{}", run.stdout);
}

#[test]
fn a_name_that_is_known_here_is_not_asked_for_there() {
    let ground = Ground::new();
    let project = ground.bound();
    let there = ground.lab.session("user1", &ground.launcher);
    let here = project.start(&["--image", &httpd_image(), "-p", "docker"]);
    let name = here["name"].as_str().unwrap();
    ground.lab.forget_requests();
    for arguments in [vec!["open", "--no-browser", name], vec!["logs", name], vec!["stop", name]] {
        let run = both(&ground, &project, &arguments).run().success();
        ground.keeps_secrets(&run);
        assert_eq!(ground.lab.lines(), Vec::<String>::new(), "{arguments:?}");
    }
    assert_eq!(project.containers(), Vec::<String>::new());
    // What is not known here is.
    let run = both(&ground, &project, &["open", "--no-browser", &there]).run().success();
    assert!(run.stdout.contains(&there), "{}", run.stdout);
    let _ = both(&ground, &project, &["stop", "--yes", &there]).run().success();
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
}
