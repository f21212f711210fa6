//! What third parties can do: the provider `jupyterhub`, which is no part of this
//! workspace and depends on nothing of it but the SDK, with a real JupyterHub.

use serde_json::json;
use support::{Context, JupyterHub, Project, Run, example};

/// Installs the provider and says which hub it may use, as its README does.
#[track_caller]
fn connect(project: &Project<'_>, url: &str, token: &str) {
    let add = ["provider", "add", "--yes", &example("jupyterhub")];
    let _ = project.session(&add).success();
    let origin = ["session", "origin", "add", "jupyterhub", url, "--credential", "bearer"];
    let _ = project
        .renku(&origin)
        .args(&["--secret-env", "HUB_TOKEN", "--for", "jupyterhub"])
        .env("HUB_TOKEN", token)
        .run()
        .success();
}

fn start(project: &Project<'_>, arguments: &[&str]) -> Run {
    project.session(&[&["start", "-p", "jupyterhub"], arguments].concat())
}

#[test]
fn a_session_of_a_hub_is_started_listed_opened_and_stopped() {
    let (context, hub) = (Context::docker(), JupyterHub::start());
    let project = context.project("analysis");
    connect(&project, &hub.url(), &hub.token());
    hub.start_in_the_browser("mine");

    let started = start(&project, &["--name", "first", "-v"]).success();
    let url = format!("{}/user/ann/first/lab", hub.url());
    assert_eq!(started.stdout.split_whitespace().collect::<Vec<_>>(), ["first", &url]);
    // What the hub says while it starts the server.
    assert!(started.stderr.contains("\n  [jupyterhub] Spawning server...\n"), "{}", started.stderr);
    // The server runs and asks the hub who is there: only its user may enter.
    assert_eq!(support::get(&url).status, 302);

    let listed = project.session(&["ls", "--format", "json"]).success().json();
    let session = &listed["sessions"][0];
    for (key, value) in [
        ("name", "first"),
        ("provider", "jupyterhub"),
        ("status", "running"),
        ("project", "analysis"),
        ("branch", "main"),
        ("url", &url),
    ] {
        assert_eq!(session[key], json!(value));
    }
    // The server from the browser is none.
    assert_eq!(listed["sessions"].as_array().unwrap().len(), 1, "{listed}");
    let elsewhere = context.project("other");
    let _ = elsewhere.session(&["open", "first", "-p", "jupyterhub"]).exits(2);

    let opened = project.session(&["open", "--no-browser"]).success();
    assert_eq!(opened.stdout.trim(), url);
    insta::assert_snapshot!(start(&project, &["--name", "mine"]).snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: [jupyterhub] you have a server `mine` on http://127.0.0.1:[PORT] already
    hint: [jupyterhub] stop it in the browser or with `renku session stop`, or choose another `--name`
    ");
    let _ = project.session(&["stop", "mine", "-p", "jupyterhub"]).exits(2);
    insta::assert_snapshot!(project.session(&["stop", "first"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Stopping first
    Stopped `first`
    ");
    assert_eq!(hub.servers(), ["mine"]);
}

#[test]
fn an_interrupted_start_leaves_no_server() {
    let (context, hub) = (Context::docker(), JupyterHub::start());
    let project = context.project("analysis");
    connect(&project, &hub.url(), &hub.token());
    let mut starting =
        project.renku(&["session", "start", "-p", "jupyterhub", "-v", "--name", "first"]).spawn();
    let _ = starting.stderr_until("Spawning server");
    assert_eq!(hub.servers(), ["first"]);
    starting.signal("INT");
    let _ = starting.wait().exits(130);
    assert_eq!(hub.servers(), Vec::<String>::new());
}

#[test]
fn a_hub_that_gives_everybody_one_server_is_used_as_it_is() {
    let (context, hub) = (Context::docker(), JupyterHub::without_named_servers());
    let project = context.project("analysis");
    connect(&project, &hub.url(), &hub.token());
    insta::assert_snapshot!(start(&project, &[]).snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    [jupyterhub] Starting `analysis-[ID]` on http://127.0.0.1:[PORT]
    error: [jupyterhub] http://127.0.0.1:[PORT] gives everybody one server only
      [jupyterhub] Named servers are not enabled.
    hint: [jupyterhub] use it with `default_server: true` in the file of `--config`
    ");
    let config = context.config("default_server: true\n");
    let started = start(&project, &["-c", &config, "--default-url", "tree"]).success();
    let url = format!("{}/user/ann/tree", hub.url());
    assert_eq!(started.stdout.split_whitespace().collect::<Vec<_>>(), ["default", &url]);
    let _ = project.session(&["stop", "default"]).success();
    let listed = project.session(&["ls", "--format", "json"]).success().json();
    assert_eq!(listed["sessions"], json!([]));
}

#[test]
fn what_a_hub_refuses_and_what_it_cannot_do_is_said() {
    let (context, hub) = (Context::docker(), JupyterHub::start());
    let project = context.project("analysis");
    connect(&project, &hub.url(), "of-somebody-who-left");
    insta::assert_snapshot!(start(&project, &[]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: [jupyterhub] http://127.0.0.1:[PORT] does not know your token
    hint: [jupyterhub] make one at http://127.0.0.1:[PORT]/hub/token, then run `renku session origin add jupyterhub http://127.0.0.1:[PORT] --credential bearer`, which asks for it
    ");
    connect(&project, &hub.url(), hub.token_of_a_service());
    insta::assert_snapshot!(start(&project, &[]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: [jupyterhub] the token for http://127.0.0.1:[PORT] belongs to the service `clerk`, which has no servers
    hint: [jupyterhub] say whose servers with `user: NAME` in the file of `--config`, or use a token of your own
    ");
    connect(&project, &hub.url(), &hub.token());
    insta::assert_snapshot!(start(&project, &["--memory", "4Gi"]).snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: [jupyterhub] a JupyterHub takes no amounts of CPU, memory, disk or GPU
    hint: [jupyterhub] choose how large the session is with `--profile NAME`
    ");
    hub.crash();
    insta::assert_snapshot!(project.session(&["ls", "-p", "jupyterhub"]).snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: [jupyterhub] `http://127.0.0.1:[PORT]` cannot be reached
      [jupyterhub] Connection refused (os error 111)
    hint: [jupyterhub] check the network, and `http://127.0.0.1:[PORT]` in a browser
    ");
    // Nobody named it: the others are listed all the same.
    let listed = project.session(&["ls", "--format", "json"]).success().json();
    assert_eq!(listed["warnings"][0]["kind"], json!("unavailable"), "{listed}");
}
