//! Advice that keeps work: a session is paused and resumed rather than stopped, and stopping
//! says what it deletes.

use super::ground::Ground;

const STOP: [&str; 3] = ["stop", "-p", "renkulab"];

#[test]
fn a_running_session_is_paused_for_other_resources() {
    let ground = Ground::new();
    let project = ground.bound();
    let name = ground.lab.session("user1", &ground.launcher);
    let start = ["start", "-p", "renkulab", "--cpu", "1"];
    insta::assert_snapshot!(ground.printed(&project, &start), @"
    exit status: 0
    --- stdout
    jane-doe-[ID]  http://127.0.0.1:[PORT]/sessions/jane-doe-[ID]/lab/
    --- stderr
    Starting a session on http://127.0.0.1:[PORT] in the class `large` (1 CPUs, 2 GB of memory)
    renkulab: warning: The session `jane-doe-[ID]` of this launcher is running already
    renkulab: warning: It keeps its resources; to change them, run `renku session pause jane-doe-[ID]` and start again: its disk stays
    Session `jane-doe-[ID]` runs; `renku session open jane-doe-[ID]` opens it, `renku session stop jane-doe-[ID]` stops it
    ");
    // The advice works as it is printed.
    let _ = ground.session(&project, &["pause", &name]).success();
    let _ = ground.session(&project, &start).success();
    let run = ground.session(&project, &["ls", "-p", "renkulab", "--format", "json"]).success();
    assert_eq!(run.json()["sessions"][0]["reason"], "launcher Python, class large");
    assert_eq!(ground.lab.sessions(), [name]);
}

#[test]
fn a_failed_session_is_resumed_with_other_resources() {
    let ground = Ground::new();
    let project = ground.bound();
    let name = ground.lab.session("user1", &ground.launcher);
    ground.lab.fail(&name, "the container was OOM-killed");
    let start = ["start", "-p", "renkulab", "--cpu", "1"];
    insta::assert_snapshot!(ground.printed(&project, &start), @"
    exit status: 0
    --- stdout
    jane-doe-[ID]  http://127.0.0.1:[PORT]/sessions/jane-doe-[ID]/lab/
    --- stderr
    Starting a session on http://127.0.0.1:[PORT] in the class `large` (1 CPUs, 2 GB of memory)
    renkulab: warning: The session `jane-doe-[ID]` has failed; resuming it with other resources
    Session `jane-doe-[ID]` runs; `renku session open jane-doe-[ID]` opens it, `renku session stop jane-doe-[ID]` stops it
    ");
    assert_eq!(ground.lab.sessions(), [name]);
}

#[test]
fn a_failed_session_is_tried_again() {
    let ground = Ground::new();
    let project = ground.bound();
    let name = ground.lab.session("user1", &ground.launcher);
    ground.lab.fail(&name, "the container was OOM-killed");
    let _ = ground.session(&project, &["resume", &name]).success();
    let run = ground.session(&project, &["ls", "-p", "renkulab", "--format", "json"]).success();
    assert_eq!(run.json()["sessions"][0]["status"], "running");
}

#[test]
fn stopping_says_that_the_disk_is_deleted_and_asks() {
    let ground = Ground::new();
    let project = ground.bound();
    let name = ground.lab.session("user1", &ground.launcher);
    insta::assert_snapshot!(ground.printed(&project, &STOP), @"
    exit status: 2
    --- stdout
    --- stderr
    Stopping jane-doe-[ID]
    RenkuLab deletes `jane-doe-[ID]` with its disk
    error: stopping deletes `jane-doe-[ID]` with its disk, and nobody is there to ask
    hint: add `--yes`, or keep the disk with `renku session pause`
    ");
    assert_eq!(ground.lab.sessions(), [name.clone()]);
    let question = format!(
        "[renkulab] RenkuLab deletes `{name}` with its disk: work that was not pushed or saved elsewhere is lost. Go on? [y/N]"
    );
    for (typed, left) in [("n\n", 1), ("\n", 1), ("y\n", 0)] {
        let mut terminal = ground.command(&project, &STOP).interactive();
        terminal.until(&question, |_| ());
        terminal.keys(typed);
        let (_, seen) = terminal.end();
        assert_eq!(ground.lab.sessions().len(), left, "{seen}");
    }
}

#[test]
fn with_all_every_session_is_named_in_one_question() {
    let ground = Ground::new();
    let project = ground.bound();
    let second = ground.lab.launcher(&ground.project_id, "R", "rocker/rstudio:4");
    let one = ground.lab.session("user1", &ground.launcher);
    let two = ground.lab.session("user1", &second);
    let run = ground.session(&project, &["stop", "--all", "-p", "renkulab"]).exits(2);
    assert!(run.stderr.contains(&one) && run.stderr.contains(&two), "{}", run.stderr);
    assert_eq!(ground.lab.sessions().len(), 2);
    let _ = ground.session(&project, &["stop", "--all", "--yes", "-p", "renkulab"]).success();
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
}
