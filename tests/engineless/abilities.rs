//! Pause, resume and logs: what not every provider can do.

use support::{Context, Project, fixture};

fn printed(project: &Project<'_>, arguments: &[&str], provider: &str) -> String {
    project.session(&[arguments, &["-p", &fixture(provider)]].concat()).snapshot_without_calls()
}

#[test]
fn a_provider_without_abilities_says_so() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(printed(&project, &["pause"], "recording"), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/recording.wasm` cannot pause sessions
    ");
    insta::assert_snapshot!(printed(&project, &["resume", "recorded-1"], "recording"), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/recording.wasm` cannot resume sessions
    ");
    insta::assert_snapshot!(printed(&project, &["logs"], "recording"), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/recording.wasm` cannot show logs
    ");
}

#[test]
fn a_provider_that_can_only_pause() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(printed(&project, &["pause"], "hibernating"), @r"
    exit status: 0
    --- stdout
    --- stderr
    [file:[DIGEST]] warning: paused
    Paused `hibernating-1`; `renku session resume hibernating-1` resumes it
    ");
    insta::assert_snapshot!(printed(&project, &["resume", "hibernating-1"], "hibernating"), @r"
    exit status: 0
    --- stdout
    --- stderr
    [file:[DIGEST]] warning: resumed
    Resumed `hibernating-1`; `renku session open hibernating-1` opens it
    ");
    insta::assert_snapshot!(printed(&project, &["logs"], "hibernating"), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/hibernating.wasm` cannot show logs
    ");
    insta::assert_snapshot!(printed(&project, &["pause", "another"], "hibernating"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: this project has no session `another`
    hint: name one of `hibernating-1`
    ");
}

#[test]
fn a_provider_that_only_has_logs() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(printed(&project, &["logs"], "logging"), @r"
    exit status: 0
    --- stdout
    tail None follow false
    --- stderr
    ");
    let all = ["logs", "logging-1", "--tail", "5", "--follow"];
    insta::assert_snapshot!(printed(&project, &all, "logging"), @r"
    exit status: 0
    --- stdout
    tail Some(5) follow true
    --- stderr
    ");
    insta::assert_snapshot!(printed(&project, &["pause"], "logging"), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/logging.wasm` cannot pause sessions
    ");
}
