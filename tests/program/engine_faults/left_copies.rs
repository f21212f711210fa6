//! A stop that was interrupted between the container and its volume leaves a copy of the
//! project. Commands name it, and a second stop finishes.

use support::{Context, EngineProxy, Fault, Project, docker_ok, httpd_image};

/// A copy whose session is gone: its stop could not remove the volume.
fn left_copy(project: &Project<'_>) -> String {
    let session = project.start(&["--no-wait", "--image", &httpd_image(), "--mount", "volume"]);
    let engine = EngineProxy::with("DELETE /volumes/*", Fault::status(500));
    let name = session["name"].as_str().unwrap().to_owned();
    let stop = project.renku(&["session", "stop", "--yes", &name]);
    let _ = stop.env("DOCKER_HOST", engine.address()).run().exits(1);
    assert!(!project.containers().contains(&name));
    assert!(project.volumes().contains(&format!("renku-{name}")));
    name
}

/// What a command prints, without the name.
fn shown(project: &Project<'_>, name: &str, words: &[&str]) -> String {
    project.session(words).snapshot().replace(name, "[NAME]").replace("analysis-[ID]", "[NAME]")
}

#[test]
fn commands_name_a_copy_without_a_session() {
    let context = Context::docker();
    let project = context.project("analysis");
    let name = left_copy(&project);
    insta::assert_snapshot!(shown(&project, &name, &["ls", "--all-projects"]), @r"
    exit status: 0
    --- stdout
    --- stderr
    None of your projects has any sessions; `renku session start` in a project starts one
    warning: the removed session `[NAME]` left a copy of the project
    hint: if nothing in it is needed, `renku session stop --all-projects [NAME]` removes it
    ");
    let doctor = shown(&project, &name, &["doctor"]);
    assert!(doctor.contains("the removed session `[NAME]` left a copy of the project"), "{doctor}");
    // Nobody can be asked, and it may be worth something.
    for words in [&["stop", "--all"][..], &["image", "prune"]] {
        let printed = shown(&project, &name, words);
        assert!(printed.contains("warning: the removed session"), "{printed}");
        assert_eq!(project.volumes().len(), 1, "{words:?}");
    }
}

#[test]
fn a_second_stop_finishes() {
    let context = Context::docker();
    let project = context.project("analysis");
    let name = left_copy(&project);
    insta::assert_snapshot!(shown(&project, &name, &["stop", &name]), @r"
    exit status: 0
    --- stdout
    --- stderr
    Removed the copy of the project that `[NAME]` left
    ");
    assert_eq!(project.volumes(), Vec::<String>::new());
    let again = shown(&project, &name, &["stop", &name]);
    assert!(again.contains("exit status: 2"), "{again}");
}

#[test]
fn what_is_for_all_removes_it_when_that_was_agreed_to() {
    let context = Context::docker();
    let project = context.project("analysis");
    for words in [&["stop", "--all", "--yes"][..], &["image", "prune", "--yes"]] {
        let name = left_copy(&project);
        let printed = shown(&project, &name, words);
        let removed = "Removed the copy of the project that `[NAME]` left";
        assert!(printed.contains(removed), "{words:?}: {printed}");
        assert_eq!(project.volumes(), Vec::<String>::new(), "{words:?}");
    }
}

#[test]
fn the_copy_of_a_session_that_is_there_stays() {
    let context = Context::docker();
    let project = context.project("analysis");
    let session = project.start(&["--no-wait", "--image", &httpd_image(), "--mount", "volume"]);
    let name = session["name"].as_str().unwrap();
    let left = left_copy(&project);
    let _ = project.session(&["image", "prune", "--yes"]).success();
    assert_eq!(project.volumes(), [format!("renku-{name}")]);
    assert_ne!(left, name);
    // A volume that only has such a name is somebody else's.
    let foreign = format!("renku-foreign-{}", std::process::id());
    let _ = docker_ok(&["volume", "create", &foreign]);
    let _ = project.session(&["stop", "--all", "--yes"]).success();
    let is_there = support::docker(&["volume", "inspect", &foreign]).success;
    let _ = docker_ok(&["volume", "rm", &foreign]);
    assert!(is_there);
}

#[test]
fn a_copy_that_cannot_be_read_keeps_no_other_session_running() {
    let context = Context::docker();
    let project = context.project("analysis");
    let image = httpd_image();
    let start = |name: &str| {
        let start = ["--no-wait", "--image", &image, "--mount", "volume", "--name", name];
        let _ = project.start(&start);
    };
    let names = ["good", "bad"].map(|name| format!("{name}-{}", &project.id()[..8]));
    let [good, bad] = names.each_ref().map(String::as_str);
    start(good);
    start(bad);
    let _ = docker_ok(&["exec", bad, "sh", "-c", "echo garbage > /var/lib/renku/copy"]);
    let shown = |words: &[&str]| {
        project.session(words).snapshot().replace(good, "[GOOD]").replace(bad, "[BAD]")
    };
    insta::assert_snapshot!(shown(&["stop", "--all"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    Reading the project of the session
    Reading the project of the session
    Stopping [GOOD]
    Stopped `[GOOD]`
    warning: the copy of the project in session `[BAD]` cannot be read, so it was not stopped: its changes would be lost
      the changes of session `[BAD]` could not be copied here
      expected value at line 1 column 1
    hint: `renku session stop --yes [BAD]` stops it anyway
    error: 1 of 2 sessions could not be stopped
    ");
    assert_eq!(project.containers(), [bad]);
    let _ = project.session(&["stop", "--yes", bad]).success();
    assert_eq!((project.containers(), project.volumes()), (vec![], vec![]));
}
