//! A provider that is not bundled needs the user's permission.

use support::{Context, fixture, httpd_image};

#[test]
fn without_a_terminal_it_says_what_it_wants_and_does_nothing() {
    let context = Context::new();
    let project = context.project("analysis");
    let hostile = fixture("hostile");
    insta::assert_snapshot!(project.session(&["ls", "-p", &hostile]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/hostile.wasm` needs your permission
      may start and stop containers, which can read and change this project's files and use the network (it says: tests see what it must not do with them)
    hint: if you trust it with that, run `renku session provider grant [FIXTURES]/hostile.wasm`
    ");
    let image = httpd_image();
    let start = ["start", "--format", "json", "-p", &hostile, "--image", &image];
    let refused = project.session(&start).exits(3).json();
    assert_eq!(refused["error"]["kind"], "denied");
    assert_eq!(project.containers(), Vec::<String>::new());
}

#[test]
fn a_provider_that_imports_nothing_needs_none() {
    let context = Context::new();
    let project = context.project("analysis");
    let _ = project.session(&["ls", "-p", &fixture("recording")]).success();
}

#[test]
fn a_bundled_provider_has_its_permission() {
    let context = Context::new();
    let project = context.project("analysis");
    insta::assert_snapshot!(project.session(&["ls", "-p", "docker"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    This project has no sessions; `renku session start` starts one
    ");
}
