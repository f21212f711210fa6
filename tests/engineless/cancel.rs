//! Ctrl-C and a polite kill, at every stage of a start: nothing is left.

use std::time::{Duration, Instant};

use support::{Context, Project, Running, httpd_image};

/// Waits until something is so.
#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(60), "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A start of a container that never answers, when the container runs.
fn waiting(context: &Context, project: &Project<'_>, more: &[&str]) -> Running {
    let config = context.config("command: [/bin/sleep, \"1000\"]\n");
    let image = httpd_image();
    let words = [&["session", "start", "--image", &image, "-c", &config], more].concat();
    let running = project.renku(&words).interruptible().spawn();
    until("a container that runs", || has_running(context, project));
    running
}

fn has_running(context: &Context, project: &Project<'_>) -> bool {
    let is_running = |name: &String| context.memory().container(name)["stage"] == "running";
    project.containers().iter().any(is_running)
}

#[test]
fn ctrl_c_while_it_waits_removes_the_container() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let running = waiting(&context, &project, &[]);
    std::thread::sleep(Duration::from_millis(300));
    let begin = Instant::now();
    running.signal("INT");
    let run = running.wait();
    let elapsed = begin.elapsed();
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 130
    --- stdout
    --- stderr
    Waiting for the session
    Cleaning up
    error: interrupted
    ");
    assert_eq!(project.containers(), Vec::<String>::new());
    assert!(elapsed < Duration::from_secs(15), "{elapsed:?}");
}

#[test]
fn a_polite_kill_does_the_same() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let running = waiting(&context, &project, &[]);
    std::thread::sleep(Duration::from_millis(300));
    running.signal("TERM");
    insta::assert_snapshot!(running.wait().snapshot(), @r"
    exit status: 143
    --- stdout
    --- stderr
    Waiting for the session
    Cleaning up
    error: interrupted
    ");
    assert_eq!(project.containers(), Vec::<String>::new());
}

#[test]
fn closing_the_terminal_does_the_same() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let running = waiting(&context, &project, &["--mount", "volume"]);
    std::thread::sleep(Duration::from_millis(300));
    // The shell says so, and then the terminal: that is not a second Ctrl-C.
    running.signal("HUP");
    std::thread::sleep(Duration::from_millis(30));
    running.signal("HUP");
    let run = running.wait();
    assert_eq!(run.status, 129, "{}", run.stderr);
    assert_eq!(project.containers(), Vec::<String>::new());
    assert_eq!(project.volumes(), Vec::<String>::new());
}

#[test]
fn a_start_under_nohup_outlives_the_terminal() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let config = context.config(
        "command: [/bin/sh, -c, \"until test -e go; do sleep 0.1; done; exec httpd -f -p 8080 -h /www\"]\n",
    );
    let line = format!("exec nohup renku session start --image {} -c {config}", httpd_image());
    let running = context.shell(project.root(), &line).spawn();
    until("a container that runs", || has_running(&context, &project));
    running.signal("HUP");
    std::thread::sleep(Duration::from_millis(500));
    project.write("go", "");
    let run = running.wait();
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(project.containers().len(), 1);
}

#[test]
fn ctrl_c_is_how_one_leaves_logs() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let config =
        context.config("command: [/bin/sh, -c, \"echo ready; exec httpd -f -p 8080 -h /www\"]\n");
    let _ = project.start(&["--image", &httpd_image(), "-c", &config]);
    let running = project.renku(&["session", "logs", "--follow"]).spawn();
    std::thread::sleep(Duration::from_secs(1));
    running.signal("INT");
    insta::assert_snapshot!(running.wait().snapshot(), @r"
    exit status: 0
    --- stdout
    ready
    --- stderr
    ");
    assert_eq!(project.containers().len(), 1);
}

#[test]
fn after_ctrl_c_the_prompt_has_a_line_of_its_own() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let config =
        context.config("command: [/bin/sh, -c, \"echo ready; exec httpd -f -p 8080 -h /www\"]\n");
    let _ = project.start(&["--image", &httpd_image(), "-c", &config]);
    for (words, shown) in [(["ls", "--watch"], "running"), (["logs", "--follow"], "ready")] {
        let mut shell = project.renku(&[&["session"][..], &words].concat()).in_a_shell();
        shell.until(shown, |_| ());
        shell.keys("\u{3}");
        shell.until("back 0", |_| ());
        assert!(shell.seen().contains("^C\r\nback 0"), "{words:?}: {:?}", shell.seen());
    }
}
