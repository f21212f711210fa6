//! The first signal ends every command at once while its request is under way, with the
//! exit status of the signal; a second one now.

use std::time::{Duration, Instant};

use support::{Context, EngineProxy, Fault, Project, Running, httpd_image};

/// How long "at once" may take on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(5);

/// Runs a command until the engine has heard a request that it never answers.
#[track_caller]
fn hanging(project: &Project<'_>, engine: &EngineProxy, request: &str, words: &[&str]) -> Running {
    engine.heal();
    engine.fault(request, Fault::Hang);
    let before = engine.count();
    let renku = project.renku(words).env("DOCKER_HOST", engine.address());
    let running = renku.interruptible().spawn();
    let begin = Instant::now();
    while !engine.was_asked_since(before, request) {
        assert!(begin.elapsed() < Duration::from_secs(60), "{words:?} did not ask {request}");
        std::thread::sleep(Duration::from_millis(20));
    }
    running
}

#[test]
fn the_first_signal_ends_every_command_at_once() {
    let context = Context::docker();
    let project = context.project("analysis");
    let image = httpd_image();
    let name = project.start(&["--image", &image, "--mount", "volume"]);
    let name = name["name"].as_str().unwrap();
    let list = "GET /containers/json";
    let look = "GET /containers/*/json";
    let archive = "GET /containers/*/archive";
    let cases: [(&str, &[&str]); 16] = [
        (list, &["ls"]),
        (list, &["ls", "--all-projects"]),
        (list, &["ls", "--watch"]),
        (list, &["doctor"]),
        (list, &["image", "prune", "--yes"]),
        ("GET /images/json", &["image", "--format", "json"]),
        (list, &["stop", "--all"]),
        (archive, &["stop", name]),
        (archive, &["pull", name]),
        ("POST /containers/*/stop", &["stop", "--yes", name]),
        ("POST /containers/*/pause", &["pause", name]),
        (look, &["open", "--no-browser", name]),
        ("GET /containers/*/logs", &["logs", name]),
        ("GET /images/**/json", &["start", "--image", &image]),
        ("GET /containers/json", &["start", "--image", &image]),
        ("POST /containers/create", &["start", "--image", &image, "--mount", "volume"]),
    ];
    let signals = [("INT", 130), ("TERM", 143), ("HUP", 129)];
    let engine = EngineProxy::watching();
    for (number, (request, words)) in cases.into_iter().enumerate() {
        let words = [&["session"], words].concat();
        let (signal, status) = signals[number % signals.len()];
        let running = hanging(&project, &engine, request, &words);
        let begin = Instant::now();
        running.signal(signal);
        let run = running.wait();
        let elapsed = begin.elapsed();
        let leaves_well = words.contains(&"--watch");
        let expected = if leaves_well { 0 } else { status };
        assert_eq!(run.status, expected, "{words:?} {signal}: {}", run.stderr);
        // A start that was about to create something has to look what became of it.
        let limit = if request.ends_with("/create") { AT_ONCE * 5 } else { AT_ONCE };
        assert!(elapsed < limit, "{words:?} {signal}: {elapsed:?}");
    }
    engine.heal();
    assert_eq!(project.containers(), [name]);
    assert_eq!(project.volumes(), [format!("renku-{name}")]);
}

#[test]
fn a_second_signal_ends_a_clean_up_now() {
    let context = Context::docker();
    let project = context.project("analysis");
    let engine = EngineProxy::watching();
    let start = ["session", "start", "--no-wait", "--image", &httpd_image()];
    let running = hanging(&project, &engine, "POST /containers/create", &start);
    engine.fault("* /**", Fault::Hang);
    running.signal("INT");
    std::thread::sleep(Duration::from_millis(300));
    let begin = Instant::now();
    running.signal("TERM");
    assert_eq!(running.wait().status, 143);
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
}

#[test]
fn a_clean_up_that_hangs_ends_by_itself() {
    let context = Context::docker();
    let project = context.project("analysis");
    let engine = EngineProxy::watching();
    let config = context.config("command: [/bin/sleep, \"1000\"]\n");
    let start = ["session", "start", "--image", &httpd_image(), "-c", &config];
    let running = hanging(&project, &engine, "POST /containers/*/wait", &start);
    engine.fault("* /**", Fault::Hang);
    let begin = Instant::now();
    running.signal("HUP");
    let run = running.wait();
    assert_eq!(run.status, 129, "{}", run.stderr);
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 129
    --- stdout
    --- stderr
    Waiting for the session
    Cleaning up
    `analysis-[ID]` may still be there; when the engine answers again, `renku session stop analysis-[ID]` removes it
    error: interrupted
    ");
    engine.heal();
    let _ = project.session(&["stop", "--yes"]).success();
    assert_eq!(project.containers(), Vec::<String>::new());
}
