//! Commands in a session: `exec`, `shell` and `code`.

use std::path::Path;

use serde_json::json;
use support::{Context, Project, fixture, httpd_image};

/// A session; gives its name.
fn session(project: &Project<'_>) -> String {
    let session = project.start(&["--image", &httpd_image()]);
    session["name"].as_str().unwrap().to_owned()
}

#[test]
fn a_command_in_a_session_has_our_streams_and_we_its_exit_status() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let name = session(&project);
    let run = project.session(&["exec", "--", "sh", "-c", "echo out; echo err >&2; exit 37"]);
    let run = run.exits(37);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("out\n", "err\n"));

    let exec = ["session", "exec", &name, "--", "sh", "-c", "read line; echo \"got $line\"; cat"];
    let run = project.renku(&exec).input("one\ntwo\n").run().success();
    assert_eq!(run.stdout, "got one\ntwo\n");

    let variables = ["exec", "-e", "COLOUR=dark blue", "--env", "HOME", "--", "sh", "-c"];
    let run = project.session(&[&variables[..], &["echo \"$COLOUR, $HOME\""]].concat()).success();
    assert_eq!(run.stdout, format!("dark blue, {}\n", context.home().display()));

    let folder = context.folder().display().to_string();
    let run = project.session(&["exec", "--workdir", &folder, "--", "pwd"]).success();
    let there = Path::new(run.stdout.trim()).canonicalize().unwrap();
    assert_eq!(there, context.folder().canonicalize().unwrap());
    let run = project.session(&["exec", "--", "pwd"]).success();
    assert_eq!(run.stdout.trim(), project.root().display().to_string());
}

#[test]
fn what_fails_before_the_command_runs_is_exit_status_125() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(project.session(&["exec", "--", "true"]).snapshot(), @r"
    exit status: 125
    --- stdout
    --- stderr
    error: this project has no session
    hint: run `renku session start`
    ");
    let name = session(&project);
    insta::assert_snapshot!(project.session(&["exec", "--", "renku-test-no-such"]).snapshot(), @r"
    exit status: 125
    --- stdout
    --- stderr
    error: `renku-test-no-such` cannot be run in the session
      No such file or directory (os error 2)
    ");
    context.memory().pause(&name);
    insta::assert_snapshot!(project.session(&["exec", "--", "true"]).snapshot(), @r"
    exit status: 125
    --- stdout
    --- stderr
    error: `analysis-[ID]` cannot be entered
      it is paused
    ");
    context.memory().resume(&name);
    let _ = project.session(&["exec", "--env", "=x", "--", "true"]).exits(125);
    // Other projects' sessions are not found.
    let elsewhere = context.project("other");
    let _ = elsewhere.session(&["exec", &name, "--", "true"]).exits(125);
}

#[test]
fn where_nothing_may_be_changed_no_command_runs() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let _ = session(&project);
    let run = project.session(&["exec", "--read-only", "--", "touch", "made"]).exits(125);
    assert!(run.stderr.contains("this would run `touch` in"), "{}", run.stderr);
    assert!(!project.root().join("made").exists());
}

#[test]
fn ctrl_c_reaches_the_command() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let _ = session(&project);
    let line = "trap 'echo caught; exit 9' INT; echo ready >&2; while :; do sleep 0.05; done";
    let exec = ["session", "exec", "--", "sh", "-c", line];
    let mut running = project.renku(&exec).interruptible().spawn();
    let _ = running.stderr_until("ready");
    running.signal("INT");
    let run = running.wait().exits(9);
    assert_eq!(run.stdout, "caught\n");
}

#[test]
fn a_shell_reads_what_is_typed() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let name = session(&project);
    project.write("here.txt", "");
    let shell = project.renku(&["session", "shell", &name]).input("ls\nexit 5\n").run().exits(5);
    assert!(shell.stdout.contains("here.txt"), "{}", shell.stdout);
}

#[test]
fn sessions_that_are_no_containers_cannot_be_entered() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let recording = fixture("recording");
    let run = project.session(&["exec", "-p", &recording, "--", "true"]).exits(125);
    assert!(run.stderr.contains("cannot run commands in a session"), "{}", run.stderr);
    let run = project.session(&["code", "-p", &recording]).exits(1);
    assert!(run.stderr.contains("cannot attach an editor to a session"), "{}", run.stderr);
}

#[test]
fn an_editor_finds_the_container_and_the_folder_of_a_session() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let name = session(&project);
    let digits =
        |text: &str| -> String { text.bytes().map(|byte| format!("{byte:02x}")).collect() };
    let code = project.session(&["code", "--no-open", "--format", "json"]).success().json();
    let directory = context.memory().container(&name)["working_directory"].clone();
    let authority = format!(
        "attached-container+{}",
        digits(&json!({ "containerName": format!("/{name}") }).to_string())
    );
    let folder = directory.as_str().unwrap();
    assert_eq!(
        code["code"],
        json!({
            "name": name,
            "folder_uri": format!("vscode-remote://{authority}{folder}"),
            "url": format!("vscode://vscode-remote/{authority}{folder}"),
            "needs": ["the extension `ms-vscode-remote.remote-containers`"],
        })
    );
    // An engine that ssh reaches is named to the editor, too.
    context.memory().change(|state| {
        state["place"] = json!({ "tunnelled": "ann@cluster" });
    });
    let code = project.session(&["code", "--no-open", "--format", "json"]).success().json();
    let uri = code["code"]["folder_uri"].as_str().unwrap().to_owned();
    assert!(uri.contains(&digits("ssh://ann@cluster")), "{uri}");
}
