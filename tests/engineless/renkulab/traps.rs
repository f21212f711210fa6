//! Where the service does not do what one would think.

use std::time::Duration;

use super::ground::{Ground, REPOSITORY};
use support::renkulab::IMAGE;

/// The service takes whoever has an expired token for somebody without a name,
/// lists nothing and deletes nothing, without an error.
#[test]
fn an_expired_token_is_never_an_empty_list() {
    let ground = Ground::new();
    let project = ground.bound();
    let name = ground.lab.session("user1", &ground.launcher);
    ground.lab.expire_access();
    let token = "expired-without-a-date";
    for arguments in
        [vec!["ls"], vec!["start"], vec!["stop", &name], vec!["stop", "--all"], vec!["open", &name]]
    {
        let mut all = arguments.clone();
        all.extend(["-p", "renkulab"]);
        let run = ground
            .without_login(&project, &all)
            .env("RENKU_CLI_ACCESS_TOKEN", token)
            .run()
            .exits(3);
        let error = run.stderr.lines().next().unwrap().to_owned();
        assert!(error.contains("does not know who you are"), "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains("renku login"), "{arguments:?}: {}", run.stderr);
        assert!(!run.stderr.contains(token), "{arguments:?}");
    }
    assert_eq!(ground.lab.sessions(), [name]);
}

/// A public project is shown to everybody; that somebody is nobody is found out before
/// anything is pushed.
#[test]
fn nothing_is_pushed_for_somebody_without_a_name() {
    let ground = Ground::new();
    let project = ground.bound();
    let public = ground.lab.project_of("user1", true, "jane.doe/open", &[REPOSITORY]);
    let _ = ground.lab.launcher(&public, "Open", IMAGE);
    project.write("analysis.py", "print(1)\n").commit();
    let there =
        || project.git(&["--git-dir", &ground.bare().display().to_string(), "rev-parse", "main"]);
    let before = there();
    let arguments = ["start", "-p", "renkulab", "--push", "--project", "jane.doe/open"];
    let run = ground
        .without_login(&project, &arguments)
        .env("RENKU_CLI_ACCESS_TOKEN", "revoked")
        .run()
        .exits(3);
    assert!(run.stderr.contains("does not know who you are"), "{}", run.stderr);
    assert_eq!(there(), before);
    assert!(ground.lab.requests().iter().all(|seen| seen.method == "GET"));
}

#[test]
fn a_token_that_says_itself_that_it_has_expired_is_told_apart() {
    let ground = Ground::new();
    let project = ground.bound();
    let token = ground.lab.token_for("user1", Duration::ZERO);
    let run = ground
        .without_login(&project, &["ls", "-p", "renkulab"])
        .env("RENKU_CLI_ACCESS_TOKEN", &token)
        .run()
        .exits(3);
    ground.keeps_secrets(&run);
}

#[test]
fn jobs_are_no_sessions() {
    let ground = Ground::new();
    let project = ground.bound();
    let environment = serde_json::json!({"container_image": IMAGE});
    let job = ground.lab.launcher_with(&ground.project_id, "Job", "non-interactive", environment);
    let name = ground.lab.job("user1", &job, "run-0001");
    let run = ground.session(&project, &["ls", "-p", "renkulab", "--format", "json"]).success();
    assert_eq!(run.json()["sessions"], serde_json::json!([]));
    let _ = ground.session(&project, &["stop", "--all", "--yes", "-p", "renkulab"]).success();
    assert_eq!(ground.lab.sessions(), [name]);
}

#[test]
fn sessions_of_others_and_of_other_projects_are_left_alone() {
    let ground = Ground::new();
    let project = ground.bound();
    let other = ground.lab.project("jane.doe/other", &[]);
    let elsewhere = ground.lab.launcher(&other, "Other", IMAGE);
    let shared = ground.lab.project_of("user2", true, "john.roe/open", &[]);
    let johns = ground.lab.launcher(&shared, "Open", IMAGE);
    let others = [ground.lab.session("user1", &elsewhere), ground.lab.session("user2", &johns)];
    let ours = ground.lab.session("user1", &ground.launcher);
    let run = ground.session(&project, &["ls", "-p", "renkulab", "--format", "json"]).success();
    assert_eq!(run.json()["sessions"].as_array().unwrap().len(), 1);
    let _ = ground.session(&project, &["stop", &others[1], "-p", "renkulab"]).exits(2);
    let _ = ground.session(&project, &["stop", "--all", "--yes", "-p", "renkulab"]).success();
    let left = ground.lab.sessions();
    assert!(!left.contains(&ours) && others.iter().all(|other| left.contains(other)), "{left:?}");
}

#[test]
fn a_warning_of_a_running_session_is_shown_and_no_failure() {
    let ground = Ground::new();
    let project = ground.bound();
    let name = ground.lab.session("user1", &ground.launcher);
    ground.lab.warn(&name, "The disk is nearly full");
    let run = ground.session(&project, &["ls", "-p", "renkulab", "--format", "json"]).success();
    let session = &run.json()["sessions"][0];
    assert_eq!(session["status"], "running");
    assert_eq!(session["reason"], "launcher Python, class small; The disk is nearly full");
}

#[test]
fn an_old_renku_is_refused_with_the_version_that_is_needed() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.legacy(Some("0.67.0"));
    insta::assert_snapshot!(ground.printed(&project, &["start", "-p", "renkulab"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: http://127.0.0.1:[PORT] runs a Renku that is too old: sessions need Renku 2.14 or newer
      its data services are version 0.67.0
    hint: ask its operators to update it, or start the session here with `-p docker`
    ");
    ground.lab.legacy(None);
    insta::assert_snapshot!(ground.printed(&project, &["start", "-p", "renkulab"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: http://127.0.0.1:[PORT] runs a Renku that is too old: sessions need Renku 2.14 or newer
      it does not report its version
    hint: ask its operators to update it, or start the session here with `-p docker`
    ");
    assert!(ground.lab.requests().iter().all(|seen| seen.method == "GET"));
}
