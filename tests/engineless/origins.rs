//! `renku session origin`: what is kept, what is shown.

use support::{Context, fixture};

#[test]
fn origins_are_added_listed_and_removed_without_showing_a_secret() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let requesting = fixture("requesting");
    let add = |arguments: &[&str]| {
        let mut all = vec!["session", "origin", "add"];
        all.extend(arguments);
        project.renku(&all).env("TOKEN", "hunter2").run()
    };
    let secret = ["--secret-env", "TOKEN"];
    let run = add(&[
        &["cluster", "https://cluster.example/api/", "--credential", "bearer", "--for", &requesting]
            as &[&str],
        &secret,
    ]
    .concat())
    .success();
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Origin `cluster` is `https://cluster.example/api`, for file:[DIGEST]
    ");
    let _ =
        add(&[&["hub", "hub.example", "--credential", "header:X-Token"] as &[&str], &secret]
            .concat())
        .success();
    let _ = add(&["open", "http://open.example"]).success();
    let run = project.session(&["origin", "list"]).success();
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 0
    --- stdout
    NAME     URL                          CREDENTIAL      PROVIDERS
    cluster  https://cluster.example/api  bearer          file:[DIGEST]
    hub      https://hub.example          header:x-token
    open     http://open.example          none
    --- stderr
    ");
    let json = project.session(&["origin", "list", "--format", "json"]).success();
    assert_eq!(json.json()["version"], 1);
    assert_eq!(json.json()["origins"][1]["credential"], "header:x-token");
    assert!(!json.stdout.contains("hunter2"));
    insta::assert_snapshot!(project.session(&["origin", "remove", "hub"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Removed the origin `hub` and its secret
    ");
    insta::assert_snapshot!(project.session(&["origin", "remove", "hub"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no origin `hub` in your settings
    hint: there is cluster, open
    ");
    let file = context.home().join(".config/renku/origins.json");
    assert!(std::fs::read_to_string(&file).unwrap().contains("hunter2"));
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    insta::assert_snapshot!(project.session(&["origin", "list"]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: `[TEST]/home/.config/renku/origins.json` holds secrets and can be read by others
    hint: run `chmod 600 [TEST]/home/.config/renku/origins.json`; if others may have read it, log in again
    ");
}

#[test]
fn the_secret_comes_from_a_pipe_a_variable_or_a_person() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let add =
        ["session", "origin", "add", "cluster", "https://c.example", "--credential", "bearer"];
    insta::assert_snapshot!(project.renku(&add).run().snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no terminal to ask: The secret for `https://c.example` (bearer)
    hint: answer it with `--secret-stdin`
    ");
    let piped = project.renku(&add).args(&["--secret-stdin"]).input("from-a-pipe\n").run();
    let _ = piped.success();
    let file = context.home().join(".config/renku/origins.json");
    assert!(std::fs::read_to_string(&file).unwrap().contains("\"from-a-pipe\""));
    insta::assert_snapshot!(project.renku(&add).args(&["--secret-env", "NOPE"]).run().snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the environment variable `NOPE` is not set
    hint: export it, or leave out `--secret-env` to be asked
    ");
}

#[test]
fn a_place_where_a_secret_must_not_go_is_refused() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let add = |url: &str, credential: &str| {
        let arguments = ["session", "origin", "add", "x", url, "--credential", credential];
        project.renku(&arguments).args(&["--secret-env", "S"]).env("S", "s").run().snapshot()
    };
    insta::assert_snapshot!(add("http://c.example", "bearer"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `http://c.example` is not encrypted, and a secret would be sent there
    hint: use `https`; plain `http` works for this computer (`http://127.0.0.1`) only
    ");
    insta::assert_snapshot!(add("http://169.254.169.254", "none"), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: no connection is made to `169.254.169.254`: it is link-local
    ");
    insta::assert_snapshot!(add("https://me:pw@c.example", "none"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the URL holds a user name or password
    hint: leave them out; you are asked for the secret separately
    ");
}
