//! A session whose program ends before anybody has looked is a start that failed, and
//! one that ended is offered for what can be done with it.

use support::{Context, Project, httpd_image};

/// `session start` with the small web server image and other options.
fn start(project: &Project<'_>, options: &[&str]) -> String {
    let image = httpd_image();
    project.leaves_nothing(&[&["start", "--image", &image], options].concat())
}

#[test]
fn a_program_that_fails_at_once_is_no_session() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let config = context.config("command: [/bin/sh, -c, \"echo boo; exit 3\"]\n");
    // Who looks first differs from time to time.
    for _ in 0..5 {
        insta::allow_duplicates! {
            insta::assert_snapshot!(start(&project, &["-c", &config, "--format", "tsv"]), @r"
            exit status: 1
            --- stdout
            --- stderr
            Waiting for the session
            Cleaning up
            error: `analysis-[ID]` ended before it was ready: exit status 3
              boo
            ");
        }
    }
    let document = start(&project, &["--entrypoint", "/bin/false", "--format", "json"]);
    assert!(document.contains("ended before it was ready: exit status 1"), "{document}");
    assert!(document.starts_with("exit status: 1\n"), "{document}");
}

#[test]
fn without_a_network_it_has_to_keep_running() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    for script in ["exit 3", "sleep 1; exit 3"] {
        let config = context.config(&format!("command: [/bin/sh, -c, \"{script}\"]\n"));
        let printed = start(&project, &["-c", &config, "--network", "none"]);
        let error = "error: `analysis-[ID]` ended before it was ready: exit status 3\n";
        assert!(printed.starts_with("exit status: 1\n") && printed.ends_with(error), "{printed}");
    }
}

#[test]
fn an_ended_or_paused_session_is_offered_for_what_can_be_done_with_it() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let config = context.config("command: [/bin/sh, -c, \"exit 3\"]\n");
    let image = httpd_image();
    let names = ["e1", "e2", "p1"].map(|name| format!("{name}-{}", &project.id()[..8]));
    let [first, second, paused] = names.each_ref().map(String::as_str);
    let shown = |text: &str| {
        let text = text.replace(first, "[FIRST]").replace(second, "[SECOND]");
        text.replace(paused, "[PAUSED]")
    };
    let start = |options: &[&str]| {
        project.session(&[&["start", "--no-wait", "--image", &image], options].concat())
    };
    let ended = |name: &str| {
        let _ = start(&["-c", &config, "--name", name]).success();
        context.memory().wait(name);
    };
    ended(first);
    insta::assert_snapshot!(shown(&start(&["--name", first]).snapshot()), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: this project already has a session `[FIRST]`
    hint: `renku session logs [FIRST]` shows why, `renku session stop [FIRST]` removes it; or choose another `--name`
    ");
    let _ = start(&["--name", paused]).success();
    let _ = project.session(&["pause", paused]).success();
    let dry = ["--dry-run"];
    insta::assert_snapshot!(shown(&start(&dry).success().stderr), @r"
    Session `[PAUSED]` of this project is already paused; `renku session resume [PAUSED]` resumes it
    Session `[FIRST]` of this project has failed; `renku session logs [FIRST]` shows why, `renku session stop [FIRST]` removes it
    This was a dry run: nothing was changed
    ");
    ended(second);
    insta::assert_snapshot!(shown(&start(&dry).success().stderr), @r"
    Session `[PAUSED]` of this project is already paused; `renku session resume [PAUSED]` resumes it
    Sessions `[SECOND]`, `[FIRST]` of this project have failed; `renku session logs NAME` shows why, `renku session stop NAME` removes it
    This was a dry run: nothing was changed
    ");
}
