//! The whole life of a session.

use support::{Context, docker_ok, get};

#[test]
fn a_session_is_started_listed_opened_and_stopped() {
    let context = Context::new();
    let project = context.project("analysis");

    let session = project.start(&[]);
    let name = session["name"].as_str().unwrap();
    let url = session["url"].as_str().unwrap();
    assert!(name.starts_with("analysis-"), "{name}");
    assert_eq!(session["status"], "running");
    assert_eq!(project.containers(), [name]);

    // The URL is that of this project's JupyterLab, and needs its token.
    let page = get(url);
    assert_eq!(page.status, 200);
    assert!(page.body.contains("jupyter-config-data"));
    let (bare, _) = url.split_once('?').unwrap();
    assert!(!get(bare).body.contains("jupyter-config-data"));

    let listed = project.session(&["ls", "--format", "json"]).success().json();
    assert_eq!(listed["version"], 1);
    assert_eq!(listed["warnings"], serde_json::json!([]));
    assert_eq!(listed["sessions"], serde_json::json!([session]));

    let opened = project.session(&["open", "--no-browser"]).success();
    assert_eq!(opened.stdout.trim(), url);

    let _ = project.session(&["stop", name]).success();
    assert_eq!(project.containers(), Vec::<String>::new());
    let listed = project.session(&["ls", "--format", "json"]).success().json();
    assert_eq!(listed["sessions"], serde_json::json!([]));
    assert_eq!(docker_ok(&["ps", "-aq", "--filter", &format!("name={name}")]), "");
}
