//! `ls` in all its forms.

use std::io::BufRead as _;

use serde_json::json;
use support::{Context, Project, Run, fixture, httpd_image};

fn web(project: &Project<'_>) -> String {
    let session = project.start(&["--image", &httpd_image()]);
    session["name"].as_str().unwrap().to_owned()
}

/// The three sessions that `recording` gets by its configuration.
fn recorded(context: &Context, project: &Project<'_>, arguments: &[&str]) -> Run {
    let config = context.config("sessions: [c, a, b]\n");
    project.session(&[&["ls", "-p", &fixture("recording"), "-c", &config], arguments].concat())
}

#[test]
fn quiet_prints_names_alone_sorted_and_nothing_for_none() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    for format in ["table", "json", "tsv"] {
        let run = recorded(&context, &project, &["-q", "--format", format]).success();
        assert_eq!(run.stdout, "a\nb\nc\n");
    }
    let run = project.session(&["ls", "-q"]).success();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
}

#[test]
fn columns_are_chosen_by_name() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let columns = |columns: &str, format: &str| {
        let run =
            recorded(&context, &project, &["--columns", columns, "--format", format]).success();
        run.stdout
    };
    insta::assert_snapshot!(columns("Name, status,commit,image", "table"), @r"
    NAME  STATUS   COMMIT   IMAGE
    a     running  0123456  recorded:1
    b     running  0123456  recorded:1
    c     running  0123456  recorded:1
    ");
    assert_eq!(columns("id,branch", "tsv"), "a\tmain\nb\tmain\nc\tmain\n");
    insta::assert_snapshot!(project.session(&["ls", "--columns", "name,ssh"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: invalid value 'name,ssh' for '--columns <NAME,…>': the columns are id, name, project, provider, status, ports, start_time, url, image, branch, commit, reason, expected_start, expected_end, resources, launcher, node

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(project.session(&["ls", "--columns", "name", "--format", "log"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `--columns` works with the formats `table` and `tsv` only
    hint: leave out `--columns`: every key is there
    ");
}

#[test]
fn a_log_has_a_few_lines_each() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let run = recorded(&context, &project, &["--format", "log"]).success();
    let first = run.stdout.split("\n\n").next().unwrap();
    insta::assert_snapshot!(run.filtered(first), @r"
    Session a (running, file:[DIGEST])
    Project: recorded
    Started: [TIME]
    Url: http://127.0.0.1:[PORT]/a
    Image: recorded:1
    Commit: [COMMIT]
    Branch: main
    ");
}

#[test]
fn all_projects_are_listed_from_anywhere() {
    let context = Context::in_memory();
    let (one, other) = (context.project("analysis"), context.project("essay"));
    let (first, second) = (web(&one), web(&other));
    let run = context
        .renku(context.folder(), &["session", "ls", "--all-projects", "--format", "json"])
        .run()
        .success();
    let document = run.json();
    let projects: Vec<(String, String)> = document["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["name"].as_str().unwrap().into(), it["project"].as_str().unwrap().into()))
        .collect();
    for (name, project) in [(&first, "analysis"), (&second, "essay")] {
        assert!(projects.contains(&(name.clone(), project.to_owned())), "{projects:?}");
    }
    // The table says which project it is.
    let run = context.renku(context.folder(), &["session", "ls", "--all-projects"]).run().success();
    assert!(run.stdout.starts_with("NAME"), "{}", run.stdout);
    assert!(run.stdout.lines().next().unwrap().contains("PROJECT"), "{}", run.stdout);
    // Inside a project there is only its own.
    assert_eq!(one.session(&["ls", "-q"]).success().stdout, format!("{first}\n"));
}

#[test]
fn a_session_of_another_project_is_opened_and_stopped_from_anywhere_when_that_is_asked_for() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let session = project.start(&["--image", &httpd_image()]);
    let name = session["name"].as_str().unwrap();
    let anywhere = |arguments: &[&str]| {
        context.renku(context.folder(), &[&["session"], arguments].concat()).run()
    };
    insta::assert_snapshot!(anywhere(&["open", name]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `[TEST]` is not in a git project
    hint: go to your project with `cd`, or add `--all-projects`
    ");
    let opened = anywhere(&["open", "--no-browser", "--all-projects", name]).success();
    assert_eq!(opened.stdout.trim(), session["url"].as_str().unwrap());
    let _ = anywhere(&["stop", "--all-projects", &format!("docker/{name}")]).success();
    assert_eq!(project.containers(), Vec::<String>::new());
    let run = anywhere(&["stop", "--all-projects", name]).exits(2);
    assert!(run.stderr.starts_with(&format!("error: your projects have no session `{name}`\n")));
}

#[test]
fn stopping_all_projects_asks_first() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let stop = |yes: &[&str]| {
        let config = context.config("sessions: [one, two]\n");
        let recording = fixture("recording");
        let arguments = ["stop", "--all-projects", "-p", &recording, "-c", &config];
        project.session(&[&arguments[..], yes].concat())
    };
    insta::assert_snapshot!(stop(&[]).snapshot_without_calls(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no terminal to ask: Sessions of all your projects:   one (recorded)   two (recorded) Stop them?
    hint: answer it with `--yes`
    ");
    let run = stop(&["--yes"]).success();
    insta::assert_snapshot!(run.snapshot_without_calls(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Stopping one, two
    Stopped `one`
    Stopped `two`
    ");
    let call = run.calls().pop().unwrap();
    assert_eq!(call.arguments, json!({ "name": null, "all": true }));
    assert_eq!(call.request["project"], serde_json::Value::Null);
}

#[test]
fn a_provider_stands_before_a_name_wherever_there_is_one() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let name = web(&project);
    let full = format!("docker/{name}");
    for command in [&["open", "--no-browser"][..], &["logs"], &["pause"], &["resume"]] {
        let _ = project.session(&[command, &[&full]].concat()).success();
    }
    insta::assert_snapshot!(project.session(&["stop", "-p", "other", &full]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `-p other` and `docker/` name two providers
    hint: leave out `-p`, or the `docker/` before the name
    ");
    let _ = project.session(&["stop", &full]).success();
    assert_eq!(project.containers(), Vec::<String>::new());
}

#[test]
fn pausing_and_resuming_print_the_session_for_programs() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let session = project.start(&["--image", &httpd_image()]);
    let paused = project.session(&["pause", "--format", "json"]).success().json();
    assert_eq!(paused["session"]["status"], "paused");
    assert_eq!(paused["session"]["url"], serde_json::Value::Null);
    let resumed = project.session(&["resume", "--format", "json"]).success().json();
    assert_eq!(resumed, json!({ "version": 1, "session": session }));
}

#[test]
fn watching_appends_what_changes_until_ctrl_c() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let name = web(&project);
    let mut watching =
        project.renku(&["session", "ls", "--watch", "--columns", "name,status"]).spawn();
    let mut lines = std::io::BufReader::new(watching.stdout().unwrap()).lines();
    let mut line = || lines.next().unwrap().unwrap();
    assert_eq!(line(), format!("{:<width$}  STATUS", "NAME", width = name.len()));
    assert_eq!(line(), format!("{name}  running"));
    context.memory().pause(&name);
    assert_eq!(line(), format!("{name}  paused"));
    context.memory().remove(&name);
    assert_eq!(line(), format!("{name}  stopped"));
    watching.signal("INT");
    let run = watching.wait().success();
    assert_eq!(run.stderr, "");
}

#[test]
fn watching_for_programs_is_a_document_a_line() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let mut watching = project.renku(&["session", "ls", "--watch", "--format", "json"]).spawn();
    let mut lines = std::io::BufReader::new(watching.stdout().unwrap()).lines();
    let mut document =
        || -> serde_json::Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    assert_eq!(document(), json!({ "version": 1, "sessions": [], "warnings": [] }));
    let name = web(&project);
    // It may be seen before it runs.
    let seen = document();
    assert_eq!(seen["sessions"][0]["name"], name);
    watching.signal("INT");
    let _ = watching.wait().success();
}

/// An engine with so many containers of the Python `renku`, which answers nothing else.
fn engine_of_many(socket: &std::path::Path, number: usize) -> String {
    use std::io::{Read as _, Write as _};
    let row = |index: usize| {
        serde_json::json!({
            "Id": format!("{index:064x}"),
            "Names": [format!("/many-{index:05}")],
            "Image": "a",
            "State": "running",
            "Created": 1_700_000_000,
            "Labels": { "renku_project": "analysis" },
        })
    };
    let rows: Vec<_> = (0..number).map(row).collect();
    let rows = serde_json::to_string(&rows).unwrap();
    let listener = std::os::unix::net::UnixListener::bind(socket).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap_or(0);
            let is_volumes = String::from_utf8_lossy(&request).contains("/volumes");
            let body = if is_volumes { r#"{"Volumes":[]}"# } else { &rows };
            if length > 0 {
                let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
                let _ = write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            }
        }
    });
    format!("unix://{}", socket.display())
}

#[test]
fn a_list_that_is_not_whole_says_how_many_are_left_out() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let address = engine_of_many(&context.folder().join("many.sock"), 20_000);
    let ls = ["session", "ls", "--all-projects", "-q"];
    let run = project.renku(&ls).env("DOCKER_HOST", address).run().success();
    assert_eq!(run.stdout.lines().count(), 5_000);
    assert_eq!(run.stdout.lines().next(), Some("many-00000"));
    assert_eq!(run.stderr, "warning: 15000 sessions are left out: a list has the newest 5000\n");
}
