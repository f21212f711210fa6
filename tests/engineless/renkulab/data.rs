//! Data connectors without credentials and session secrets without values: told before
//! anything is started, given, or left out.

use super::ground::Ground;

const START: [&str; 3] = ["start", "-p", "renkulab"];

/// A project with a bucket that needs two keys, an open one, and a secret.
fn ground() -> Ground {
    let ground = Ground::new();
    let fields = ["access_key_id", "secret_access_key"];
    let _ = ground.lab.connector(&ground.project_id, "bucket", &fields);
    let _ = ground.lab.connector(&ground.project_id, "open", &[]);
    ground.lab.secret_slot(&ground.project_id, "API key", "api_key");
    ground
}

/// What the start said about connectors.
fn overrides(ground: &Ground) -> serde_json::Value {
    let posted = ground
        .lab
        .requests()
        .into_iter()
        .find(|seen| seen.method == "POST" && seen.path == "/api/data/sessions");
    let body: serde_json::Value = serde_json::from_str(&posted.unwrap().body).unwrap();
    body["data_connectors_overrides"].clone()
}

#[test]
fn what_is_missing_is_told_before_anything_is_started() {
    let ground = ground();
    let project = ground.bound();
    insta::assert_snapshot!(ground.printed(&project, &START), @"
    exit status: 2
    --- stdout
    --- stderr
    error: the session would lack data that the project has
      the data connector `bucket` has no credentials: `access_key_id`, `secret_access_key`
      the session secret `api_key` (API key) has no value
    hint: add `--skip-data bucket --skip-data api_key` to do without, or give it, such as `--data-secret bucket/access_key_id=VALUE`
    ");
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
    assert!(ground.lab.requests().iter().all(|seen| seen.method == "GET"));
}

#[test]
fn what_is_skipped_is_left_out() {
    let ground = ground();
    let project = ground.bound();
    let arguments = [&START[..], &["--skip-data", "bucket", "--skip-data", "api_key"]].concat();
    let _ = ground.session(&project, &arguments).success();
    assert_eq!(overrides(&ground)[0]["skip"], true);
    let unknown = [&START[..], &["--skip-data", "buckett"]].concat();
    insta::assert_snapshot!(ground.printed(&project, &unknown), @"
    exit status: 2
    --- stdout
    --- stderr
    error: the project has neither a data connector nor a session secret without a value called `buckett`
    hint: it has `bucket`, `open`, `api_key`
    ");
}

#[test]
fn credentials_are_given_for_one_session() {
    let ground = ground();
    let project = ground.bound();
    let secrets =
        "bucket/access_key_id=AKEXAMPLE\nbucket/secret_access_key=not-a-secret\napi_key=V";
    let run = ground
        .command(&project, &START)
        .env("RENKU_SESSION_START_DATA_SECRET", secrets)
        .args(&["-vvv"])
        .run()
        .success();
    for secret in ["AKEXAMPLE", "not-a-secret"] {
        assert!(!run.stderr.contains(secret), "{}", run.stderr);
    }
    let configuration = &overrides(&ground)[0]["configuration"];
    assert_eq!(configuration["type"], "s3");
    assert_eq!(configuration["secret_access_key"], "not-a-secret");
    assert_eq!((ground.lab.saved_credentials(), ground.lab.filled_slots()), (0, 1));
}

#[test]
fn credentials_are_saved_for_the_next_sessions() {
    let ground = ground();
    let project = ground.bound();
    let arguments = [
        &START[..],
        &[
            "--data-secret",
            "bucket/access_key_id=AKEXAMPLE",
            "--data-secret",
            "bucket/secret_access_key=not-a-secret",
            "--skip-data",
            "api_key",
            "--save-data",
        ],
    ]
    .concat();
    let _ = ground.session(&project, &arguments).success();
    assert_eq!(overrides(&ground), serde_json::Value::Null);
    assert_eq!(ground.lab.saved_credentials(), 2);
    // The next one needs nothing.
    let _ = ground.session(&project, &["stop", "--yes", "-p", "renkulab"]).success();
    let _ = ground.session(&project, &[&START[..], &["--skip-data", "api_key"]].concat()).success();
}

#[test]
fn who_is_there_types_them_unseen() {
    let ground = ground();
    let project = ground.bound();
    let mut terminal = ground.command(&project, &START).interactive();
    for (question, typed) in [
        ("`access_key_id` of the data connector `bucket`", "AKEXAMPLE\n"),
        ("`secret_access_key` of the data connector `bucket`", "not-a-secret\n"),
        ("Save the credentials of `bucket`", "y\n"),
        ("The session secret `api_key`", "\n"),
    ] {
        terminal.until(question, |_| ());
        terminal.keys(typed);
    }
    let (status, seen) = terminal.end();
    assert_eq!(status, 0, "{seen}");
    assert!(!seen.contains("not-a-secret"), "{seen}");
    assert_eq!((ground.lab.saved_credentials(), ground.lab.filled_slots()), (2, 0));
}

#[test]
fn a_dry_run_shows_no_credentials() {
    let ground = ground();
    let project = ground.bound();
    let arguments = [
        &START[..],
        &[
            "--dry-run",
            "--data-secret",
            "bucket/access_key_id=AKEXAMPLE",
            "--data-secret",
            "bucket/secret_access_key=not-a-secret",
            "--skip-data",
            "api_key",
        ],
    ]
    .concat();
    let run = ground.session(&project, &arguments).success();
    assert!(run.stdout.contains("data_connector_id"), "{}", run.stdout);
    for secret in ["AKEXAMPLE", "not-a-secret"] {
        assert!(!run.stdout.contains(secret), "{}", run.stdout);
    }
}

#[test]
fn a_connector_that_is_closed_to_the_user_is_told() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.private_connector(&ground.project_id, "private", "user2");
    insta::assert_snapshot!(ground.printed(&project, &START), @"
    exit status: 0
    --- stdout
    jane-doe-[ID]  http://127.0.0.1:[PORT]/sessions/jane-doe-[ID]/lab/
    --- stderr
    renkulab: warning: 1 data connector of the project is not open to you; the session is without it
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    Session `jane-doe-[ID]` runs; `renku session open jane-doe-[ID]` opens it, `renku session stop jane-doe-[ID]` stops it
    ");
}

#[test]
fn a_session_that_is_there_needs_nothing() {
    let ground = ground();
    let project = ground.bound();
    let _ = ground.lab.session("user1", &ground.launcher);
    let _ = ground.session(&project, &START).success();
}
