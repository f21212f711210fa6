//! A RenkuLab that does not answer may have a session of this project: who names
//! none is told, and asked before one is stopped.

use support::renkulab::Fault;
use support::{Project, Renku, httpd_image};

use super::ground::Ground;

/// `renku session …` with the engine of this machine, and a RenkuLab that is away.
fn away<'a>(ground: &'a Ground, project: &Project<'a>, arguments: &[&str]) -> Renku<'a> {
    let mut all = vec!["session"];
    all.extend(arguments);
    project
        .renku(&all)
        .env("RENKU_CLI_RENKU_URL", "http://127.0.0.1:1")
        .env("RENKU_CLI_ACCESS_TOKEN", ground.lab.token())
}

/// The names of the sessions here.
fn here(project: &Project<'_>) -> Vec<String> {
    let run = project.session(&["ls", "-p", "docker", "--quiet"]).success();
    run.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn stopping_the_only_session_that_is_known_says_who_was_not_heard() {
    let ground = Ground::new();
    let project = ground.bound();
    let _ = project.start(&["--image", &httpd_image(), "-p", "docker"]);
    insta::assert_snapshot!(away(&ground, &project, &["stop", "--yes"]).run().snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    warning: the provider `renkulab` did not answer, and may have a session, too
      `http://127.0.0.1:1` cannot be reached
      Connection refused (os error 111)
    hint: check the network, and `http://127.0.0.1:1` in a browser
    The only known session is `demo-[ID]` of `docker`
    Stopping demo-[ID]
    Stopped `demo-[ID]`
    ");
    assert_eq!(here(&project), Vec::<String>::new());
}

#[test]
fn on_a_terminal_it_is_asked_and_no_is_the_answer_of_enter() {
    let ground = Ground::new();
    let project = ground.bound();
    let session = project.start(&["--image", &httpd_image(), "-p", "docker"]);
    let name = session["name"].as_str().unwrap();
    let run = away(&ground, &project, &["stop"]).on_a_terminal("\n").exits(1);
    let question = format!("The only known session is `{name}` of `docker`\r\nStop it? [y/N]");
    assert!(run.stdout.contains(&question), "{}", run.stdout);
    assert!(run.stdout.contains("stopping was declined"), "{}", run.stdout);
    assert_eq!(here(&project), [name]);
    // Who names it means it.
    let run = away(&ground, &project, &["stop", name]).on_a_terminal("").success();
    assert!(!run.stdout.contains("did not answer"), "{}", run.stdout);
    let _ = project.start(&["--image", &httpd_image(), "-p", "docker"]);
    let run = away(&ground, &project, &["stop", "--yes"]).on_a_terminal("").success();
    assert!(run.stdout.contains("`renkulab` did not answer"), "{}", run.stdout);
    assert_eq!(here(&project), Vec::<String>::new());
}

#[test]
fn every_command_about_one_session_says_it() {
    let ground = Ground::new();
    let project = ground.bound();
    let session = project.start(&["--image", &httpd_image(), "-p", "docker"]);
    let name = session["name"].as_str().unwrap();
    let about = format!("The only known session is `{name}` of `docker`\n");
    let commands: [&[&str]; 4] = [&["open", "--no-browser"], &["logs"], &["pause"], &["resume"]];
    for arguments in commands {
        let run = away(&ground, &project, arguments).run().success();
        let warnings =
            run.stderr.matches("warning: the provider `renkulab` did not answer").count();
        assert_eq!(warnings, 1, "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(&about), "{arguments:?}: {}", run.stderr);
    }
    let run = away(&ground, &project, &["open", "--no-browser", name]).run().success();
    assert!(!run.stderr.contains("did not answer"), "{}", run.stderr);
}

#[test]
fn stopping_all_tells_every_failure() {
    let ground = Ground::without_engine();
    let project = ground.bound();
    let _ = ground.lab.session("user1", &ground.launcher);
    ground.lab.fault("DELETE", "/api/data/sessions", Fault::Status(500), 9);
    // The engine is not there either.
    insta::assert_snapshot!(ground.printed(&project, &["stop", "--all"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    Stopping jane-doe-[ID]
    warning: no container engine can be reached
      `unix:///nowhere/docker.sock`: not there
    hint: start the engine at that address, or change `DOCKER_HOST`
    warning: http://127.0.0.1:[PORT] cannot stop the session: it reports an internal error
      An error on demand.
      trace id 0123456789abcdef
    hint: try again in a minute
    error: 2 providers could not stop their sessions
    ");
}
