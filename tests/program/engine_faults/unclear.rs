//! The engine does what it is asked and answers something else, or nothing: whoever asked
//! for a change looks what became of it.

use support::{Context, EngineProxy, Fault, Project, Run, httpd_image};

fn session(project: &Project<'_>, engine: &EngineProxy, words: &[&str]) -> Run {
    let renku = project.renku(&[&["session"], words].concat());
    renku.env("DOCKER_HOST", engine.address()).run()
}

/// What an engine may answer after it did something.
fn lost_answers() -> [Fault; 4] {
    [Fault::status(500), Fault::Close, Fault::garbage(), Fault::garbled()].map(Fault::after_doing)
}

#[test]
fn a_start_whose_request_was_answered_wrongly_leaves_nothing() {
    let context = Context::docker();
    let project = context.project("analysis");
    let image = httpd_image();
    for request in [
        "POST /volumes/create",
        "POST /containers/create",
        "PUT /containers/*/archive",
        "POST /containers/*/start",
    ] {
        for fault in lost_answers() {
            let engine = EngineProxy::with(request, fault.clone());
            let start = ["start", "--no-wait", "--image", &image, "--mount", "volume"];
            let run = session(&project, &engine, &start);
            // A success of which nobody reads the body is one.
            let is_success = matches!(&fault, Fault::AfterDoing(it) if it.is_success());
            if is_success && run.status == 0 {
                let _ = project.session(&["stop", "--yes"]).success();
            }
            let left = (project.containers(), project.volumes());
            assert_eq!(left, (vec![], vec![]), "{request} {fault:?}: {}", run.stderr);
            assert!(is_success || run.status == 1, "{request} {fault:?}: {}", run.stderr);
        }
    }
}

#[test]
fn a_change_that_was_answered_wrongly_and_done_is_done() {
    let context = Context::docker();
    let project = context.project("analysis");
    let image = httpd_image();
    for fault in [Fault::status(500), Fault::Close].map(Fault::after_doing) {
        let name = project.start(&["--image", &image, "--mount", "volume"]);
        let name = name["name"].as_str().unwrap();
        for (request, words) in [
            ("POST /containers/*/pause", &["pause", name][..]),
            ("POST /containers/*/unpause", &["resume", name]),
            ("POST /containers/*/stop", &["stop", "--yes", name]),
        ] {
            let engine = EngineProxy::with(request, fault.clone());
            assert_eq!(session(&project, &engine, words).status, 0, "{request} {fault:?}");
            assert!(engine.was_asked(request), "{request}");
        }
        let left = (project.containers(), project.volumes());
        assert_eq!(left, (vec![], vec![]), "{fault:?}");
    }
}

#[test]
fn a_removal_that_was_answered_wrongly_and_done_is_done() {
    let context = Context::docker();
    let project = context.project("analysis");
    let image = httpd_image();
    for request in ["DELETE /containers/*", "DELETE /volumes/*"] {
        for fault in [Fault::status(500), Fault::Close].map(Fault::after_doing) {
            let _ = project.start(&["--no-wait", "--image", &image, "--mount", "volume"]);
            let engine = EngineProxy::with(request, fault.clone());
            let run = session(&project, &engine, &["stop", "--yes"]);
            assert_eq!(run.status, 0, "{request} {fault:?}: {}", run.stderr);
            let left = (project.containers(), project.volumes());
            assert_eq!(left, (vec![], vec![]), "{request} {fault:?}");
        }
    }
}

#[test]
fn a_build_whose_last_answer_was_lost_is_built() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.write("Dockerfile", &format!("FROM {}\nLABEL a=b\n", httpd_image())).commit();
    let engine = EngineProxy::with("POST /build", Fault::Close.after_doing());
    let run = session(&project, &engine, &["start", "--yes", "--no-wait"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(project.containers().len(), 1);
}
