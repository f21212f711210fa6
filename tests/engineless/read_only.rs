//! `--read-only`, and `start --no-changes`: what reads works, what would change
//! something is refused by somebody who could not do it.

use serde_json::json;
use support::renkulab::RenkuLab;
use support::{Context, Project, Run, fixture, httpd_image};

/// `renku session …` that may change nothing, and asks the engine for no change.
#[track_caller]
fn session(context: &Context, project: &Project<'_>, arguments: &[&str]) -> Run {
    let option = if arguments[0] == "start" { "--no-changes" } else { "--read-only" };
    let all = [&["session"], arguments, &[option]].concat();
    context.memory().order(json!([]));
    let run = project.renku(&all).run();
    assert_eq!(context.memory().changes(), Vec::<String>::new());
    run
}

#[test]
fn sessions_are_listed_opened_and_read_and_stay_as_they_are() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let session_name = project.start(&["--no-wait", "--image", &httpd_image()])["name"].clone();
    let name = session_name.as_str().unwrap();
    let listed = session(&context, &project, &["ls", "--format", "json"]).success().json();
    assert_eq!(listed["sessions"][0]["name"], session_name);
    let _ = session(&context, &project, &["open", "--no-browser"]).success();
    let _ = session(&context, &project, &["logs"]).success();
    assert_ne!(context.memory().calls(), Vec::<String>::new());

    insta::assert_snapshot!(session(&context, &project, &["stop", "--yes"]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    Stopping analysis-[ID]
    error: `--read-only` forbids changes, and this would stop the container `analysis-[ID]`
    hint: leave out `--read-only`
    ");
    let kind = |arguments: &[&str]| {
        let mut error = session(&context, &project, arguments).exits(3).json()["error"].take();
        (error["kind"].take(), error["message"].as_str().unwrap().to_owned())
    };
    for command in ["pause", "resume"] {
        let (kind, message) = kind(&[command, "--format", "json"]);
        assert_eq!(kind, "denied");
        let end = format!("this would {command} the container `{name}`");
        assert!(message.ends_with(&end), "{message}");
    }
    let (_, message) = kind(&["stop", "--all", "--format", "json"]);
    assert!(message.ends_with(&format!("this would stop the container `{name}`")), "{message}");
    assert_eq!(context.memory().container(name)["stage"], "running");
}

#[test]
fn nothing_is_started_built_pulled_renamed_or_removed() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(session(&context, &project, &["start"]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: `--no-changes` forbids changes, and this would build the image `analysis:[COMMIT7]` from `Dockerfile`
    hint: leave out `--no-changes`
    ");
    let image = httpd_image();
    insta::assert_snapshot!(session(&context, &project, &["start", "--image", &image]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: `--no-changes` forbids changes, and this would start the container `analysis-[ID]`
    hint: leave out `--no-changes`
    ");
    let pull = ["start", "--image", &image, "--pull", "always"];
    insta::assert_snapshot!(session(&context, &project, &pull).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: `--no-changes` forbids changes, and this would pull the image `renku-test/httpd:latest`
    hint: leave out `--no-changes`
    ");
    // An image that was built from the same would get one more name.
    project.write("Dockerfile", &format!("FROM {image}\n"));
    project.write(".dockerignore", "*\n").commit();
    let _ = project.start(&["--no-wait"]);
    project.write("more", "1").commit();
    insta::assert_snapshot!(session(&context, &project, &["start"]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    Session `analysis-[ID]` of this project is already running; `renku session open analysis-[ID]` opens it. Starting another
    error: `--no-changes` forbids changes, and this would tag an image that was built from the same files as `analysis:[COMMIT7]`
    hint: leave out `--no-changes`
    ");
    let _ = project.session(&["stop", "--all"]).success();
    insta::assert_snapshot!(session(&context, &project, &["image", "prune", "--all"]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: `--read-only` forbids changes, and this would remove the images `analysis:[COMMIT7]`
    hint: leave out `--read-only`
    ");
}

#[test]
fn a_copy_of_the_project_is_not_brought_back() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let image = httpd_image();
    let _ = project.start(&["--no-wait", "--image", &image, "--mount", "volume"]);
    insta::assert_snapshot!(session(&context, &project, &["pull"]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    Reading the project of the session
    error: `--read-only` forbids changes, and this would copy the changes of `analysis-[ID]` here
    hint: leave out `--read-only`
    ");
}

#[test]
fn a_provider_reads_from_the_web_and_changes_nothing_there() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let server = RenkuLab::start();
    let requesting = fixture("requesting");
    let add = ["origin", "add", "cluster", server.url(), "--for", &requesting];
    let _ = project.session(&add).success();
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
    let requests = methods.map(|method| json!({ "method": method, "path": "/api/data/version" }));
    let config = context.config(&json!({ "origin": "cluster", "requests": requests }).to_string());
    let ls = ["ls", "--yes", "-vv", "--format", "json", "-p", &requesting, "-c", &config];
    let run = project.session(&[&ls[..], &["--read-only"]].concat()).success();
    let sessions = run.json()["sessions"].clone();
    let said: Vec<&str> =
        sessions.as_array().unwrap().iter().map(|it| it["reason"].as_str().unwrap()).collect();
    assert!(said[0].starts_with("200 ") && !said[1].starts_with("ErrorKind"), "{said:?}");
    for (method, said) in methods.iter().zip(&said).skip(2) {
        let wanted = format!(
            "ErrorKind::Denied: `--read-only` forbids changes, and this would send {method} {}/api/data/version",
            server.url()
        );
        assert_eq!(*said, wanted);
    }
    let asked: Vec<String> = server.requests().into_iter().map(|seen| seen.method).collect();
    assert_eq!(asked, ["GET", "HEAD"]);
    // What is withheld opens no connection: a client is built for what is sent.
    let config = json!({ "origin": "cluster", "requests": [&requests[2]] }).to_string();
    let config = context.config(&config);
    let ls = ["ls", "-vv", "-p", &requesting, "-c", &config, "--read-only"];
    let run = project.session(&ls).success();
    assert!(!run.stderr.contains("connecting to"), "{}", run.stderr);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_provider_sees_the_repository_and_pushes_nothing() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let bare = context.folder().join("remote.git").display().to_string();
    project.git(&["clone", "-q", "--bare", ".", &bare]);
    project.git(&["remote", "add", "origin", &bare]);
    project.git(&["push", "-q", "-u", "origin", "main"]);
    project.write("more", "1").commit();
    let there = || project.git(&["--git-dir", &bare, "rev-parse", "main"]);
    let before = there();
    let requesting = fixture("requesting");
    let start = |what: &str| {
        let config = context.config(&json!({ "repository": what }).to_string());
        let image = ["--image", "x", "--push", "--no-changes"];
        project
            .session(&[&["start", "--yes", "-p", &requesting, "-c", &config], &image[..]].concat())
    };
    let _ = start("status").success();
    insta::assert_snapshot!(start("push").snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: [file:[DIGEST]] `--no-changes` forbids changes, and this would push 1 commit of `main` to `origin/main`
    hint: [file:[DIGEST]] leave out `--no-changes`
    ");
    assert_eq!(there(), before);
}

#[test]
fn the_key_of_tokens_is_not_made() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let _ = session(&context, &project, &["start", "--image", &httpd_image()]).exits(3);
    assert!(!context.home().join(".config/renku/session.key").exists());
}

#[test]
fn it_can_be_set_in_the_environment() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let _ = project.start(&["--no-wait", "--image", &httpd_image()]);
    let stop = ["session", "stop", "--format", "json"];
    let run = project.renku(&stop).env("RENKU_SESSION_STOP_READ_ONLY", "1").run().exits(3);
    assert_eq!(run.json()["error"]["hint"], "leave out `--read-only`");
}
