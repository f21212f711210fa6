//! With a login instead of a token of the environment: what is sent, and when.

use support::Project;
use support::renkulab::Consent;

use super::ground::Ground;

/// Logs in, and runs `renku session …` with nothing but that.
fn with_login<'a>(ground: &'a Ground, project: &Project<'a>, arguments: &[&str]) {
    let run = ground.without_login(project, arguments).without_env("RENKU_CLI_RENKU_URL").run();
    ground.keeps_secrets(&run);
    let _ = run.success();
}

fn log_in(ground: &Ground) {
    ground.lab.consent(Consent::Given);
    let home = ground.context.home();
    let login = ground.context.renku(&home, &["login", ground.lab.url(), "-vv"]).run().success();
    ground.keeps_secrets(&login);
    ground.lab.forget_requests();
}

/// The service gives a session its git proxy when the refresh token comes with
/// its start; nothing else gets that token.
#[test]
fn the_refresh_token_goes_where_a_session_begins_and_nowhere_else() {
    let ground = Ground::new();
    let project = ground.bound();
    log_in(&ground);
    for arguments in
        [vec!["start"], vec!["pause"], vec!["resume"], vec!["ls"], vec!["stop", "--yes"]]
    {
        let mut all = arguments;
        all.extend(["-p", "renkulab", "-vv"]);
        with_login(&ground, &project, &all);
    }
    let with_token: Vec<(String, String)> = ground
        .lab
        .requests()
        .into_iter()
        .filter(|seen| seen.has("renku-auth-refresh-token"))
        .map(|seen| (seen.method, seen.body))
        .collect();
    let start = format!(r#"{{"launcher_id":"{}"}}"#, ground.launcher);
    assert_eq!(
        with_token,
        [("POST".into(), start), ("PATCH".into(), r#"{"state":"running"}"#.into())]
    );
    // The version is public.
    for seen in ground.lab.requests() {
        let anonymous = seen.path == "/api/data/version";
        assert_eq!(seen.has("authorization"), !anonymous, "{}", seen.line());
    }
}

/// A login whose tokens the service has forgotten is an error, not an empty list.
#[test]
fn a_login_that_the_service_has_ended_is_told() {
    let ground = Ground::new();
    let project = ground.bound();
    log_in(&ground);
    ground.lab.expire_access();
    ground.lab.expire_refresh();
    let run = ground
        .without_login(&project, &["ls", "-p", "renkulab"])
        .without_env("RENKU_CLI_RENKU_URL")
        .run()
        .exits(3);
    assert!(run.stderr.contains("renku login"), "{}", run.stderr);
    ground.keeps_secrets(&run);
}

/// A folder that is not bound: a login is reason enough to ask.
#[test]
fn who_is_logged_in_sees_sessions_there_without_naming_the_provider() {
    let ground = Ground::new();
    let project = ground.unbound();
    log_in(&ground);
    let name = ground.lab.session("user1", &ground.launcher);
    let run = project.renku(&["session", "ls", "-q"]).run().success();
    assert_eq!(run.stdout.trim(), name);
}
