//! `session doctor` finds what is wrong and says what to do.

use std::fs;

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
fn on_a_healthy_machine_there_is_no_problem() {
    let context = Context::docker();
    let run = doctor(&context, &["--format", "json"]).run().success();
    assert_eq!(run.stderr, "");
    let version = support::docker_ok(&["version", "--format", "{{.Server.Version}}"]);
    let (engine, _) = only(&run, "engine");
    assert!(engine.contains(&version), "{engine}");
    let api = support::docker_ok(&["version", "--format", "{{.Server.APIVersion}}"]);
    assert!(only(&run, "engine API").0.starts_with(&format!("ok: {api}, from ")));
    let driver = support::docker_ok(&["info", "--format", "{{.Driver}}"]);
    assert!(only(&run, "storage").0.contains(&driver));
    assert!(only(&run, "git").0.starts_with("ok: "));
    assert!(only(&run, "project").0.starts_with("ok: `"));
    assert!(about(&run, "provider").iter().any(|(it, _)| it.starts_with("ok: docker ")));
    assert!(!run.stdout.contains("\"problem\""), "{}", run.stdout);
    // It looked, and left nothing.
    assert!(!context.folder().join("cache").exists());
    assert!(!context.home().join(".config").exists());
}
