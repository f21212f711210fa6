//! Ctrl-C at any moment, and while the engine builds: nothing is left in it.

use std::time::{Duration, Instant};

use support::{Context, docker, httpd_image};

/// Waits until something is so.
#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(60), "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn ctrl_c_at_any_moment_of_a_start_leaves_nothing() {
    let context = Context::docker();
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
    let context = Context::docker();
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
