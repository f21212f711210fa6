//! `ls` and `stop` beside containers of others.

use support::{Context, Project, SmallEngine, docker_ok, httpd_image};

fn web(project: &Project<'_>) -> String {
    let session = project.start(&["--image", &httpd_image()]);
    session["name"].as_str().unwrap().to_owned()
}

#[test]
fn stopping_all_projects_stops_every_session_of_the_engine_and_nothing_else() {
    // On an engine where no other test has sessions.
    let engine = SmallEngine::with_disk("200m");
    let context = Context::docker();
    let image = httpd_image();
    let archive = context.folder().join("image.tar").display().to_string();
    let _ = docker_ok(&["save", "-o", &archive, &image]);
    let host = engine.address();
    let docker = |arguments: &[&str]| docker_ok(&[&["--host", &host], arguments].concat());
    let _ = docker(&["load", "-q", "-i", &archive]);
    let foreign =
        docker(&["run", "-d", "--network=none", &image, "/bin/httpd", "-f", "-p", "8080"]);
    for folder in ["one", "two"] {
        let _ = context
            .project(folder)
            .renku(&["session", "start", "--no-wait", "--network", "none", "--image", &image])
            .env("DOCKER_HOST", &host)
            .run()
            .success();
    }
    let stop = context.renku(context.folder(), &["session", "stop", "--all-projects", "--yes"]);
    let run = stop.env("DOCKER_HOST", &host).run().success();
    let told = run.filtered(&run.stderr);
    // In one line before, in the order of the engine: those that it stops together.
    let ended: Vec<&str> = told.lines().filter(|line| line.starts_with("Stopped")).collect();
    assert_eq!(ended, ["Stopped `one-[ID]`", "Stopped `two-[ID]`"], "{told}");
    assert_eq!(docker(&["ps", "-aq", "--no-trunc"]), foreign);
    let _ = docker(&["rm", "-f", &foreign]);
}

#[test]
fn a_container_without_a_published_port_is_listed_and_hides_no_other() {
    let context = Context::docker();
    let project = context.project("analysis");
    let name = web(&project);
    // As the Python `renku` left one behind: no port at all.
    let mount = format!("{}:/work", project.root().display());
    let portless = support::Foreign::start(&["--label", "renku_project=analysis", "-v", &mount]);
    let run = project.session(&["ls", "--format", "json"]).success();
    let sessions = run.json()["sessions"].as_array().unwrap().clone();
    let url = |name: &str| {
        sessions.iter().find(|session| session["name"] == name).map(|it| it["url"].clone())
    };
    assert_eq!(url(&portless.name), Some(serde_json::Value::Null));
    assert!(url(&name).unwrap().is_string());
    let run = project.session(&["open", &portless.name]).exits(1);
    assert_eq!(
        run.stderr.lines().next().unwrap(),
        format!("error: session `{}` publishes no port that could be opened", portless.name)
    );
}
