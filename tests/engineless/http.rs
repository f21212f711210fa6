//! What a provider can do with the web: talk to the origins its user gave it, with
//! a credential it never sees, and nothing else.
//!
//! The provider `requesting` sends what its configuration says.

use serde_json::{Value, json};
use support::renkulab::{Consent, Fault, RenkuLab};
use support::{Context, Project, Run, fixture};

const SECRET: &str = "s3cret-of-the-cluster";

/// Adds the server as the origin `cluster`, for the provider.
#[track_caller]
fn add_origin(project: &Project<'_>, url: &str) {
    let run = project
        .renku(&["session", "origin", "add", "cluster", url, "--credential", "bearer"])
        .args(&["--secret-env", "CLUSTER_TOKEN", "--for", &fixture("requesting")])
        .env("CLUSTER_TOKEN", SECRET)
        .run()
        .success();
    assert!(!format!("{}{}", run.stdout, run.stderr).contains(SECRET));
}

fn send(context: &Context, project: &Project<'_>, requests: &[Value]) -> Run {
    let config = context.config(&json!({ "origin": "cluster", "requests": requests }).to_string());
    project.session(&[
        "ls",
        "--yes",
        "-vv",
        "--format",
        "json",
        "-p",
        &fixture("requesting"),
        "-c",
        &config,
    ])
}

/// What came of each request.
#[track_caller]
fn outcomes(run: Run) -> Vec<String> {
    let sessions = run.success().json()["sessions"].clone();
    let sessions = sessions.as_array().unwrap();
    sessions.iter().map(|session| session["reason"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_host_adds_the_credential_and_shows_it_to_nobody() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let server = RenkuLab::start();
    add_origin(&project, server.url());
    let run = send(
        &context,
        &project,
        &[
            json!({ "path": "/api/data/version" }),
            json!({ "path": "/api/data/user", "show": "www-authenticate" }),
        ],
    );
    assert!(!run.stdout.contains(SECRET) && !run.stderr.contains(SECRET), "{}", run.stderr);
    assert!(run.stderr.contains("debug: GET "), "{}", run.stderr);
    let outcomes = outcomes(run);
    assert!(outcomes[0].starts_with("200 {\"version\":"), "{outcomes:?}");
    assert!(outcomes[1].starts_with("401 None "), "{outcomes:?}");
    let seen = server.requests();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|request| request.has("authorization")));
}

/// Two files can share twelve digits of their digests: an origin that was given to
/// them, when that was all that was kept, is given to neither.
#[test]
fn an_origin_that_was_given_to_twelve_digits_is_asked_for_again() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let server = RenkuLab::start();
    add_origin(&project, server.url());
    let file = context.home().join(".config/renku/origins.json");
    let whole = std::fs::read_to_string(&file).unwrap();
    let mut origins: Value = serde_json::from_str(&whole).unwrap();
    let provider = &mut origins["origins"]["cluster"]["providers"][0];
    let label = provider.as_str().unwrap().to_owned();
    assert_eq!(label.len(), "file:".len() + 64);
    *provider = label[.."file:".len() + 12].into();
    std::fs::write(&file, origins.to_string()).unwrap();
    let refused = send(&context, &project, &[json!({ "path": "/" })]).exits(3);
    assert_eq!(server.requests().len(), 0);
    let command = format!("renku session origin add cluster {} --for {label}", server.url());
    assert!(refused.stdout.contains(&command), "{}", refused.stdout);
    // As it is shown it says too little.
    let few = ["origin", "add", "cluster", server.url(), "--for", &label[.."file:".len() + 12]];
    let few = project.session(&few).exits(2);
    assert!(few.stderr.contains("could be more than one file"), "{}", few.stderr);
    // What was proposed works, without the secret.
    let _ = project.shell(&command).run().success();
    assert_eq!(outcomes(send(&context, &project, &[json!({ "path": "/" })])).len(), 1);
    let origins: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(origins["origins"]["cluster"]["providers"], json!([label]));
}

/// Everything a provider could try to leave its origin, or to be somebody else.
fn misdeeds() -> Vec<Value> {
    let paths = [
        "http://127.0.0.1:9/",
        "https://evil.example/",
        "//evil.example/",
        "@evil.example/",
        ":80@evil.example/",
        ".evil.example/",
        "http://169.254.169.254/latest/meta-data/",
        "/..",
        "/api/../../x",
        "/%2e%2e/x",
        "/%2E%2E%2Fx",
        "/..%2fx",
        "/%252e%252e/x",
        "/..;/x",
        "/a//b",
        "/%2f%2fevil.example",
        "/\\evil.example",
        "/a%5c..%5cb",
        "/x\r\nHost: evil.example",
        "/x%0d%0aHost:%20evil.example",
        "/x\u{0}",
        "/x?a=b",
        "/x#a",
        "/x HTTP/1.1",
        "/%c0%ae%c0%ae/x",
        "/%25c0%25ae%25c0%25ae/x",
        "/%ef%bc%8e%ef%bc%8e/x",
        "/..%ef%bc%8fx",
        "/%e2%80%a5/x",
        "/a%252fb",
        "/%25u002e%25u002e/x",
        "/...",
        "/..%20/x",
        "",
        "x",
    ];
    let headers = [
        ("Host", "evil.example"),
        ("host", "evil.example"),
        ("Authorization", "Bearer mine"),
        ("Cookie", "a=b"),
        ("Connection", "authorization"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "0"),
        ("Proxy-Authorization", "x"),
        ("X-Forwarded-Host", "evil.example"),
        ("Renku-Auth-Access-Token", "x"),
        ("Renku-Auth-Refresh-Token", "x"),
        ("X-A", "b\r\nHost: evil.example"),
        ("X-A\r\nHost", "evil.example"),
        ("X-A", "b\u{0}"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("X_HTTP_Method_Override", "DELETE"),
        ("X-HTTP-Method", "DELETE"),
        ("X-Original-URL", "/admin"),
        ("X-Rewrite-URL", "/admin"),
        ("x_rewrite_url", "/admin"),
        ("If_Match", "x"),
        ("X-Anything", "x"),
    ];
    let paths = paths.map(|path| json!({ "path": path }));
    let headers = headers.map(|(name, value)| json!({ "path": "/", "headers": [[name, value]] }));
    let refresh = json!({ "path": "/", "refresh": true });
    let query = json!({ "path": "/", "query": [["_method", "DELETE"]] });
    paths.into_iter().chain(headers).chain([refresh, query]).collect()
}

#[test]
fn a_malicious_provider_is_stopped_before_a_socket_is_opened() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let server = RenkuLab::start();
    add_origin(&project, server.url());
    let misdeeds = misdeeds();
    let run = send(&context, &project, &misdeeds);
    // Every connection attempt of the program is logged by its connector.
    assert!(!run.stderr.contains("connecting to"), "{}", run.stderr);
    let outcomes = outcomes(run);
    assert_eq!(outcomes.len(), misdeeds.len());
    for (misdeed, outcome) in misdeeds.iter().zip(&outcomes) {
        assert!(outcome.starts_with("ErrorKind::Denied: "), "{misdeed}: {outcome}");
    }
    assert_eq!(server.lines(), Vec::<String>::new());
}

/// A header that the service needs passes when its user says so, and in no other
/// spelling.
#[test]
fn a_user_lets_a_header_pass_to_one_origin() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let server = RenkuLab::start();
    let requesting = fixture("requesting");
    let add = |more: &[&str]| {
        let origin = ["session", "origin", "add", "cluster", server.url(), "--for", &requesting];
        project
            .renku(&origin)
            .args(&["--credential", "header:X-Key", "--secret-env", "KEY"])
            .args(more)
            .env("KEY", SECRET)
            .run()
    };
    let _ = add(&[]).success();
    let named = json!({ "path": "/api/data/version", "headers": [["X-User-Name", "ann"]] });
    let refused = send(&context, &project, std::slice::from_ref(&named));
    assert_eq!(
        outcomes(refused)[0],
        "ErrorKind::Denied: the header `X-User-Name` is not sent: it is not among those that may pass to this origin"
    );
    let _ = add(&["--allow-header", "X-User-Name"]).success();
    let beside = |name: &str| json!({ "path": "/", "headers": [[name, "ann"]] });
    let said = outcomes(send(&context, &project, &[named, beside("X_User_Name"), beside("x_key")]));
    assert!(said[0].starts_with("200 "), "{said:?}");
    assert!(said[1..].iter().all(|said| said.starts_with("ErrorKind::Denied: ")), "{said:?}");
    assert!(server.requests()[0].has("x-user-name"));
    let listed = project.session(&["origin", "list", "--format", "json"]).success().json();
    assert_eq!(listed["origins"][0]["headers"], json!(["x-user-name"]));
    // What would make a request another one passes for nobody.
    for name in ["X-HTTP-Method-Override", "x_original_url", "Cookie", "a b"] {
        let _ = add(&["--allow-header", name]).exits(2);
    }
}

#[test]
fn no_redirect_leads_off_the_origin() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let (server, elsewhere) = (RenkuLab::start(), RenkuLab::start());
    add_origin(&project, server.url());
    for place in [
        elsewhere.url(),
        "http://169.254.169.254/latest/meta-data/",
        "//evil.example/",
        "https://evil.example/",
        "http://user:pass@127.0.0.1/",
    ] {
        server.fault("GET", "/api/data/version", Fault::Redirect(place.to_owned()), 1);
        let run = send(&context, &project, &[json!({ "path": "/api/data/version" })]);
        // One connection: to the origin.
        assert_eq!(run.stderr.matches("connecting to").count(), 1, "{place}\n{}", run.stderr);
        let outcomes = outcomes(run);
        assert!(
            outcomes[0].starts_with("ErrorKind::Denied: ")
                && outcomes[0].contains(" redirects to "),
            "{place}: {outcomes:?}"
        );
    }
    assert_eq!(elsewhere.lines(), Vec::<String>::new());
}

#[test]
fn an_answer_that_is_cut_or_busy_is_told_as_it_is() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let server = RenkuLab::start();
    add_origin(&project, server.url());
    let version = json!({ "path": "/api/data/version" });
    let once = |fault: Fault| {
        server.fault("GET", "/api/data/version", fault, 1);
        outcomes(send(&context, &project, std::slice::from_ref(&version))).remove(0)
    };
    let broke_off =
        format!("ErrorKind::Unavailable: the response of `{}` was cut off", server.url());
    assert_eq!(once(Fault::Truncated), broke_off);
    assert_eq!(once(Fault::Reset), broke_off);
    assert!(once(Fault::TooManyRequests(0)).starts_with("200 {\"version\":"));
    assert!(once(Fault::Status(503)).starts_with("200 {\"version\":"));
    assert!(once(Fault::Status(500)).starts_with("500 "));
}

#[test]
fn an_origin_is_for_the_providers_its_user_named() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let server = RenkuLab::start();
    let _ = project.session(&["origin", "add", "cluster", server.url()]).success();
    let run = send(&context, &project, &[json!({ "path": "/" })]).exits(3);
    let error = &run.json()["error"];
    assert_eq!(error["kind"], "denied");
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains(&format!("renku session origin add cluster {}", server.url())), "{hint}");
    // What the hint says helps.
    add_origin(&project, server.url());
    let _ = send(&context, &project, &[json!({ "path": "/api/data/version" })]).success();
}

#[test]
fn the_login_of_the_user_is_for_the_bundled_provider_alone() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let server = RenkuLab::start();
    let config = context.config(
        &json!({ "origin": "renkulab", "requests": [{ "path": "/api/data/user" }] }).to_string(),
    );
    let run = project
        .renku(&["session", "ls", "--yes", "-p", &fixture("requesting"), "-c", &config])
        .env("RENKU_CLI_RENKU_URL", server.url())
        .env("RENKU_CLI_ACCESS_TOKEN", server.token())
        .run()
        .exits(3);
    assert!(run.stderr.contains("may not use the origin `renkulab`"), "{}", run.stderr);
    assert_eq!(server.lines(), Vec::<String>::new());
}

#[test]
fn the_proxy_of_the_environment_is_used_except_where_it_is_not_wanted() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let proxy = RenkuLab::start();
    let requesting = fixture("requesting");
    let origin = "http://origin.invalid";
    let _ = project.session(&["origin", "add", "cluster", origin, "--for", &requesting]).success();
    let config = json!({ "origin": "cluster", "requests": [{ "path": "/a" }] }).to_string();
    let config = context.config(&config);
    let ls = ["session", "ls", "--yes", "--format", "json", "-p", &requesting, "-c", &config];
    let through = project.renku(&ls).env("HTTP_PROXY", proxy.url()).run();
    assert!(outcomes(through)[0].starts_with("404 "));
    assert_eq!(proxy.requests().len(), 1);
    let around =
        project.renku(&ls).env("HTTP_PROXY", proxy.url()).env("NO_PROXY", "origin.invalid").run();
    assert_eq!(
        outcomes(around),
        ["ErrorKind::Unavailable: `http://origin.invalid` cannot be reached"]
    );
    assert_eq!(proxy.requests().len(), 1);
}

#[test]
fn what_everybody_is_told_is_asked_without_the_credential_and_kept_for_its_provider() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let server = RenkuLab::start();
    add_origin(&project, server.url());
    let version = json!({ "path": "/api/data/version", "max_age": 60 });
    let who = json!({ "path": "/api/data/user", "max_age": 60 });
    let post = json!({ "path": "/api/data/sessions", "method": "POST", "max_age": 60 });
    let told = outcomes(send(&context, &project, &[version.clone(), who, post]));
    assert!(told[0].starts_with("200 {\"version\":"), "{told:?}");
    assert!(told[1].starts_with("401 "), "{told:?}");
    assert!(told[2].starts_with("ErrorKind::InvalidInput: only a GET "), "{told:?}");
    assert_eq!(outcomes(send(&context, &project, &[version]))[0], told[0]);
    assert_eq!(server.lines(), ["GET /api/data/version 200", "GET /api/data/user 401"]);
    assert!(server.requests().iter().all(|seen| !seen.has("authorization")));
}

/// What is not bundled can use a login, too, where its user says so; the refresh
/// token comes only where the provider asks for it.
#[test]
fn a_login_of_the_user_can_be_given_to_another_provider() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let server = RenkuLab::start();
    server.consent(Consent::Given);
    let _ = context.renku(&context.home(), &["login", server.url()]).run().success();
    let _ = project
        .renku(&["session", "origin", "add", "cluster", server.url(), "--credential", "renku"])
        .args(&["--for", &fixture("requesting")])
        .run()
        .success();
    server.forget_requests();
    let who = json!({ "path": "/api/data/user" });
    let with_refresh = json!({ "path": "/api/data/user", "refresh": true });
    let run = send(&context, &project, &[who, with_refresh]);
    for secret in server.secrets() {
        assert!(!run.stdout.contains(&secret) && !run.stderr.contains(&secret));
    }
    for said in outcomes(run) {
        assert!(said.starts_with("200 ") && said.contains("jane.doe"), "{said}");
    }
    let refreshed: Vec<bool> =
        server.requests().iter().map(|seen| seen.has("renku-auth-refresh-token")).collect();
    assert_eq!(refreshed, [false, true]);
}

#[test]
fn an_origin_that_is_opened_again_holds_no_more_answers() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let server = RenkuLab::start();
    add_origin(&project, server.url());
    let config = context.config(&json!({ "origin": "cluster", "hold": 40 }).to_string());
    let requesting = fixture("requesting");
    let ls = ["ls", "--yes", "--format", "json", "-p", &requesting, "-c", &config];
    let [said] = outcomes(project.session(&ls)).try_into().unwrap();
    assert!(said.starts_with("16 and "), "{said}");
}

#[test]
fn bodies_that_are_never_sent_count() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let server = RenkuLab::start();
    add_origin(&project, server.url());
    let ls = |hoard: u32| {
        let config = json!({ "origin": "cluster", "hoard": hoard, "requests": [{ "path": "/" }] });
        let config = context.config(&config.to_string());
        project.session(&["ls", "--yes", "-p", &fixture("requesting"), "-c", &config])
    };
    let _ = ls(30).success();
    insta::assert_snapshot!(ls(1000).snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/requesting.wasm` was stopped: its handles took up more than 32 MiB of the host's memory
    hint: report it to the provider's author; `-v` shows its log
    ");
}
