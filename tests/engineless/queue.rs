//! What engines with a queue know, and how it reaches the user: the drafts of the next contract.

use serde_json::json;
use support::{Context, Project, Run, fixture, get, httpd_image};

fn allowed(project: &Project<'_>) -> String {
    let queueing = fixture("queueing");
    let _ = project.session(&["provider", "grant", &queueing, "--yes"]).success();
    queueing
}

fn start(project: &Project<'_>, more: &[&str]) -> Run {
    let queueing = allowed(project);
    let image = httpd_image();
    let start = ["start", "-p", &queueing, "--image", &image, "--format", "json"];
    project.session(&[&start, more].concat())
}

#[test]
fn a_program_learns_its_port_where_it_starts() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let session = start(&project, &["--name", "one"]).success().json();
    assert_eq!(get(session["session"]["url"].as_str().unwrap()).status, 200);
    let container = context.memory().container("one");
    assert_eq!(container["program"], json!(["httpd", "-f", "-p", "8080", "-h", "/www"]));
    assert_eq!(container["environment"]["SESSION_URL"], json!("http://0.0.0.0:8080/"));
    // Its identity, and not its name, tells the project from others.
    let id = container["labels"]["project_id"].as_str().unwrap();
    assert_eq!(id, container["labels"]["io.renku.session.project"].as_str().unwrap());

    let config = context.config("placeholder: \"\"\n");
    let refused = start(&project, &["-c", &config]).exits(2).json();
    assert_eq!(refused["error"]["message"], json!("`` cannot stand for port 8080 of a session"));
}

#[test]
fn a_session_that_waits_says_why_and_until_when() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let queueing = allowed(&project);
    let _ = start(&project, &["--name", "one"]).success();
    context.memory().change(|state| {
        state["containers"]["one"]["stage"] = json!("created");
        state["containers"]["one"]["schedule"] = json!({
            "reason": "waiting for 4 GPUs",
            "expected_start": "2026-11-23T14:05:09Z",
            "node": "n17",
        });
    });
    let list =
        |more: &[&str]| project.session(&[&["ls", "-p", &queueing], more].concat()).success();
    let listed = list(&["--format", "json"]).json();
    let session = &listed["sessions"][0];
    assert_eq!(session["status"], json!("starting"));
    let id = session["details"]["launcher"].clone();
    assert_eq!(
        session["details"],
        json!({
            "reason": "waiting for 4 GPUs",
            "expected_start": "2026-11-23T14:05:09Z",
            "launcher": id,
            "node": "n17",
        })
    );
    let columns = "name,status,expected_start,node";
    let shown = list(&["--columns", columns]).stdout;
    insta::assert_snapshot!(shown, @r"
    NAME  STATUS                         EXPECTED START    NODE
    one   starting (waiting for 4 GPUs)  2026-11-23 14:05  n17
    ");
    let exact = list(&["--columns", columns, "--format", "tsv"]).stdout;
    assert!(exact.ends_with("one\tstarting\t2026-11-23T14:05:09Z\tn17\n"), "{exact}");
}

#[test]
fn how_long_a_session_may_run_is_kept_by_the_engine() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let queueing = allowed(&project);
    let config = context.config("minutes: 30\n");
    let _ = start(&project, &["--name", "one", "-c", &config]).success();
    assert_eq!(context.memory().container("one")["time_limit"], json!(1800));
    let listed = project.session(&["ls", "-p", &queueing, "--format", "json"]).success().json();
    let end = listed["sessions"][0]["details"]["expected_end"].as_str().unwrap();
    assert!(end.ends_with('Z') && end.len() >= 20, "{end}");
}
