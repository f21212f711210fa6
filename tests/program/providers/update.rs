//! Updates: what is asked again, and what never happens silently.

use support::{Context, Variant};

use super::{add, installed, provider};

#[test]
fn an_update_that_wants_no_more_asks_nothing() {
    let context = Context::new();
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

#[test]
fn an_update_that_wants_more_asks_and_says_what_is_new() {
    let context = Context::new();
    let project = context.project("analysis");
    let narrow = Variant::of("asking").version("1.0.0").write(context.folder(), "tool.wasm");
    let _ = provider(&project, &["add", &narrow, "--name", "tool", "--yes"]).success();
    let _ = Variant::of("hostile").version("1.1.0").write(context.folder(), "tool.wasm");
    let wider = provider(&project, &["update", "tool"]).exits(3);
    assert!(wider.stderr.contains("may start and stop containers"), "{}", wider.stderr);
    assert!(wider.stderr.contains("run `renku session provider grant tool`"), "{}", wider.stderr);
    let _ = project.session(&["ls", "-p", "tool"]).exits(3);
    // The version before still works, and so does the new one when it is allowed.
    let _ = project.session(&["ls", "-p", "tool@1.0.0"]).success();
    let _ = provider(&project, &["grant", "tool"]).success();
    let _ = project.session(&["ls", "-p", "tool"]).success();
}

#[test]
fn an_older_version_is_never_an_update() {
    let context = Context::new();
    let project = context.project("analysis");
    let file = Variant::of("recording").version("2.0.0").write(context.folder(), "tool.wasm");
    let _ = provider(&project, &["add", &file, "--name", "tool"]).success();
    let _ = Variant::of("recording").version("1.0.0").write(context.folder(), "tool.wasm");
    insta::assert_snapshot!(provider(&project, &["update", "tool"]).snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: `tool` 2.0.0 is installed, and its source has only 1.0.0 now
    hint: if you want to go back, run `renku session provider update tool --to 1.0.0`
    ");
    let _ = provider(&project, &["update", "tool", "--to", "1.5.0"]).exits(2);
    assert_eq!(installed(&project), ["tool 2.0.0"]);
    let _ = provider(&project, &["update", "tool", "--to", "1.0.0"]).success();
    assert_eq!(installed(&project), ["tool 2.0.0", "tool 1.0.0"]);
}

#[test]
fn a_source_that_changed_under_the_same_version_is_refused() {
    let context = Context::new();
    let project = context.project("analysis");
    let file = Variant::of("recording").version("1.0.0").write(context.folder(), "tool.wasm");
    let _ = add(&project, &file);
    let _ = Variant::of("recording")
        .version("1.0.0")
        .section("note", b"x")
        .write(context.folder(), "tool.wasm");
    let refused = provider(&project, &["update", "recording"]).exits(1);
    assert!(refused.stderr.contains("a version never changes"), "{}", refused.stderr);
}

#[test]
fn what_is_not_installed_cannot_be_updated() {
    let context = Context::new();
    let project = context.project("analysis");
    let _ = provider(&project, &["update", "nothing"]).exits(2);
    let _ = provider(&project, &["update", "docker"]).exits(2);
    let _ = provider(&project, &["remove", "nothing"]).exits(2);
    let _ = provider(&project, &["remove", "docker"]).exits(2);
}
