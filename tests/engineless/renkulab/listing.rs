//! `ls` over an engine here and a RenkuLab elsewhere: what is wrong there never
//! hides what runs here, and who never used it hears nothing of it.

use std::time::{Duration, Instant};

use super::ground::Ground;
use support::renkulab::{Fault, RenkuLab};
use support::{Context, Project, Renku, httpd_image};

/// `renku session ls` with the engine of this machine.
fn ls<'a>(ground: &Ground, project: &Project<'a>) -> Renku<'a> {
    project
        .renku(&["session", "ls", "--columns", "name,provider,status"])
        .env("RENKU_CLI_RENKU_URL", ground.lab.url())
}

#[test]
fn sessions_here_and_there_are_in_one_table() {
    let ground = Ground::new();
    let project = ground.bound();
    // The oldest comes first, to the second.
    let _ = project.start(&["--image", &httpd_image(), "-p", "docker"]);
    let _ = ground.lab.session("user1", &ground.launcher);
    let run = ls(&ground, &project).env("RENKU_CLI_ACCESS_TOKEN", ground.lab.token()).run();
    insta::assert_snapshot!(run.snapshot(), @"
    exit status: 0
    --- stdout
    NAME                   PROVIDER  STATUS
    demo-[ID]             docker    running
    jane-doe-[ID]  renkulab  running (launcher Python, class small)
    --- stderr
    ");
}

#[test]
fn what_is_wrong_there_is_a_warning_and_what_runs_here_is_shown() {
    let ground = Ground::new();
    let project = ground.bound();
    let _ = project.start(&["--image", &httpd_image(), "-p", "docker"]);
    let with_token = || ls(&ground, &project).env("RENKU_CLI_ACCESS_TOKEN", ground.lab.token());

    let dead = with_token().env("RENKU_CLI_RENKU_URL", "http://127.0.0.1:1").run();
    insta::assert_snapshot!(dead.snapshot(), @r"
    exit status: 0
    --- stdout
    NAME        PROVIDER  STATUS
    demo-[ID]  docker    running
    --- stderr
    warning: `http://127.0.0.1:1` cannot be reached
      Connection refused (os error 111)
    hint: check the network, and `http://127.0.0.1:1` in a browser
    Sessions of the provider `renkulab` are not shown
    ");

    let expired = ls(&ground, &project).env("RENKU_CLI_ACCESS_TOKEN", "long-ago").run();
    insta::assert_snapshot!(expired.snapshot(), @r"
    exit status: 0
    --- stdout
    NAME        PROVIDER  STATUS
    demo-[ID]  docker    running
    --- stderr
    warning: http://127.0.0.1:[PORT] does not know who you are
      You have to be authenticated to perform this operation.
    hint: run `renku login http://127.0.0.1:[PORT]`, or set a new `RENKU_CLI_ACCESS_TOKEN`
    Sessions of the provider `renkulab` are not shown
    ");

    let nobody = ls(&ground, &project).run();
    insta::assert_snapshot!(nobody.snapshot(), @r"
    exit status: 0
    --- stdout
    NAME        PROVIDER  STATUS
    demo-[ID]  docker    running
    --- stderr
    warning: you are not logged in to `http://127.0.0.1:[PORT]`
    hint: run `renku login http://127.0.0.1:[PORT]`
    Sessions of the provider `renkulab` are not shown
    ");

    ground.lab.fault("*", "/api", Fault::Stall(Duration::from_secs(60)), 10);
    let begin = Instant::now();
    let slow = with_token().run();
    // Three seconds for RenkuLab, and much more for a busy machine.
    assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", begin.elapsed());
    insta::assert_snapshot!(slow.snapshot(), @r"
    exit status: 0
    --- stdout
    NAME        PROVIDER  STATUS
    demo-[ID]  docker    running
    --- stderr
    warning: provider `renkulab` did not answer within 3 s
    Sessions of the provider `renkulab` are not shown
    ");
}

/// Neither bound nor logged in: RenkuLab is not asked, and not mentioned.
#[test]
fn who_never_used_it_hears_nothing_of_it() {
    let lab = RenkuLab::start();
    let context = Context::in_memory();
    let project = context.project("analysis");
    let run = project.renku(&["session", "ls", "-vv"]).env("RENKU_CLI_RENKU_URL", lab.url()).run();
    let run = run.success();
    assert!(!run.stderr.to_lowercase().contains("renkulab"), "{}", run.stderr);
    assert_eq!(lab.lines(), Vec::<String>::new());
}

/// Logged in, in a folder that RenkuLab does not know: there are no sessions, and
/// nothing is wrong.
#[test]
fn a_folder_that_renkulab_does_not_know_has_no_sessions_there() {
    let ground = Ground::new();
    let project = ground.context.project("analysis");
    let _ = ground.lab.session("user1", &ground.launcher);
    let run = ls(&ground, &project).env("RENKU_CLI_ACCESS_TOKEN", ground.lab.token()).run();
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    This project has no sessions; `renku session start` starts one
    ");
}

#[test]
fn all_projects_are_named() {
    let ground = Ground::new();
    let other = ground.lab.project("jane.doe/other", &[]);
    let launcher = ground.lab.launcher(&other, "Other", support::renkulab::IMAGE);
    let _ = ground.lab.session("user1", &launcher);
    let _ = ground.lab.session("user1", &ground.launcher);
    let arguments =
        ["session", "ls", "--all-projects", "-p", "renkulab", "--columns", "project,status"];
    let run = ground
        .context
        .renku(ground.context.folder(), &arguments)
        .env("RENKU_CLI_RENKU_URL", ground.lab.url())
        .env("RENKU_CLI_ACCESS_TOKEN", ground.lab.token())
        .run()
        .success();
    // Their names, which end with a digest, make the order.
    let mut rows: Vec<String> = run
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    rows.sort();
    let expected = [
        "PROJECT STATUS",
        "jane.doe/demo running (launcher Python, class small)",
        "jane.doe/other running (launcher Other, class small)",
    ];
    assert_eq!(rows, expected);
}

/// Nothing that the most talkative run of any command prints lets anybody in.
#[test]
fn no_command_prints_a_secret() {
    let ground = Ground::new();
    let project = ground.bound();
    for arguments in [
        vec!["start"],
        vec!["ls"],
        vec!["logs"],
        vec!["pause"],
        vec!["resume"],
        vec!["open"],
        vec!["stop", "--yes"],
        vec!["open"],
    ] {
        let mut all = arguments.clone();
        all.extend(["-p", "renkulab", "-vvv"]);
        // `session` looks for every secret in everything that is printed.
        let run = ground.session(&project, &all);
        assert!(run.stderr.contains("/api/data"), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn over_tls_with_an_authority_of_ones_own() {
    let ground = Ground::on(RenkuLab::start_tls());
    let project = ground.bound();
    let trusted = ground
        .command(&project, &["ls", "-p", "renkulab"])
        .env("SSL_CERT_FILE", ground.lab.authority())
        .run();
    ground.keeps_secrets(&trusted);
    let _ = trusted.success();
    ground.lab.forget_requests();
    insta::assert_snapshot!(ground.printed(&project, &["ls", "-p", "renkulab"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: the certificate of `https://127.0.0.1:[PORT]` is not trusted
      invalid peer certificate: UnknownIssuer
    hint: if its certificate is of your site's own authority, set `SSL_CERT_FILE` to the file of that authority
    ");
    assert_eq!(ground.lab.lines(), Vec::<String>::new());
}
