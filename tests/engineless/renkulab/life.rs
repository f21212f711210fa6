//! The life of a session, on a machine without Docker and in a project without a
//! Dockerfile.

use std::time::Duration;

use super::ground::Ground;
use support::renkulab::Pace;

const RENKULAB: [&str; 2] = ["-p", "renkulab"];

#[test]
fn a_session_is_started_listed_opened_and_stopped() {
    let ground = Ground::new();
    let project = ground.bound();
    insta::assert_snapshot!(ground.printed(&project, &["ls", "-p", "renkulab"]), @r"
    exit status: 0
    --- stdout
    --- stderr
    This project has no sessions; `renku session start` starts one
    ");
    ground.lab.pace(Pace { starting: 4, stopping: 1 });
    ground.lab.forget_requests();
    insta::assert_snapshot!(ground.printed(&project, &["start", "-p", "renkulab"]), @"
    exit status: 0
    --- stdout
    jane-doe-[ID]  http://127.0.0.1:[PORT]/sessions/jane-doe-[ID]/lab/
    --- stderr
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    Session `jane-doe-[ID]` runs; `renku session open jane-doe-[ID]` opens it, `renku session stop jane-doe-[ID]` stops it
    ");
    let name = ground.lab.sessions().pop().unwrap();
    let asked: Vec<String> = ground
        .lab
        .lines()
        .iter()
        .map(|line| line.replace(&name, "NAME").replace(&ground.project_id, "PROJECT"))
        .collect();
    insta::assert_snapshot!(asked.join("\n"), @"
    GET /api/data/version 200
    GET /api/data/projects/PROJECT 200
    GET /api/data/resource_pools 200
    GET /api/data/projects/PROJECT/session_launchers 200
    GET /api/data/sessions/images?image_url=ghcr.io/swissdatasciencecenter/renku/py-basic-jupyterlab:2.9.0 200
    GET /api/data/sessions/images?image_url=ghcr.io/swissdatasciencecenter/renku/py-basic-jupyterlab:2.9.0 200
    GET /api/data/projects/PROJECT/inaccessible_data_connector_links 200
    GET /api/data/projects/PROJECT/data_connector_links 200
    GET /api/data/projects/PROJECT/session_secret_slots 200
    POST /api/data/sessions 201
    GET /api/data/sessions/NAME 200
    GET /api/data/sessions/NAME 200
    GET /api/data/sessions/NAME 200
    GET /api/data/sessions/NAME 200
    ");
    // What else is asked with `-p` knows the session.
    insta::assert_snapshot!(ground.printed(&project, &["ls", "-p", "renkulab"]), @"
    exit status: 0
    --- stdout
    NAME                   PROVIDER  STATUS                                  PORTS  STARTED           URL
    jane-doe-[ID]  renkulab  running (launcher Python, class small)         [TIME]  http://127.0.0.1:[PORT]/sessions/jane-doe-[ID]/lab/
    --- stderr
    ");
    insta::assert_snapshot!(ground.printed(&project, &["open", "-p", "renkulab", "--no-browser"]), @r"
    exit status: 0
    --- stdout
    http://127.0.0.1:[PORT]/sessions/jane-doe-[ID]/lab/
    --- stderr
    ");
    insta::assert_snapshot!(ground.printed(&project, &["stop", "--yes", "-p", "renkulab"]), @"
    exit status: 0
    --- stdout
    --- stderr
    Stopping jane-doe-[ID]
    RenkuLab deletes `jane-doe-[ID]` with its disk
    Stopped `jane-doe-[ID]`
    ");
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
    insta::assert_snapshot!(ground.printed(&project, &["stop", "--yes", "-p", "renkulab", "--all"]), @r"
    exit status: 0
    --- stdout
    --- stderr
    This project has no sessions to stop
    ");
}

#[test]
fn a_session_is_put_aside_and_taken_up_again() {
    let ground = Ground::new();
    let project = ground.bound();
    let name = ground.lab.session("user1", &ground.launcher);
    insta::assert_snapshot!(ground.printed(&project, &["pause", "-p", "renkulab"]), @r"
    exit status: 0
    --- stdout
    --- stderr
    Paused `jane-doe-[ID]`; `renku session resume jane-doe-[ID]` resumes it
    ");
    let shown = ground.session(&project, &["ls", "-p", "renkulab", "--format", "json"]).success();
    assert_eq!(shown.json()["sessions"][0]["status"], "hibernated");
    assert_eq!(shown.json()["sessions"][0]["url"], serde_json::Value::Null);
    insta::assert_snapshot!(ground.printed(&project, &["open", &name, "-p", "renkulab"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: the session `jane-doe-[ID]` is hibernated
    hint: run `renku session resume jane-doe-[ID]`
    ");
    insta::assert_snapshot!(ground.printed(&project, &["logs", &name, "-p", "renkulab"]), @r"
    exit status: 0
    --- stdout
    --- stderr
    renkulab: warning: `jane-doe-[ID]` is hibernated, and its log is gone with its containers
    ");
    insta::assert_snapshot!(ground.printed(&project, &["resume", "-p", "renkulab"]), @r"
    exit status: 0
    --- stdout
    --- stderr
    Waiting for jane-doe-[ID]
    Resumed `jane-doe-[ID]`; `renku session open jane-doe-[ID]` opens it
    ");
    let patched: Vec<_> =
        ground.lab.requests().into_iter().filter(|seen| seen.method == "PATCH").collect();
    assert_eq!(patched[0].body, r#"{"state":"hibernated"}"#);
    assert_eq!(patched[1].body, r#"{"state":"running"}"#);
}

#[test]
fn the_users_own_container_comes_first_in_the_log() {
    let ground = Ground::new();
    let project = ground.bound();
    let _ = ground.lab.session("user1", &ground.launcher);
    let arguments = ["logs", "-p", "renkulab", "--tail", "2"];
    insta::assert_snapshot!(ground.printed(&project, &arguments), @r"
    exit status: 0
    --- stdout
    ==> amalthea-session <==
    jane-doe-[ID]-0 amalthea-session line 4
    jane-doe-[ID]-0 amalthea-session line 5

    ==> authproxy <==
    jane-doe-[ID]-0 authproxy line 4
    jane-doe-[ID]-0 authproxy line 5

    ==> init-certificates <==
    jane-doe-[ID]-0 init-certificates line 4
    jane-doe-[ID]-0 init-certificates line 5

    ==> git-clone <==
    jane-doe-[ID]-0 git-clone line 4
    jane-doe-[ID]-0 git-clone line 5
    --- stderr
    ");
}

#[test]
fn a_session_with_what_was_asked_for() {
    let ground = Ground::new();
    let project = ground.bound();
    let config = ground.context.config("environment:\n  FOO: 2\n");
    let mut arguments = vec!["start", "--cpu", "0.6", "--disk", "3G", "--config", &config];
    arguments.extend(RENKULAB);
    let _ = ground.session(&project, &arguments).success();
    let posted = ground.lab.requests().into_iter().find(|seen| seen.method == "POST").unwrap();
    let body: serde_json::Value = serde_json::from_str(&posted.body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "launcher_id": ground.launcher, "resource_class_id": 2, "disk_storage": 3,
            "env_variable_overrides": [{"name": "FOO", "value": "2"}],
        })
    );
}

#[test]
fn without_waiting_the_session_is_named_at_once() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.pace(Pace { starting: u32::MAX, stopping: 1 });
    let arguments = ["start", "-p", "renkulab", "--no-wait", "--format", "json"];
    let session = ground.session(&project, &arguments).success().json()["session"].clone();
    assert_eq!(session["status"], "starting");
    assert_eq!(session["name"], ground.lab.sessions()[0].as_str());
}

#[test]
fn a_session_that_does_not_run_in_time_is_taken_back() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.pace(Pace { starting: u32::MAX, stopping: 1 });
    let arguments = ["start", "-p", "renkulab", "--wait-timeout", "1s"];
    insta::assert_snapshot!(ground.printed(&project, &arguments), @"
    exit status: 1
    --- stdout
    --- stderr
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    Cleaning up
    RenkuLab deletes `jane-doe-[ID]` with its disk
    error: the session `jane-doe-[ID]` is not running after 1 s
    hint: give it more time with `--wait-timeout`
    ");
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
}

#[test]
fn an_interrupted_start_leaves_nothing() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.pace(Pace { starting: u32::MAX, stopping: 1 });
    let running = ground.command(&project, &["start", "-p", "renkulab"]).spawn();
    let begin = std::time::Instant::now();
    while ground.lab.sessions().is_empty() {
        assert!(begin.elapsed() < Duration::from_secs(60), "no session appeared");
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(300));
    running.signal("INT");
    let run = running.wait().exits(130);
    ground.keeps_secrets(&run);
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
}

#[test]
fn a_session_that_fails_and_does_not_recover_says_why_and_is_taken_back() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.fail_next("Quota exceeded: requests.cpu");
    let arguments = ["start", "-p", "renkulab", "--wait-timeout", "2s"];
    insta::assert_snapshot!(ground.printed(&project, &arguments), @"
    exit status: 1
    --- stdout
    --- stderr
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    Cleaning up
    RenkuLab deletes `jane-doe-[ID]` with its disk
    error: the session `jane-doe-[ID]` has failed
      Quota exceeded: requests.cpu
      jane-doe-[ID]-0 amalthea-session line 1
      jane-doe-[ID]-0 amalthea-session line 2
      jane-doe-[ID]-0 amalthea-session line 3
      jane-doe-[ID]-0 amalthea-session line 4
      jane-doe-[ID]-0 amalthea-session line 5
    ");
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
}

/// The session can use git only when it is started with the header; a token of
/// the environment has no refresh token to give.
#[test]
fn a_token_of_the_environment_is_sent_and_nothing_else() {
    let ground = Ground::new();
    let project = ground.bound();
    let _ = ground.session(&project, &["start", "-p", "renkulab"]).success();
    for seen in ground.lab.requests() {
        let is_ours = |name: &&String| {
            !["accept", "authorization", "content-length", "content-type", "host", "user-agent"]
                .contains(&name.as_str())
        };
        let other: Vec<&String> = seen.headers.iter().filter(is_ours).collect();
        assert!(other.is_empty(), "{} has {other:?}", seen.line());
    }
}

#[test]
fn the_log_of_a_hibernated_session_is_gone_and_that_is_said() {
    let ground = Ground::new();
    let project = ground.bound();
    let name = ground.lab.session("user1", &ground.launcher);
    ground.lab.hibernate(&name);
    insta::assert_snapshot!(ground.printed(&project, &["logs", "-p", "renkulab"]), @r"
    exit status: 0
    --- stdout
    --- stderr
    renkulab: warning: `jane-doe-[ID]` is hibernated, and its log is gone with its containers
    ");
    insta::assert_snapshot!(ground.printed(&project, &["open", "-p", "renkulab"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: the session `jane-doe-[ID]` is hibernated
    hint: run `renku session resume jane-doe-[ID]`
    ");
}

/// Nothing more comes of it, so nobody sits there.
#[test]
fn following_a_log_ends_when_the_session_hibernates() {
    let ground = Ground::new();
    let project = ground.bound();
    let name = ground.lab.session("user1", &ground.launcher);
    let running = ground.command(&project, &["logs", "-f", "-p", "renkulab"]).spawn();
    let begin = std::time::Instant::now();
    while !ground.lab.lines().iter().any(|line| line.contains("/logs")) {
        assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", ground.lab.lines());
        std::thread::sleep(Duration::from_millis(10));
    }
    ground.lab.hibernate(&name);
    let run = running.wait().success();
    let told = format!(
        "renkulab: warning: `{name}` is hibernated, and its log is gone with its containers\n"
    );
    assert_eq!(run.stderr, told);
    assert!(run.stdout.contains("amalthea-session line 5"), "{}", run.stdout);
    // The same from the beginning.
    let run = ground.session(&project, &["logs", "-f", "-p", "renkulab"]).success();
    assert_eq!((run.stdout.as_str(), run.stderr), ("", told));
}
