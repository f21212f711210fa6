//! Ctrl-C and a polite kill, at every stage of a start: nothing is left.

use std::time::{Duration, Instant};

use support::{Context, Project, Running, docker, docker_ok, httpd_image};

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
    until("a container that runs", || !running_containers(project).is_empty());
    running
}

fn running_containers(project: &Project<'_>) -> String {
    let filter = format!("label=io.renku.session.project={}", project.id());
    docker_ok(&["ps", "-q", "--filter", &filter])
}

#[test]
fn ctrl_c_while_it_waits_removes_the_container() {
    let context = Context::new();
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
    let context = Context::new();
    let project = context.project("analysis");
    let running = waiting(&context, &project, &[]);
    std::thread::sleep(Duration::from_millis(300));
    running.signal("TERM");
    insta::assert_snapshot!(running.wait().snapshot(), @r"
    exit status: 130
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
    let context = Context::new();
    let project = context.project("analysis");
    let running = waiting(&context, &project, &["--mount", "volume"]);
    std::thread::sleep(Duration::from_millis(300));
    // The shell says so, and then the terminal: that is not a second Ctrl-C.
    running.signal("HUP");
    std::thread::sleep(Duration::from_millis(30));
    running.signal("HUP");
    let run = running.wait();
    assert_eq!(run.status, 130, "{}", run.stderr);
    assert_eq!(project.containers(), Vec::<String>::new());
    assert_eq!(project.volumes(), Vec::<String>::new());
}

#[test]
fn a_start_under_nohup_outlives_the_terminal() {
    let context = Context::new();
    let project = context.project("analysis");
    let config = context.config(
        "command: [/bin/sh, -c, \"until test -e go; do sleep 0.1; done; exec httpd -f -p 8080 -h /www\"]\n",
    );
    let line = format!("exec nohup renku session start --image {} -c {config}", httpd_image());
    let running = context.shell(project.root(), &line).spawn();
    until("a container that runs", || !running_containers(&project).is_empty());
    running.signal("HUP");
    std::thread::sleep(Duration::from_millis(500));
    project.write("go", "");
    let run = running.wait();
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(project.containers().len(), 1);
}

#[test]
fn ctrl_c_at_any_moment_of_a_start_leaves_nothing() {
    let context = Context::new();
    let project = context.project("analysis");
    let config = context.config("command: [/bin/sleep, \"1000\"]\n");
    let image = httpd_image();
    // From before the first request until after the container was started.
    for milliseconds in [15, 40, 80, 160, 320, 640] {
        let start = ["session", "start", "--image", &image, "-c", &config, "--mount", "volume"];
        let running = project.renku(&start).interruptible().spawn();
        std::thread::sleep(Duration::from_millis(milliseconds));
        running.signal("INT");
        let run = running.wait();
        // Below 20 ms it may not have asked for the signal yet, which then ends it.
        assert!([130, -1].contains(&run.status), "{milliseconds} ms: {}", run.stderr);
        assert_eq!(project.containers(), Vec::<String>::new(), "{milliseconds} ms");
        assert_eq!(project.volumes(), Vec::<String>::new(), "{milliseconds} ms");
    }
}

#[test]
fn ctrl_c_during_a_build_ends_it_and_leaves_no_image() {
    let context = Context::new();
    let project = context.project("analysis");
    let id = project.id();
    // The id makes this build's program known; no engine lists it as a container.
    let dockerfile =
        format!("FROM {}\nRUN [\"/bin/sh\", \"-c\", \"sleep 100; echo {id}\"]\n", httpd_image());
    project.write("Dockerfile", &dockerfile).commit();
    let builds = || {
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        processes.map(|process| process.path().join("cmdline")).any(|file| {
            let line = std::fs::read(file).unwrap_or_default();
            String::from_utf8_lossy(&line).contains(&id)
        })
    };

    let running = project.renku(&["session", "start", "--yes"]).spawn();
    until("the build's program", builds);
    let begin = Instant::now();
    running.signal("INT");
    let run = running.wait();
    let elapsed = begin.elapsed();
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 130
    --- stdout
    --- stderr
    Building analysis:[COMMIT7]
    error: interrupted
    ");
    assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
    until("the end of the build's program", || !builds());
    assert_eq!(project.containers(), Vec::<String>::new());
    let tag = format!("analysis:{}", &project.git(&["rev-parse", "HEAD"])[..7]);
    assert!(!docker(&["image", "inspect", &tag]).success, "{tag} is left");
}

#[test]
fn ctrl_c_is_how_one_leaves_logs() {
    let context = Context::new();
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
    let context = Context::new();
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
