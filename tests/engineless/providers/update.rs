//! Updates: what is asked again, and what never happens silently.

use serde_json::json;
use support::{Context, Variant};

use super::{add, installed, provider};

#[test]
fn an_update_that_wants_no_more_asks_nothing() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let file = Variant::of("hostile").version("1.0.0").write(context.folder(), "tool.wasm");
    let _ = provider(&project, &["add", &file, "--name", "tool", "--yes"]).success();
    let same = provider(&project, &["update", "tool"]).success();
    assert!(same.stderr.contains("`tool` 1.0.0 is up to date"), "{}", same.stderr);
    let _ = Variant::of("hostile").version("1.1.0").write(context.folder(), "tool.wasm");
    let _ = provider(&project, &["update"]).success();
    assert_eq!(installed(&project), ["tool 1.1.0", "tool 1.0.0"]);
    let _ = project.session(&["ls", "-p", "tool@1.1.0"]).success();
}

/// `tool` 1.0.0, which only asks questions, and 1.1.0, which wants containers.
fn wider(context: &Context, project: &support::Project<'_>) {
    let narrow = Variant::of("asking").version("1.0.0").write(context.folder(), "tool.wasm");
    let _ = provider(project, &["add", &narrow, "--name", "tool", "--yes"]).success();
    let _ = provider(project, &["grant", "tool"]).success();
    let _ = Variant::of("hostile").version("1.1.0").write(context.folder(), "tool.wasm");
}

#[test]
fn an_update_that_wants_more_asks_and_says_what_is_new() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    wider(&context, &project);
    insta::assert_snapshot!(provider(&project, &["update", "tool"]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    Installed `tool` 1.1.0 from [TEST]/tool.wasm; nobody signed it
    error: provider `tool` (from [TEST]/tool.wasm; nobody signed it) requests more permissions than 1.0.0, which you allowed
      new: may start and stop containers, which can read and change this project's files and use the network
      new: may pause and resume the containers it started
      new: may build images from this project
      its reason for containers: “tests see what it must not do with them”
    hint: if you trust it with that, run `renku session provider grant tool`
    ");
    let _ = project.session(&["ls", "-p", "tool"]).exits(3);
    // The version before still works, and so does the new one when it is allowed.
    let _ = project.session(&["ls", "-p", "tool@1.0.0"]).success();
    let _ = provider(&project, &["grant", "tool"]).success();
    let _ = project.session(&["ls", "-p", "tool"]).success();
}

#[test]
fn a_person_is_asked_about_what_is_new_alone() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    wider(&context, &project);
    let update = ["session", "provider", "update", "tool"];
    let no = project.renku(&update).on_a_terminal("n\n").exits(3);
    insta::assert_snapshot!(no.question("Provider"), @r"
    Provider `tool` 1.1.0 (from [TEST]/tool.wasm; nobody signed it)
        requests more permissions than 1.0.0, which you allowed:
      new: may start and stop containers, which can read and change this project's
          files and use the network
      new: may pause and resume the containers it started
      new: may build images from this project
      its reason for containers: “tests see what it must not do with them”
    Allow it?
    ");
    let _ = project.session(&["ls", "-p", "tool"]).exits(3);
    let yes = project.renku(&["session", "ls", "-p", "tool"]).on_a_terminal("y\n").success();
    assert!(yes.stdout.contains("new: may start and stop containers"), "{}", yes.stdout);
    let _ = project.session(&["ls", "-p", "tool"]).success();
}

/// A version of `tool` that wants to start these images.
fn starting(version: &str, images: &[&str]) -> Variant {
    Variant::of("hostile").version(version).manifest(&json!({
        "manifest": 1, "api": "^0.1", "config": { "type": "object" },
        "wants": [{ "capability": "containers", "reason": version, "images": images }],
    }))
}

#[test]
fn wider_limits_are_new_and_what_the_user_bounded_goes_on() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let file = starting("1.0.0", &["a/*"]).write(context.folder(), "tool.wasm");
    let _ = provider(&project, &["add", &file, "--name", "tool", "--yes"]).success();
    let _ = provider(&project, &["grant", "tool", "--max-cpu", "1"]).success();
    let grant = |of: &str| {
        let info = provider(&project, &["info", of, "--format", "json"]).success().json();
        let grant = &info["provider"]["grant"];
        (grant["images"].clone(), grant["max_cpu"].clone())
    };
    // Another reason, and no more than before.
    let _ = starting("1.1.0", &["a/*"]).write(context.folder(), "tool.wasm");
    let _ = provider(&project, &["update", "tool"]).success();
    assert_eq!(grant("tool@1.1.0"), (json!(["a/*"]), json!(1.0)));
    let _ = starting("1.2.0", &["a/*", "b/*"]).write(context.folder(), "tool.wasm");
    insta::assert_snapshot!(provider(&project, &["update", "tool"]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    Installed `tool` 1.2.0 from [TEST]/tool.wasm; nobody signed it
    error: provider `tool` (from [TEST]/tool.wasm; nobody signed it) requests more permissions than 1.1.0, which you allowed
      new: may start images like `b/*`
    hint: if you trust it with that, run `renku session provider grant tool`
    ");
    let _ = project.session(&["ls", "-p", "tool", "--yes"]).success();
    assert_eq!(grant("tool"), (json!(["a/*", "b/*"]), json!(1.0)));
}

#[test]
fn what_was_refused_of_a_version_is_not_asked_about_again() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let file = Variant::of("requesting").version("1.0.0").write(context.folder(), "tool.wasm");
    let _ = provider(&project, &["add", &file, "--name", "tool", "--yes"]).success();
    let _ = provider(&project, &["grant", "tool", "--only", "http"]).success();
    let _ = Variant::of("requesting").version("1.1.0").write(context.folder(), "tool.wasm");
    let _ = provider(&project, &["update", "tool"]).success();
    let info = provider(&project, &["info", "tool", "--format", "json"]).success().json();
    assert_eq!(info["provider"]["allowed"], json!(["http"]));
}

#[test]
fn the_command_that_allows_names_the_version_that_was_meant() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    for version in ["1.0.0", "2.0.0"] {
        let file = Variant::of("hostile").version(version).write(context.folder(), "tool.wasm");
        let _ = provider(&project, &["add", &file, "--name", "tool"]).success();
    }
    let hint = |wanted: &str| {
        let run = project.session(&["ls", "-p", wanted, "--format", "json"]).exits(3);
        run.json()["error"]["hint"].as_str().unwrap().to_owned()
    };
    assert!(hint("tool").ends_with("run `renku session provider grant tool`"));
    assert!(hint("tool@1").ends_with("run `renku session provider grant tool@1.0.0`"));
    let _ = provider(&project, &["grant", "tool@1.0.0"]).success();
    let _ = project.session(&["ls", "-p", "tool@1"]).success();
}

#[test]
fn an_older_version_is_never_an_update() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let file = Variant::of("recording").version("2.0.0").write(context.folder(), "tool.wasm");
    let _ = provider(&project, &["add", &file, "--name", "tool"]).success();
    let _ = Variant::of("recording").version("1.0.0").write(context.folder(), "tool.wasm");
    insta::assert_snapshot!(provider(&project, &["update", "tool"]).snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: `tool` 2.0.0 is installed, but its source now has only 1.0.0
    hint: if you want to go back, run `renku session provider update tool --to 1.0.0`
    ");
    let _ = provider(&project, &["update", "tool", "--to", "1.5.0"]).exits(2);
    assert_eq!(installed(&project), ["tool 2.0.0"]);
    let _ = provider(&project, &["update", "tool", "--to", "1.0.0"]).success();
    assert_eq!(installed(&project), ["tool 2.0.0", "tool 1.0.0"]);
}

#[test]
fn a_source_that_changed_under_the_same_version_is_refused() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let file = Variant::of("recording").version("1.0.0").write(context.folder(), "tool.wasm");
    let _ = add(&project, &file);
    let _ = Variant::of("recording")
        .version("1.0.0")
        .section("note", b"x")
        .write(context.folder(), "tool.wasm");
    let refused = provider(&project, &["update", "recording"]).exits(1);
    assert!(refused.stderr.contains("a published version must not change"), "{}", refused.stderr);
}

#[test]
fn what_is_not_installed_cannot_be_updated() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let _ = provider(&project, &["update", "nothing"]).exits(2);
    let _ = provider(&project, &["update", "docker"]).exits(2);
    let _ = provider(&project, &["remove", "nothing"]).exits(2);
    let _ = provider(&project, &["remove", "docker"]).exits(2);
}
