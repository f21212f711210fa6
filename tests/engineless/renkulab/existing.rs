//! There is one session for each user and launcher: a start finds the one that
//! is there, in whatever state it is.

use super::ground::Ground;
use support::renkulab::Pace;

const START: [&str; 3] = ["start", "-p", "renkulab"];

#[test]
fn a_session_that_runs_is_the_answer() {
    let ground = Ground::new();
    let project = ground.bound();
    let name = ground.lab.session("user1", &ground.launcher);
    insta::assert_snapshot!(ground.printed(&project, &START), @"
    exit status: 0
    --- stdout
    jane-doe-[ID]  http://127.0.0.1:[PORT]/sessions/jane-doe-[ID]/lab/
    --- stderr
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    renkulab: warning: The session `jane-doe-[ID]` of this launcher is running already
    Session `jane-doe-[ID]` runs; `renku session open jane-doe-[ID]` opens it, `renku session stop jane-doe-[ID]` stops it
    ");
    assert_eq!(ground.lab.sessions(), [name]);
}

#[test]
fn a_hibernated_session_is_taken_up_again_in_the_class_that_is_asked_for() {
    let ground = Ground::new();
    let project = ground.bound();
    let name = ground.lab.session("user1", &ground.launcher);
    ground.lab.hibernate(&name);
    let arguments = ["start", "-p", "renkulab", "--cpu", "1"];
    insta::assert_snapshot!(ground.printed(&project, &arguments), @"
    exit status: 0
    --- stdout
    jane-doe-[ID]  http://127.0.0.1:[PORT]/sessions/jane-doe-[ID]/lab/
    --- stderr
    Starting a session on http://127.0.0.1:[PORT] in the class `large` (1 CPUs, 2 GB of memory)
    renkulab: warning: Resuming the hibernated session `jane-doe-[ID]`
    Session `jane-doe-[ID]` runs; `renku session open jane-doe-[ID]` opens it, `renku session stop jane-doe-[ID]` stops it
    ");
    let patch = ground.lab.requests().into_iter().find(|seen| seen.method == "PATCH").unwrap();
    assert_eq!(patch.body, r#"{"state":"running","resource_class_id":3}"#);
}

/// Neither its disk nor its variables change, however it is found.
#[test]
fn what_a_session_keeps_is_told() {
    let ground = Ground::new();
    let project = ground.bound();
    let name = ground.lab.session("user1", &ground.launcher);
    let config = ground.context.config("environment:\n  FOO: 42\n");
    let arguments = ["start", "-p", "renkulab", "--disk", "10G", "-c", &config];
    let kept = format!(
        "renkulab: warning: It keeps its disk and environment variables; only a new session has others, and `renku session stop {name}` deletes the disk of this one"
    );
    for hibernate in [false, true] {
        if hibernate {
            ground.lab.hibernate(&name);
        }
        let run = ground.session(&project, &arguments).success();
        assert!(run.stderr.lines().any(|line| line == kept), "{}", run.stderr);
    }
    // What it has already is nothing to tell.
    let run = ground.session(&project, &["start", "-p", "renkulab", "--disk", "1G"]).success();
    assert!(!run.stderr.contains("It keeps"), "{}", run.stderr);
}

#[test]
fn a_session_that_is_stopping_is_waited_for_and_started_anew() {
    let ground = Ground::new();
    let project = ground.bound();
    let name = ground.lab.session("user1", &ground.launcher);
    ground.lab.pace(Pace { starting: 1, stopping: 3 });
    ground.lab.begin_stop(&name);
    insta::assert_snapshot!(ground.printed(&project, &START), @"
    exit status: 0
    --- stdout
    jane-doe-[ID]  http://127.0.0.1:[PORT]/sessions/jane-doe-[ID]/lab/
    --- stderr
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    Waiting until jane-doe-[ID] has stopped
    Session `jane-doe-[ID]` runs; `renku session open jane-doe-[ID]` opens it, `renku session stop jane-doe-[ID]` stops it
    ");
    let posts = ground.lab.requests().into_iter().filter(|seen| seen.method == "POST");
    assert_eq!(posts.map(|seen| seen.status).collect::<Vec<_>>(), [200, 201]);
}

#[test]
fn a_session_that_has_failed_is_left_to_the_user() {
    let ground = Ground::new();
    let project = ground.bound();
    let name = ground.lab.session("user1", &ground.launcher);
    ground.lab.fail(&name, "the container was OOM-killed");
    insta::assert_snapshot!(ground.printed(&project, &START), @"
    exit status: 1
    --- stdout
    --- stderr
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    error: the session `jane-doe-[ID]` has failed
      the container was OOM-killed
      jane-doe-[ID]-0 amalthea-session line 1
      jane-doe-[ID]-0 amalthea-session line 2
      jane-doe-[ID]-0 amalthea-session line 3
      jane-doe-[ID]-0 amalthea-session line 4
      jane-doe-[ID]-0 amalthea-session line 5
    hint: `renku session resume jane-doe-[ID]` tries it again, and its disk stays; to have more of a machine, start it with `--cpu`, `--memory`, `--gpu` or `--class`
    ");
    assert_eq!(ground.lab.sessions(), [name]);
}

#[test]
fn interrupting_the_wait_for_somebody_elses_start_keeps_the_session() {
    let ground = Ground::new();
    let project = ground.bound();
    let name = ground.lab.session("user1", &ground.launcher);
    ground.lab.hibernate(&name);
    ground.lab.pace(Pace { starting: u32::MAX, stopping: 1 });
    let arguments = ["start", "-p", "renkulab", "--wait-timeout", "1s"];
    let _ = ground.session(&project, &arguments).exits(1);
    assert_eq!(ground.lab.sessions(), [name]);
}
