//! A session that opens without a token: an error where it is a Jupyter, a warning where it
//! is anything else, and who can open it is part of both.

use support::{Context, Project, get, httpd_image, jupyter_image};

/// Settings of a Jupyter that asks nobody who they are.
const OPEN: &str = "c.IdentityProvider.token = ''\nc.ServerApp.password = ''\n";

/// A project whose image has a Jupyter without authentication.
fn open_project<'a>(context: &'a Context, command: &str) -> Project<'a> {
    let project = context.project("analysis");
    let dockerfile = format!(
        "FROM {}\nUSER root\nCOPY open.py /etc/jupyter/jupyter_server_config.py\nUSER 1000\n{command}",
        jupyter_image()
    );
    project.write("open.py", OPEN).write("Dockerfile", &dockerfile).commit();
    project
}

#[test]
fn a_jupyter_without_authentication_is_refused_and_removed() {
    let context = Context::docker();
    let project = open_project(&context, "");
    insta::assert_snapshot!(project.leaves_nothing(&["start", "--yes"]), @r"
    exit status: 3
    --- stdout
    --- stderr
    Building analysis:[COMMIT7]
    Waiting for the session
    Cleaning up
    error: `analysis-[ID]` needs no token: every user of this computer can open it
      authentication is off in its image or command
    hint: turn authentication on in its Jupyter settings, or add `--without-token`
    ");
    // Below a path of its own, too.
    let project = open_project(
        &context,
        "CMD [\"jupyter\", \"lab\", \"--ip=0.0.0.0\", \"--no-browser\", \"--ServerApp.base_url=/ada/lab\"]\n",
    );
    let refused = project.leaves_nothing(&["start", "--yes"]);
    assert!(
        refused.contains("needs no token: every user of this computer can open it"),
        "{refused}"
    );
}

#[test]
fn a_jupyter_without_authentication_starts_when_its_user_typed_that() {
    let context = Context::docker();
    let project = open_project(&context, "");
    let run = project.session(&["start", "--yes", "--format", "json", "--without-token"]).success();
    insta::assert_snapshot!(run.filtered(&run.stderr), @r"
    Building analysis:[COMMIT7]
    Waiting for the session
    warning: `analysis-[ID]` needs no token: every user of this computer can open it
    ");
    let url = run.json()["session"]["url"].as_str().unwrap().to_owned();
    let (bare, _) = url.split_once("?token=").unwrap();
    assert_eq!(get(&bare.replace("/lab", "/api/contents")).status, 200);
}

#[test]
fn a_jupyter_that_nobody_waited_for_is_warned_of_when_it_is_opened_and_resumed() {
    let context = Context::docker();
    let project = open_project(&context, "");
    let _ = project.session(&["start", "--yes", "--no-wait"]).success();
    // It answers when it answers.
    let begin = std::time::Instant::now();
    let open = loop {
        let run = project.session(&["open", "--no-browser"]).success();
        if run.stderr.contains("token") {
            break run.filtered(&run.stderr);
        }
        assert!(begin.elapsed() < std::time::Duration::from_secs(120), "{}", run.stderr);
    };
    insta::assert_snapshot!(open, @r"
    warning: `analysis-[ID]` needs no token: every user of this computer can open it
      authentication is off in its image or command
    hint: if that is not meant, `renku session stop analysis-[ID]` ends it
    ");
    let _ = project.session(&["pause"]).success();
    let resume = project.session(&["resume"]).success();
    insta::assert_snapshot!(resume.filtered(&resume.stderr), @r"
    warning: `analysis-[ID]` needs no token: every user of this computer can open it
      authentication is off in its image or command
    hint: if that is not meant, `renku session stop analysis-[ID]` ends it
    Resumed `analysis-[ID]`; `renku session open analysis-[ID]` opens it
    ");
}

#[test]
fn a_jupyter_with_its_token_is_not_mentioned() {
    let context = Context::docker();
    let project = context.project("analysis");
    let run = project.session(&["start", "--yes", "--format", "json"]).success();
    assert!(!run.stderr.contains("token"), "{}", run.stderr);
    let run = project.session(&["open", "--no-browser"]).success();
    assert_eq!(run.stderr, "");
}

#[test]
fn another_program_that_answers_anybody_gets_one_line() {
    let context = Context::docker();
    let project = context.project("analysis");
    let start = |more: &[&str]| {
        let image = httpd_image();
        let run = project.session(&[&["start", "--image", &image], more].concat()).success();
        let _ = project.session(&["stop", "--all", "--yes"]).success();
        run.filtered(&run.stderr)
    };
    insta::assert_snapshot!(start(&[]), @r"
    Waiting for the session
    warning: `analysis-[ID]` needs no token: every user of this computer can open it
    Session `analysis-[ID]` runs; `renku session open analysis-[ID]` opens it, `renku session stop analysis-[ID]` stops it
    ");
    let open = start(&["--port", "0.0.0.0:0"]);
    assert!(
        open.contains("needs no token: everybody who can connect to this computer can open it"),
        "{open}"
    );
    assert!(!start(&["--no-wait"]).contains("needs no token"));
}
