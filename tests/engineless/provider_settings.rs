//! What a provider is configured with in every command: `[provider NAME]` in settings.

use serde_json::json;
use support::{Context, Project, Variant};

/// Adds the provider `recording` as `tool`; a project may set its `replace_image`.
fn tool(context: &Context, project: &Project<'_>) {
    let file = Variant::of("recording").version("1.0.0").manifest(&json!({
        "manifest": 1, "api": "^0.1.1", "wants": [],
        "project_keys": ["replace_image"],
        "config": { "type": "object", "additionalProperties": false, "properties": {
            "sessions": { "type": "array", "items": { "type": "string" } },
            "stops": { "type": "boolean" },
            "replace_image": { "type": "string" },
        } },
    }));
    let file = file.write(context.folder(), "tool.wasm");
    let _ = project.session(&["provider", "add", &file, "--name", "tool"]).success();
}

fn set(project: &Project<'_>, arguments: &[&str]) -> support::Run {
    project.renku(&[&["config", "set", "--provider", "tool"], arguments].concat()).run()
}

/// What the provider was given in the last call.
fn given(project: &Project<'_>, more: &[&str]) -> serde_json::Value {
    let run = project.session(&[&["ls", "-p", "tool"], more].concat()).success();
    run.calls().pop().unwrap().request["config"].clone()
}

#[test]
fn settings_of_a_provider_count_in_every_command_below_the_file() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    tool(&context, &project);
    assert_eq!(given(&project, &[]), json!({}));
    let _ = set(&project, &["--global", "sessions", "[one, two]"]).success();
    let _ = set(&project, &["--global", "stops", "true"]).success();
    let _ = set(&project, &["replace_image", "theirs:1"]).success();
    let all = json!({ "sessions": ["one", "two"], "stops": true, "replace_image": "theirs:1" });
    assert_eq!(given(&project, &[]), all);
    let file = context.config("sessions: [three]\n");
    let mut over = all.clone();
    over["sessions"] = json!(["three"]);
    assert_eq!(given(&project, &["-c", &file]), over);
    let open = project.session(&["open", "two", "--no-browser", "-p", "tool"]).success();
    assert_eq!(open.stdout, "http://127.0.0.1:8888/two\n");
    let start = project.session(&["start", "-p", "tool"]).success();
    assert!(start.call_lines().contains("{\"image\":\"theirs:1\"}"), "{}", start.call_lines());

    let shown = project.renku(&["config", "list"]).run().success().stdout;
    assert!(shown.contains("tool: sessions"), "{shown}");
    let get = ["config", "get", "--provider", "tool", "stops"];
    assert_eq!(project.renku(&get).run().success().stdout, "true\n");
    let unset = ["config", "unset", "--global", "--provider", "tool", "stops"];
    let _ = project.renku(&unset).run().success();
    let _ = project.renku(&get).run().exits(2);
    assert_eq!(given(&project, &[])["stops"], json!(null));
}

#[test]
fn a_project_sets_only_what_the_provider_lets_it() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    tool(&context, &project);
    insta::assert_snapshot!(set(&project, &["sessions", "[theirs]"]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: a project cannot set `sessions` of the provider `tool`
    hint: to set it for yourself, run `renku config set --global --provider tool sessions VALUE`
    ");
    // A file that somebody else committed is no more than that.
    project.write(".renku/renku.ini", "[provider tool]\nsessions = [theirs]\n");
    let run = project.session(&["ls", "-p", "tool"]).success();
    assert!(run.stderr.contains("which only you may: it is left out"), "{}", run.stderr);
    assert_eq!(run.calls().pop().unwrap().request["config"], json!({}));
}

#[test]
fn what_the_provider_does_not_take_is_refused_when_it_is_set_and_when_it_is_read() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    tool(&context, &project);
    for (key, value) in [("stops", "perhaps"), ("colour", "red"), ("sessions", "one")] {
        let _ = set(&project, &["--global", key, value]).exits(2);
    }
    let own = context.home().join(".config/renku");
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join("renku.ini"), "[provider tool]\nstops = perhaps\n").unwrap();
    let run = project.session(&["ls", "-p", "tool"]).exits(2);
    assert!(run.stderr.contains("renku.ini"), "{}", run.stderr);
}

#[test]
fn the_administrator_of_a_computer_sets_defaults_for_everybody() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    tool(&context, &project);
    let system = context.folder().join("xdg");
    std::fs::create_dir_all(system.join("renku")).unwrap();
    let text = "[interactive]\ncpu_request = 2\n[provider tool]\nstops = true\n";
    std::fs::write(system.join("renku/renku.ini"), text).unwrap();
    let with_system = |arguments: &[&str]| {
        project.renku(arguments).env("XDG_CONFIG_DIRS", &system).run().success()
    };
    let listed = with_system(&["config", "list", "--format", "json"]).json();
    let rows = listed["settings"].as_array().unwrap().clone();
    let row = |key: &str| rows.iter().find(|row| row["key"] == key).unwrap().clone();
    assert_eq!(row("cpu_request")["level"], json!("system"));
    assert_eq!(row("tool: stops")["level"], json!("system"));
    let run = with_system(&["session", "ls", "-p", "tool"]);
    assert_eq!(run.calls().pop().unwrap().request["config"], json!({ "stops": true }));
    // The user's own come before.
    let _ = set(&project, &["--global", "stops", "false"]).success();
    let run = with_system(&["session", "ls", "-p", "tool"]);
    assert_eq!(run.calls().pop().unwrap().request["config"], json!({ "stops": false }));
}
