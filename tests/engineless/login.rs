//! `renku login`, `logout` and `whoami`, against the fake RenkuLab.

use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::renkulab::{Consent, RenkuLab};
use support::{Context, Run, executable};

/// Nothing that was handed out may be printed.
#[track_caller]
fn shows_no_secret(server: &RenkuLab, run: &Run) {
    for secret in server.secrets() {
        assert!(!run.stdout.contains(&secret) && !run.stderr.contains(&secret), "{}", run.stderr);
    }
}

/// Logs in, with the user's consent given beforehand.
#[track_caller]
fn log_in(context: &Context, server: &RenkuLab) -> Run {
    server.consent(Consent::Given);
    let run = context.renku(&context.home(), &["login", server.url(), "-vv"]).run().success();
    shows_no_secret(server, &run);
    run
}

/// Waits for something that the server sees.
#[track_caller]
fn until(server: &RenkuLab, seen: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !seen() {
        assert!(Instant::now() < deadline, "{:?}", server.lines());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn whoami(context: &Context, server: &RenkuLab) -> Run {
    let run = context.renku(&context.home(), &["whoami", "--format", "json", "-vv"]).run();
    shows_no_secret(server, &run);
    run
}

/// The text with what the server of this test makes up replaced.
fn shown(server: &RenkuLab, run: &Run) -> String {
    let mut text = run.snapshot().replace(server.url().trim_start_matches("http://"), "[SERVER]");
    text = text.replace("127.0.0.1:[PORT]", "[SERVER]");
    let code = regex_lite::Regex::new(r"[0-9A-Z]{4}-[0-9A-Z]{4}").unwrap();
    let text = code.replace_all(&text, "[CODE]");
    let host = regex_lite::Regex::new(r"\[SERVER\] [^ `]+`, then").unwrap();
    host.replace_all(&text, "[SERVER] [HOST]`, then").into_owned()
}

/// Makes the login older by so many seconds.
fn age(context: &Context, seconds: i64) {
    let file = context.home().join(".config/renku/logins.json");
    let mut logins: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    for login in logins["logins"].as_object_mut().unwrap().values_mut() {
        for time in ["obtained_at", "expires_at"] {
            login[time] = (login[time].as_i64().unwrap() - seconds).into();
        }
    }
    std::fs::write(&file, logins.to_string()).unwrap();
}

#[test]
fn a_login_is_confirmed_in_the_browser_and_kept_for_its_user_alone() {
    let context = Context::without_engine();
    let server = RenkuLab::start();
    server.consent(Consent::Given);
    let run = context.renku(&context.home(), &["login", server.url()]).run();
    insta::assert_snapshot!(shown(&server, &run), @r"
    exit status: 0
    --- stdout
    --- stderr
    Confirm the login in your browser:
      http://[SERVER]/auth/realms/Renku/device?user_code=[CODE]
    Check that it shows the code [CODE]
    There is no browser here. On your own computer run `ssh -N -L [PORT]:[SERVER] [HOST]`, then open the URL there
    Waiting for the browser
    Logged in to `http://[SERVER]` as Jane Doe (jane.doe, jane.doe@example.org)
    ");
    let file = context.home().join(".config/renku/logins.json");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);

    let run = context.renku(&context.home(), &["whoami"]).run();
    insta::assert_snapshot!(shown(&server, &run), @r"
    exit status: 0
    --- stdout
    Jane Doe (jane.doe, jane.doe@example.org) at http://[SERVER]
    --- stderr
    ");
    assert_eq!(whoami(&context, &server).success().json()["login"]["username"], "jane.doe");

    let run = context.renku(&context.home(), &["logout"]).run();
    insta::assert_snapshot!(shown(&server, &run), @r"
    exit status: 0
    --- stdout
    --- stderr
    Logged out of `http://[SERVER]`
    ");
    assert_eq!(server.logins(), 0, "the service still knows the login");
    let run = context.renku(&context.home(), &["whoami", server.url()]).run();
    insta::assert_snapshot!(shown(&server, &run), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: you are not logged in to `http://[SERVER]`
    hint: run `renku login http://[SERVER]`
    ");
    let run = context.renku(&context.home(), &["logout"]).run();
    insta::assert_snapshot!(shown(&server, &run), @r"
    exit status: 0
    --- stdout
    --- stderr
    You were not logged in
    ");
}

#[test]
fn a_login_waits_for_its_user() {
    let context = Context::without_engine();
    let server = RenkuLab::start();
    let running = context.renku(&context.home(), &["login", server.url()]).spawn();
    let polls = || server.lines().iter().filter(|line| line.contains("/token")).count();
    until(&server, || polls() >= 2);
    server.consent(Consent::Given);
    let _ = running.wait().success();
}

#[test]
fn a_refusal_and_a_code_that_nobody_typed_are_told_apart() {
    let context = Context::without_engine();
    let server = RenkuLab::start();
    server.consent(Consent::Refused);
    let run = context.renku(&context.home(), &["login", server.url()]).run().exits(3);
    assert!(run.stderr.contains("error: the login was refused in the browser\n"), "{}", run.stderr);
    server.consent(Consent::Pending);
    let running = context.renku(&context.home(), &["login", server.url()]).spawn();
    // One beside the one that was refused.
    until(&server, || server.user_codes().len() == 2);
    server.expire_devices();
    let run = running.wait().exits(3);
    assert!(run.stderr.contains("error: the code was not confirmed in time\n"), "{}", run.stderr);
    assert!(!context.home().join(".config/renku/logins.json").exists());
}

#[test]
fn ctrl_c_ends_a_login_and_leaves_nothing() {
    let context = Context::without_engine();
    let server = RenkuLab::start();
    let running = context.renku(&context.home(), &["login", server.url()]).spawn();
    until(&server, || !server.user_codes().is_empty());
    running.signal("INT");
    let _ = running.wait().exits(130);
    assert!(!context.home().join(".config/renku/logins.json").exists());
}

#[test]
fn a_login_is_renewed_before_it_ends() {
    let context = Context::without_engine();
    let server = RenkuLab::start();
    let _ = log_in(&context, &server);
    server.forget_requests();
    let _ = whoami(&context, &server).success();
    assert_eq!(server.lines(), ["GET /api/data/user 200"]);
    // A bit more than half of the day that tokens live.
    age(&context, 44_000);
    server.forget_requests();
    let _ = whoami(&context, &server).success();
    let token = "POST /auth/realms/Renku/protocol/openid-connect/token 200";
    assert_eq!(server.lines(), [token, "GET /api/data/user 200"]);
    server.forget_requests();
    let _ = whoami(&context, &server).success();
    assert_eq!(server.lines(), ["GET /api/data/user 200"]);
}

#[test]
fn two_processes_at_once_do_not_end_each_others_login() {
    let context = Context::without_engine();
    let server = RenkuLab::start();
    let _ = log_in(&context, &server);
    for _ in 0..3 {
        age(&context, 44_000);
        server.forget_requests();
        let all: Vec<_> = (0..6)
            .map(|_| context.renku(&context.home(), &["whoami", "--format", "json"]).spawn())
            .collect();
        for running in all {
            assert_eq!(running.wait().success().json()["login"]["username"], "jane.doe");
        }
        // The first one renews, the others take what it got.
        let renewed = server.lines().iter().filter(|line| line.contains("/token")).count();
        assert_eq!(renewed, 1, "{:?}", server.lines());
    }
    assert_eq!(server.logins(), 1);
}

#[test]
fn a_login_that_has_ended_is_said_to_have() {
    let context = Context::without_engine();
    let server = RenkuLab::start();
    let _ = log_in(&context, &server);
    server.expire_refresh();
    // While the access token is good, an ended refresh token changes nothing.
    age(&context, 44_000);
    let _ = whoami(&context, &server).success();
    age(&context, 44_000);
    let run = whoami(&context, &server).exits(3);
    assert!(run.stderr.contains("has ended\n"), "{}", run.stderr);
    assert!(run.stderr.contains(&format!("hint: run `renku login {}`", server.url())));
}

#[test]
fn the_environment_can_say_where_and_who() {
    let context = Context::without_engine();
    let server = RenkuLab::start();
    let run = |token: &str| {
        context
            .renku(&context.home(), &["whoami", "--format", "json", "-vv"])
            .env("RENKU_CLI_RENKU_URL", server.url())
            .env("RENKU_CLI_ACCESS_TOKEN", token)
            .run()
    };
    let given = run(&server.token());
    shows_no_secret(&server, &given);
    assert_eq!(given.success().json()["login"]["username"], "jane.doe");
    let expired = run(&server.token_for("user1", Duration::ZERO)).exits(3);
    assert!(expired.stderr.contains("`RENKU_CLI_ACCESS_TOKEN` has expired"), "{}", expired.stderr);
}

#[test]
fn a_token_that_is_nobodys_is_not_mended_by_a_login() {
    let context = Context::without_engine();
    let server = RenkuLab::start();
    let run = context
        .renku(&context.home(), &["whoami"])
        .env("RENKU_CLI_RENKU_URL", server.url())
        .env("RENKU_CLI_ACCESS_TOKEN", "opaque")
        .run();
    insta::assert_snapshot!(shown(&server, &run), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: `http://[SERVER]` does not accept the token in `RENKU_CLI_ACCESS_TOKEN`
    hint: set a new one, or unset it and run `renku login http://[SERVER]`
    ");
}

/// Before anybody confirms something in the browser that could not be kept.
#[test]
fn a_login_that_could_not_be_kept_is_not_begun() {
    let context = Context::without_engine();
    let server = RenkuLab::start();
    server.consent(Consent::Given);
    let folder = context.home().join(".config/renku");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("logins.json");
    std::fs::write(&file, "{").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let login = || context.renku(&context.home(), &["login", server.url()]).run();
    let run = login().exits(1);
    assert!(run.stderr.contains("logins.json` is damaged\n"), "{}", run.stderr);
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, "no folder").unwrap();
    let run = login().exits(1);
    assert!(run.stderr.contains("error: cannot use `"), "{}", run.stderr);
    assert_eq!(server.lines(), Vec::<String>::new());
}

#[test]
fn what_is_no_renkulab_is_told() {
    let context = Context::without_engine();
    let (server, other) = (RenkuLab::start(), RenkuLab::start());
    server.fault("GET", "/.well-known/", support::renkulab::Fault::Html(404), 9);
    let login = |url: &str| context.renku(&context.home(), &["login", url]).run();
    insta::assert_snapshot!(shown(&server, &login(server.url())), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `http://[SERVER]` does not look like a RenkuLab
      `/auth/realms/Renku/.well-known/openid-configuration` answers 404
    hint: give the URL of its start page, such as `https://renkulab.io`
    ");
    other.fault("GET", "/.well-known/", support::renkulab::Fault::Body("{\"a\":1}"), 9);
    let _ = login(other.url()).exits(2);
    insta::assert_snapshot!(login("http://renkulab.example").snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `http://renkulab.example` is not encrypted, and a secret would be sent there
    hint: use `https`; plain `http` works for this computer (`http://127.0.0.1`) only
    ");
}

#[test]
fn a_certificate_is_believed_when_its_authority_is() {
    let context = Context::without_engine();
    let server = RenkuLab::start_tls();
    server.consent(Consent::Given);
    let run = context.renku(&context.home(), &["login", server.url()]).run().exits(1);
    assert!(run.stderr.contains("is not trusted\n"), "{}", run.stderr);
    assert!(run.stderr.contains("SSL_CERT_FILE"), "{}", run.stderr);
    let run = context
        .renku(&context.home(), &["login", server.url()])
        .env("SSL_CERT_FILE", server.authority())
        .run()
        .success();
    shows_no_secret(&server, &run);
}

#[test]
fn a_cloned_project_does_not_say_where_to_log_in() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let server = RenkuLab::start();
    let binding = format!("renku_url = \"{}\"\n[project]\nid = \"01KPR\"\n", server.url());
    project.write(".renku/config.toml", &binding);
    let run = project.renku(&["login"]).run();
    insta::assert_snapshot!(shown(&server, &run), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no terminal to ask: This project belongs to `http://[SERVER]`. Log in there?
    hint: answer it with `renku login http://[SERVER]`
    ");
    assert_eq!(server.lines(), Vec::<String>::new());
    let _ = log_in(&context, &server);
    // Where the user has been, no question is left.
    let _ = project.renku(&["login"]).run().success();
}

/// With a browser here: it is given the page where the code is filled in already.
#[test]
fn on_a_terminal_the_browser_is_opened_and_waited_for() {
    let context = Context::without_engine();
    let server = RenkuLab::start();
    let opened = context.folder().join("opened");
    let browser = context.folder().join("browser.sh");
    std::fs::write(&browser, format!("#!/bin/sh\necho \"$1\" > {}\n", opened.display())).unwrap();
    executable(&browser);
    let login = context.renku(&context.home(), &["login", server.url()]);
    let mut terminal = login.env("BROWSER", &browser).interactive();
    terminal.until("Waiting for the browser", |_| ());
    until(&server, || std::fs::read_to_string(&opened).is_ok_and(|url| url.ends_with('\n')));
    let code = server.user_codes().pop().unwrap();
    let url = format!("{}/auth/realms/Renku/device?user_code={code}\n", server.url());
    assert_eq!(std::fs::read_to_string(&opened).unwrap(), url);
    assert!(terminal.seen().contains(&code), "{}", terminal.seen());
    server.consent(Consent::Given);
    let (status, seen) = terminal.end();
    assert_eq!(status, 0, "{seen}");
    assert!(seen.contains("as Jane Doe (jane.doe, jane.doe@example.org)"), "{seen}");
    assert!(server.secrets().iter().all(|secret| !seen.contains(secret)));
    let _ = whoami(&context, &server).success();
}

#[test]
fn on_a_terminal_ctrl_c_ends_a_login() {
    let context = Context::without_engine();
    let server = RenkuLab::start();
    let mut terminal = context.renku(&context.home(), &["login", server.url()]).interactive();
    terminal.until("Waiting for the browser", |_| ());
    terminal.keys("\u{3}");
    let (status, seen) = terminal.end();
    assert_eq!(status, 130, "{seen}");
    assert!(!context.home().join(".config/renku/logins.json").exists());
}

#[test]
fn on_a_terminal_a_cloned_project_asks_before_it_leads_to_a_login() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let server = RenkuLab::start();
    let binding = format!("renku_url = \"{}\"\n[project]\nid = \"01KPR\"\n", server.url());
    project.write(".renku/config.toml", &binding);
    let run = project.renku(&["login"]).on_a_terminal("n\n").exits(1);
    let question = format!("This project belongs to `{}`. Log in there? [y/N]", server.url());
    assert!(run.stdout.contains(&question), "{}", run.stdout);
    assert_eq!(server.lines(), Vec::<String>::new());
    server.consent(Consent::Given);
    let run = project.renku(&["login"]).on_a_terminal("y\n").success();
    assert!(run.stdout.contains("as Jane Doe"), "{}", run.stdout);
}
