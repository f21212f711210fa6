//! What a provider's failure becomes: exit status, message, clean-up.

use support::{Context, fixture};

#[test]
fn the_kind_of_a_failure_decides_the_exit_status() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    for (kind, status) in [
        ("invalid-input", 2),
        ("not-found", 2),
        ("conflict", 1),
        ("unauthenticated", 3),
        ("denied", 3),
        ("unavailable", 1),
        ("timeout", 1),
        ("cancelled", 130),
        ("unsupported", 1),
        ("resource-exhausted", 1),
        ("other", 1),
    ] {
        let config = context.config(&format!("fail_in: session-list\nfail_with: {kind}\n"));
        let run = project
            .session(&["ls", "--format", "json", "-p", &fixture("recording"), "-c", &config])
            .exits(status);
        let mut document = run.json();
        let provider = document["error"]["provider"].take();
        assert!(provider.as_str().unwrap().starts_with("file:"), "{provider}");
        assert_eq!(
            document,
            serde_json::json!({
                "version": 1,
                "error": {
                    "kind": kind,
                    "message": "session-list failed",
                    "hint": "do not ask for it",
                    "causes": ["the configuration says so"],
                    "provider": null,
                },
            })
        );
    }
}

#[test]
fn a_failing_call_is_the_last_one() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let calls_until = |function: &str| {
        let config =
            context.config(&format!("fail_in: {function}\nsessions: []\nfind_image: absent\n"));
        let run = project
            .session(&["start", "--yes", "-p", &fixture("recording"), "-c", &config])
            .exits(1);
        let functions: Vec<_> = run.calls().into_iter().map(|call| call.function).collect();
        functions.join(" ")
    };
    assert_eq!(calls_until("session-list"), "session-list");
    assert_eq!(calls_until("pre-start-checks"), "session-list pre-start-checks");
    assert_eq!(calls_until("find-image"), "session-list pre-start-checks find-image");
    assert_eq!(calls_until("build-image"), "session-list pre-start-checks find-image build-image");
}

#[test]
fn a_session_that_was_announced_is_stopped_when_its_start_fails() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let config = context.config("fail_in: session-start\nsessions: []\n");
    let run = project.session(&["start", "-p", &fixture("recording"), "-c", &config]).exits(1);
    insta::assert_snapshot!(run.call_lines(), @r#"
    session-list {}
    pre-start-checks {"candidate_image":"analysis:[COMMIT7]"}
    find-image {"image":"analysis:[COMMIT7]"}
    session-start {"image":"analysis:[COMMIT7]"}
    session-stop {"name":"recorded-new","all":false}
    "#);
    insta::assert_snapshot!(run.snapshot_without_calls(), @r"
    exit status: 1
    --- stdout
    --- stderr
    Cleaning up
    error: [file:[DIGEST]] session-start failed
      [file:[DIGEST]] the configuration says so
    hint: [file:[DIGEST]] do not ask for it
    ");
}

#[test]
fn a_session_that_runs_already_is_named_and_another_is_started() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let run = project.session(&["start", "-p", &fixture("recording")]).success();
    let first = run.filtered(&run.snapshot_without_calls());
    assert!(
        first.contains(
            "Session `recorded-1` of this project is already running; \
             `renku session open -p [FIXTURES]/recording.wasm recorded-1` opens it. Starting another\n"
        ),
        "{first}"
    );
    assert_eq!(run.calls().last().unwrap().function, "session-start");
}
