//! Sessions that the Python `renku` started are still found, by `docker` alone.

use support::{Context, Foreign, Project, docker_ok, fixture};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const COMMIT: &str = "89abcdef0123456789abcdef0123456789abcdef";

/// A container as renku-python 2.9 starts it for this project.
fn session(project: &Project<'_>) -> Foreign {
    let labels = [
        "renku_project=analysis".to_owned(),
        format!("jupyter_token={TOKEN}"),
        format!("commit={COMMIT}"),
        "branch=main".to_owned(),
        "start_time=2024-07-01T12:00:00.000000".to_owned(),
    ];
    let mount = format!("{}:/home/jovyan/work/analysis", project.root().display());
    let mut arguments = vec!["-p", "8888", "-v", &mount];
    for label in &labels {
        arguments.extend(["--label", label]);
    }
    Foreign::start_with(&arguments, &["/bin/httpd", "-f", "-p", "8888", "-h", "/www"])
}

#[test]
fn they_are_listed_opened_and_stopped() {
    let context = Context::docker();
    let project = context.project("analysis");
    let python = session(&project);
    let port = docker_ok(&[
        "inspect",
        "-f",
        "{{(index (index .NetworkSettings.Ports \"8888/tcp\") 0).HostPort}}",
        &python.id,
    ]);
    let url = format!("http://127.0.0.1:{port}/lab?token={TOKEN}");

    let listed = project.session(&["ls", "--format", "json"]).success().json();
    let found = &listed["sessions"][0];
    assert_eq!(listed["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(found["name"], python.name);
    assert_eq!(found["provider"], "docker");
    assert_eq!(found["status"], "running");
    assert_eq!(found["project"], "analysis");
    assert_eq!(found["branch"], "main");
    assert_eq!(found["commit"], COMMIT);
    assert_eq!(found["url"], url);

    let opened = project.session(&["open", "--no-browser", &python.name]).success();
    assert_eq!(opened.stdout.trim(), url);

    let _ = project.session(&["stop", &python.name]).success();
    assert!(!python.runs());
    let listed = project.session(&["ls", "--format", "json"]).success().json();
    assert_eq!(listed["sessions"], serde_json::json!([]));
}

#[test]
fn stop_all_stops_them_too() {
    let context = Context::docker();
    let project = context.project("analysis");
    let python = session(&project);
    let _ = project.session(&["stop", "--all"]).success();
    assert!(!python.runs());
}

#[test]
fn those_of_another_project_of_the_same_name_are_foreign() {
    let context = Context::docker();
    let (project, other) = (context.project("analysis"), context.project("analysis"));
    let python = session(&other);
    let listed = project.session(&["ls", "--format", "json"]).success().json();
    assert_eq!(listed["sessions"], serde_json::json!([]));
    let _ = project.session(&["stop", &python.name]).exits(2);
    let _ = project.session(&["open", "--no-browser", &python.name]).exits(2);
    let _ = project.session(&["stop", "--all"]).success();
    assert!(python.runs());
}

#[test]
fn another_provider_does_not_see_them() {
    let context = Context::docker();
    let project = context.project("analysis");
    let python = session(&project);
    let config = context.config(&format!("do: foreign\nname: {}\n", python.name));
    let run = project.session(&["ls", "--yes", "-p", &fixture("hostile"), "-c", &config]).success();
    assert!(run.stderr.contains("foreign listed: false"), "{}", run.stderr);
    assert!(run.stderr.contains("foreign stop: ErrorKind::NotFound"), "{}", run.stderr);
    assert!(python.runs());
}
