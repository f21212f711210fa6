//! Which engine a start takes that names none.

use support::{Context, Project, Renku};

use super::ground::{Ground, USER};

/// A command of the user on a machine without any engine.
fn without_any<'a>(project: &Project<'a>, arguments: &[&str]) -> Renku<'a> {
    let words: Vec<&str> = std::iter::once("session").chain(arguments.iter().copied()).collect();
    project.renku(&words).as_login_of(USER, USER).without_env("DOCKER_HOST").hiding_sockets()
}

#[test]
fn where_no_engine_is_set_up_a_session_starts_without_one_and_a_line_says_so() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let words = ground.words(&[]);
    let words: Vec<&str> = words.into_iter().filter(|it| !["-p", "local"].contains(it)).collect();
    let started = without_any(&ground.project, &words).run().success();
    let line =
        "This computer has no container engine, so the session runs with the provider `local`";
    assert_eq!(started.stderr.lines().next(), Some(line), "{}", started.stderr);
    let name = started.json()["session"]["name"].as_str().unwrap().to_owned();
    for command in [&["ls", "-q"][..], &["logs"], &["open", "--no-browser"], &["stop", "--yes"]] {
        let run = without_any(&ground.project, command).run().success();
        assert!(!run.stderr.contains("warning"), "{command:?}: {}", run.stderr);
        if command[0] == "ls" {
            assert_eq!(run.stdout.trim(), name);
        }
    }
    assert_eq!(ground.left(), Vec::<String>::new());
}

#[test]
fn on_a_machine_without_an_engine_a_list_is_one_quiet_line() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.owned_by(USER, USER);
    insta::assert_snapshot!(without_any(&project, &["ls"]).run().snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    This project has no sessions; `renku session start` starts one
    This computer has no container engine
    ");
}

#[test]
fn an_engine_that_is_configured_and_refuses_stays_the_answer() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let run = super::ground::renku(&ground.project, &["start"]).run();
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: no container engine can be reached
      `unix:///nowhere/engine.sock`: not there
    hint: start the engine at that address, or change `DOCKER_HOST`; without a container engine: `renku session start -p local`
    ");
}
