//! Which command makes which calls of a provider, and with which arguments.
//!
//! The provider `recording` logs every call it gets and needs no permission.

use serde_json::json;
use support::{Context, fixture};

#[test]
fn start_hands_over_everything_that_was_asked_for() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    project.git(&["config", "user.name", "Jane Doe"]);
    project.git(&["config", "user.email", "jane@example.org"]);
    let config = context.config("sessions: []\n");
    let run = project
        .session(&[
            "start",
            "-p",
            &fixture("recording"),
            "-c",
            &config,
            "--image",
            "other:1",
            "--cpu",
            "1.5",
            "--memory",
            "2Gi",
            "--disk",
            "10Gi",
            "--gpu",
            "2",
            "--wait-timeout",
            "90s",
            "--colour",
            "red",
        ])
        .success();

    insta::assert_snapshot!(run.call_lines(), @r#"
    session-list {}
    pre-start-checks {"candidate_image":"other:1"}
    find-image {"image":"other:1"}
    session-start {"image":"other:1"}
    "#);
    let commit = project.git(&["rev-parse", "HEAD"]);
    for call in run.calls() {
        assert_eq!(
            call.request,
            json!({
                "project": {
                    "name": "analysis",
                    "slug": "analysis",
                    "branch": "main",
                    "commit": commit,
                    "dirty": false,
                    "candidate_image": format!("analysis:{}", &commit[..7]),
                    "remote_project": null,
                    "author_name": "Jane Doe",
                    "author_email": "jane@example.org",
                },
                "config": { "sessions": [] },
                "options": { "colour": "red" },
                "resources": { "cpu": 1.5, "memory": 2_u64 << 30, "disk": 10_u64 << 30, "gpu": 2 },
                "wait_timeout": 90,
                "image_is_users": true,
            }),
            "{call}"
        );
    }
}

#[test]
fn start_asks_for_nothing_that_was_not_typed() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let run = project.session(&["start", "-p", &fixture("recording"), "--no-wait"]).success();
    for call in run.calls() {
        let request = &call.request;
        assert_eq!(request["config"], json!({}));
        assert_eq!(request["options"], json!({}));
        let nothing = json!({ "cpu": null, "memory": null, "disk": null, "gpu": null });
        assert_eq!(request["resources"], nothing);
        assert_eq!(request["wait_timeout"], json!(null));
        assert_eq!(request["image_is_users"], json!(false));
    }
}

#[test]
fn an_absent_image_of_the_project_is_built_from_the_named_file() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    project.write("docker/Containerfile", "FROM scratch\n").commit();
    let config = context.config("find_image: absent\nsessions: []\n");
    let recording = fixture("recording");
    let start = ["start", "-p", &recording, "-c", &config, "--file", "docker/Containerfile"];

    let run = project.session(&[&start[..], &["--yes"]].concat()).success();
    insta::assert_snapshot!(run.call_lines(), @r#"
    session-list {}
    pre-start-checks {"candidate_image":"analysis:[COMMIT7]"}
    find-image {"image":"analysis:[COMMIT7]"}
    build-image {"descriptor":"docker/Containerfile","image":"analysis:[COMMIT7]"}
    session-start {"image":"analysis:[COMMIT7]"}
    "#);

    // The question comes first, and nothing is built without an answer.
    let run = project.session(&start).exits(2);
    insta::assert_snapshot!(run.snapshot_without_calls(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no terminal to ask: The image `analysis:[COMMIT7]` does not exist yet. Build it from `docker/Containerfile`?
    hint: answer it with `--yes`
    ");
    assert!(run.calls().iter().all(|call| call.function != "build-image"));
}

#[test]
fn an_absent_image_that_the_user_named_is_never_built() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let config = context.config("find_image: absent\nsessions: []\n");
    let run = project
        .session(&[
            "start",
            "-p",
            &fixture("recording"),
            "-c",
            &config,
            "--yes",
            "--image",
            "other:1",
        ])
        .exits(2);
    insta::assert_snapshot!(run.call_lines(), @r#"
    session-list {}
    pre-start-checks {"candidate_image":"other:1"}
    find-image {"image":"other:1"}
    "#);
    insta::assert_snapshot!(run.snapshot_without_calls(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the image `other:1` does not exist
    hint: check the spelling of `other:1`; an image given by name is never built
    ");
}

#[test]
fn a_remote_image_is_left_to_a_provider_that_has_no_engine_here() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let config = context.config("find_image: remote\nsessions: []\n");
    let run = project.session(&["start", "-p", &fixture("recording"), "-c", &config]).success();
    insta::assert_snapshot!(run.call_lines(), @r#"
    session-list {}
    pre-start-checks {"candidate_image":"analysis:[COMMIT7]"}
    find-image {"image":"analysis:[COMMIT7]"}
    session-start {"image":"analysis:[COMMIT7]"}
    "#);
}

#[test]
fn an_image_that_may_not_be_read_needs_a_login() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let config = context.config("find_image: inaccessible\nsessions: []\n");
    let run = project
        .session(&["start", "-p", &fixture("recording"), "-c", &config, "--image", "other:1"])
        .exits(3);
    insta::assert_snapshot!(run.snapshot_without_calls(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: the image `other:1` does not exist, or your login does not allow to read it
    hint: check its name
    ");
}

#[test]
fn the_other_commands_list_and_then_call_what_they_are_named_after() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let recording = fixture("recording");
    let calls = |arguments: &[&str]| {
        project.session(&[arguments, &["-p", &recording]].concat()).success().call_lines()
    };
    insta::assert_snapshot!(calls(&["ls"]), @"session-list {}");
    insta::assert_snapshot!(calls(&["open", "--no-browser"]), @r#"
    session-list {}
    session-url {"name":"recorded-1"}
    "#);
    insta::assert_snapshot!(calls(&["stop", "recorded-1"]), @r#"
    session-list {}
    session-stop {"name":"recorded-1","all":false}
    "#);
    insta::assert_snapshot!(calls(&["stop", "--yes"]), @r#"
    session-list {}
    session-stop {"name":"recorded-1","all":false}
    "#);
    insta::assert_snapshot!(calls(&["stop", "--all"]), @r#"
    session-list {}
    session-stop {"name":null,"all":true}
    "#);
}
