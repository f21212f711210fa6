//! Logs, pause and resume on a real engine.

use support::{Context, docker_ok, httpd_image};

#[test]
fn docker_can_do_both() {
    let context = Context::docker();
    let project = context.project("analysis");
    let dockerfile = format!(
        "FROM {}\nCMD [\"/bin/sh\", \"-c\", \"echo one; echo two; exec httpd -f -p 8080 -h /www\"]\n",
        httpd_image()
    );
    project.write("Dockerfile", &dockerfile).commit();
    let session = project.start(&[]);
    let name = session["name"].as_str().unwrap();
    let state = || docker_ok(&["inspect", "-f", "{{.State.Status}}", name]);
    let status = || {
        project.session(&["ls", "--format", "json"]).success().json()["sessions"][0]["status"]
            .clone()
    };

    assert_eq!(project.session(&["logs"]).success().stdout, "one\ntwo\n");
    assert_eq!(project.session(&["logs", name, "--tail", "1"]).success().stdout, "two\n");

    insta::assert_snapshot!(project.session(&["pause"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Paused `analysis-[ID]`; `renku session resume analysis-[ID]` resumes it
    ");
    assert_eq!((state().as_str(), status()), ("paused", "paused".into()));

    insta::assert_snapshot!(project.session(&["resume", name]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Resumed `analysis-[ID]`; `renku session open analysis-[ID]` opens it
    ");
    assert_eq!((state().as_str(), status()), ("running", "running".into()));
}
