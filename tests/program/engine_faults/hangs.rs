//! A build without its BuildKit session would wait for it for ever.

use support::{Context, EngineProxy, Fault, Project, Run, httpd_image};

/// A build with a fault in it, without its time.
fn build(project: &Project<'_>, engine: &EngineProxy) -> Run {
    let renku = project.renku(&["session", "start", "--yes", "--no-wait"]);
    renku.env("DOCKER_HOST", engine.address()).run()
}

#[test]
fn a_build_ends_when_the_engine_refuses_its_session() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.write("Dockerfile", &format!("FROM {}\nRUN echo a\n", httpd_image())).commit();
    for (fault, why) in [
        (Fault::status(403), "ordered by a test"),
        (Fault::status(404), "ordered by a test"),
        (Fault::status(500), "ordered by a test"),
        (Fault::Close, "connection closed before message completed"),
        (Fault::garbage(), "invalid HTTP version parsed"),
    ] {
        let engine = EngineProxy::with("POST /session", fault.clone());
        let run = build(&project, &engine);
        let expected = format!(
            "exit status: 1\n--- stdout\n--- stderr\nBuilding analysis:[COMMIT7]\n\
             error: building `analysis:[COMMIT7]` failed\n  the engine does not accept a BuildKit session \
             (`POST /session`): {why}; with `DOCKER_BUILDKIT=0` in the environment it builds without \
             one\n"
        );
        let printed = run.snapshot();
        let printed = printed.split("hint:").next().unwrap();
        assert_eq!(printed, expected, "{fault:?}");
        assert_eq!(project.containers(), Vec::<String>::new());
    }
}

#[test]
fn without_buildkit_no_session_is_needed() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.write("Dockerfile", &format!("FROM {}\nRUN echo a\n", httpd_image())).commit();
    let engine = EngineProxy::with("POST /session", Fault::status(403));
    let renku = project.renku(&["session", "start", "--yes", "--no-wait"]);
    let run = renku.env("DOCKER_HOST", engine.address()).env("DOCKER_BUILDKIT", "0").run();
    let _ = run.success();
    assert_eq!(project.containers().len(), 1);
}
