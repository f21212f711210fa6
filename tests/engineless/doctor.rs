//! `session doctor` finds what is wrong and says what to do.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::time::{Duration, Instant};

use support::{Context, Renku, Run};

fn doctor<'a>(context: &'a Context, arguments: &[&str]) -> Renku<'a> {
    let mut all = vec!["session", "doctor"];
    all.extend(arguments);
    let project = context.folder().join("project");
    if !project.exists() {
        fs::create_dir(&project).unwrap();
        let git = std::process::Command::new("git").arg("init").arg("-q").arg(&project).status();
        assert!(git.unwrap().success());
    }
    context.renku(&project, &all).env("RENKU_CACHE_DIR", context.folder().join("cache"))
}

/// What was found about a topic, as `health: message` and the hint.
#[track_caller]
fn about(run: &Run, topic: &str) -> Vec<(String, Option<String>)> {
    let json = run.json();
    assert_eq!(json["version"], 1);
    let findings = json["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["topic"] == topic)
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().map(str::to_owned);
            (format!("{}: {}", text("health").unwrap(), text("message").unwrap()), text("hint"))
        })
        .collect()
}

#[track_caller]
fn only(run: &Run, topic: &str) -> (String, String) {
    let mut found = about(run, topic);
    assert_eq!(found.len(), 1, "{found:?}");
    let (message, hint) = found.remove(0);
    (run.filtered(&message), run.filtered(&hint.unwrap_or_default()))
}

#[test]
fn people_get_a_line_for_each_finding() {
    let context = Context::in_memory();
    let run = doctor(&context, &[]).run().success();
    let words = ["ok", "warning", "problem", "hint:"];
    for line in run.stdout.lines() {
        assert!(words.contains(&line.split_whitespace().next().unwrap()), "{line}");
    }
    let tsv = doctor(&context, &["--format", "tsv"]).run().success();
    assert!(tsv.stdout.lines().all(|line| line.split('\t').count() == 4), "{}", tsv.stdout);
}

#[test]
fn without_an_engine_it_says_where_it_looked() {
    let context = Context::without_engine();
    let run = doctor(&context, &["--format", "json"])
        .env("DOCKER_HOST", format!("unix://{}/no.sock", context.folder().display()))
        .run()
        .exits(1);
    assert_eq!(run.stderr, "");
    let (message, hint) = only(&run, "engine");
    assert!(message.starts_with("problem: no container engine can be reached; "), "{message}");
    assert!(message.contains("/no.sock`: not there"), "{message}");
    assert_ne!(hint, "");
    // The rest was looked at all the same.
    assert!(only(&run, "git").0.starts_with("ok: "));
}

#[test]
fn a_socket_that_its_user_may_not_open_is_told() {
    let context = Context::without_engine();
    let socket = context.folder().join("engine.sock");
    let _listener = UnixListener::bind(&socket).unwrap();
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(context.home(), fs::Permissions::from_mode(0o777)).unwrap();
    let run = doctor(&context, &["--format", "json"])
        .env("DOCKER_HOST", format!("unix://{}", socket.display()))
        .as_user(1234)
        .run()
        .exits(1);
    let (message, hint) = only(&run, "engine");
    assert!(message.starts_with("problem: you may not use the container engine at "), "{message}");
    assert!(hint.contains("docker"), "{hint}");
}

#[test]
fn a_key_that_others_can_read_is_a_problem() {
    let context = Context::in_memory();
    let folder = context.home().join(".config/renku");
    fs::create_dir_all(&folder).unwrap();
    let key = folder.join("session.key");
    fs::write(&key, "00".repeat(32)).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let run = doctor(&context, &["--format", "json"]).run().exits(1);
    let (message, hint) = only(&run, "session key");
    assert!(
        message.ends_with("/session.key` holds secrets and can be read by others"),
        "{message}"
    );
    assert!(hint.starts_with("run `chmod 600 "), "{hint}");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let run = doctor(&context, &["--format", "json"]).run().success();
    assert!(only(&run, "session key").0.starts_with("ok: "));
    fs::write(&key, "no key").unwrap();
    let run = doctor(&context, &["--format", "json"]).run().exits(1);
    assert!(only(&run, "session key").1.starts_with("run `rm "));
}

#[test]
fn a_cache_that_others_can_write_to_is_a_warning() {
    let context = Context::in_memory();
    let compiled = context.folder().join("cache/compiled");
    fs::create_dir_all(&compiled).unwrap();
    fs::set_permissions(&compiled, fs::Permissions::from_mode(0o777)).unwrap();
    let run = doctor(&context, &["--format", "json"]).run().success();
    let (message, hint) = only(&run, "cache");
    assert!(message.starts_with("warning: compiled providers are not cached: others"), "{message}");
    assert!(hint.contains("`chmod 700 "), "{hint}");
}

#[test]
fn without_git_it_says_how_to_get_it() {
    let context = Context::in_memory();
    let run = doctor(&context, &["--format", "json"]).env("PATH", "/nonexistent").run().exits(1);
    let (message, hint) = only(&run, "git");
    assert!(message.starts_with("problem: `git` cannot be started"), "{message}");
    assert!(hint.contains("apt-get install git"), "{hint}");
}

#[test]
fn an_engine_that_never_answers_keeps_nobody_for_long() {
    let context = Context::without_engine();
    let socket = context.folder().join("hanging.sock");
    let _listener = UnixListener::bind(&socket).unwrap();
    let address = format!("unix://{}", socket.display());
    let begin = Instant::now();
    let run = doctor(&context, &["--format", "json"]).env("DOCKER_HOST", &address).run().exits(1);
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    let (message, hint) = only(&run, "engine");
    assert_eq!(message, "problem: the container engine did not answer within 5 s");
    assert_eq!(hint, "restart the engine, or name another one with `DOCKER_HOST`");
    // The rest was looked at all the same.
    assert!(only(&run, "git").0.starts_with("ok: "));
    let project = context.project("analysis");
    let begin = Instant::now();
    let prune = project.renku(&["session", "image", "prune"]).env("DOCKER_HOST", &address).run();
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    insta::assert_snapshot!(prune.snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: the container engine did not answer within 5 s
    hint: restart the engine, or name another one with `DOCKER_HOST`
    ");
}
