//! A session of another project than the folder's: what a start prints about it works in the
//! same folder, and so does every command with `--project`.

use super::ground::Ground;
use support::renkulab::IMAGE;
use support::{Project, httpd_image};

/// A second project, with a launcher of its own.
fn other(ground: &Ground) {
    let other = ground.lab.project("jane.doe/other", &["https://git.example.org/jane.doe/other"]);
    let _ = ground.lab.launcher(&other, "Other", IMAGE);
}

/// Starts a session of it from this folder; its name.
fn started<'a>(ground: &'a Ground, project: &Project<'a>) -> String {
    let arguments = [
        "start",
        "-p",
        "renkulab",
        "--from-remote",
        "--project",
        "jane.doe/other",
        "--format",
        "json",
    ];
    let run = ground.session(project, &arguments).success();
    run.json()["session"]["name"].as_str().unwrap().to_owned()
}

#[test]
fn every_command_finds_it_by_its_name() {
    let ground = Ground::new();
    let project = ground.bound();
    other(&ground);
    let name = started(&ground, &project);
    for arguments in [
        vec!["open", "--no-browser", &name],
        vec!["logs", &name],
        vec!["pause", &name],
        vec!["resume", &name],
        vec!["stop", "--yes", &name],
    ] {
        let _ = ground.session(&project, &arguments).success();
    }
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
}

#[test]
fn every_command_takes_the_project() {
    let ground = Ground::new();
    let project = ground.bound();
    other(&ground);
    let name = started(&ground, &project);
    let there = |words: &[&'static str]| {
        let all = [words, &["--project", "jane.doe/other"]].concat();
        ground.session(&project, &all).success()
    };
    assert_eq!(there(&["ls", "-q"]).stdout.trim(), name);
    let _ = there(&["open", "--no-browser"]);
    let _ = there(&["logs"]);
    let _ = there(&["pause"]);
    let _ = there(&["resume"]);
    // What is not meant is not touched.
    let ours = ground.lab.session("user1", &ground.launcher);
    let _ = there(&["stop", "--yes"]);
    assert_eq!(ground.lab.sessions(), [ours]);
}

/// Sessions here are of a folder, and of no project there.
#[test]
fn the_project_leaves_out_sessions_that_run_here() {
    let ground = Ground::new();
    let project = ground.bound();
    let _ = project.start(&["--image", &httpd_image(), "-p", "docker"]);
    let name = ground.lab.session("user1", &ground.launcher);
    let run = project
        .renku(&["session", "ls", "-q", "--project", "jane.doe/demo"])
        .env("RENKU_CLI_RENKU_URL", ground.lab.url())
        .env("RENKU_CLI_ACCESS_TOKEN", ground.lab.token())
        .run()
        .success();
    assert_eq!(run.stdout.trim(), name);
    insta::assert_snapshot!(
        ground.printed(&project, &["ls", "-p", "docker", "--project", "jane.doe/demo"]), @"
    exit status: 2
    --- stdout
    --- stderr
    error: the provider `docker` has no `--project` for `ls`
    hint: leave out `--project`
    "
    );
}

#[test]
fn a_start_says_how_the_sessions_of_that_project_are_listed() {
    let ground = Ground::new();
    let project = ground.unbound();
    other(&ground);
    let arguments = ["start", "-p", "renkulab", "--from-remote", "--project", "jane.doe/other"];
    insta::assert_snapshot!(ground.printed(&project, &arguments), @"
    exit status: 0
    --- stdout
    jane-doe-[ID]  http://127.0.0.1:[PORT]/sessions/jane-doe-[ID]/lab/
    --- stderr
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    `renku session ls --project jane.doe/other` lists the sessions of that project from here
    Session `jane-doe-[ID]` runs; `renku session open jane-doe-[ID]` opens it, `renku session stop jane-doe-[ID]` stops it
    ");
}

/// The file is that of `rnk`, and the next command goes by it.
#[test]
fn the_folder_is_bound_when_the_user_agrees() {
    let ground = Ground::new();
    let project = ground.unbound();
    other(&ground);
    let arguments =
        ["start", "-p", "renkulab", "--from-remote", "--bind", "--project", "jane.doe/other"];
    let run = ground.session(&project, &arguments).success();
    assert!(run.stderr.contains("Wrote `.renku/config.toml`"), "{}", run.stderr);
    let id = &ground.lab.launchers()[1]["project_id"];
    assert_eq!(
        project.read(".renku/config.toml"),
        format!(
            "version = 1\nrenku_url = \"{}\"\n\n[project]\nid = {id}\nnamespace = \"jane.doe\"\nslug = \"other\"\n",
            ground.lab.url()
        )
    );
    let listed = ground.session(&project, &["ls", "-q", "-p", "renkulab"]).success();
    assert_eq!(listed.stdout.lines().count(), 1);
}

#[test]
fn on_a_terminal_it_is_asked_whether_the_folder_belongs_to_it() {
    let ground = Ground::new();
    let project = ground.unbound();
    other(&ground);
    let question = "Write that to `.renku/config.toml`";
    for (typed, bound) in [("n\n", false), ("y\n", true)] {
        let arguments = ["start", "-p", "renkulab", "--from-remote", "--project", "jane.doe/other"];
        let mut terminal = ground.command(&project, &arguments).interactive();
        terminal.until(question, |_| ());
        terminal.keys(typed);
        let (status, seen) = terminal.end();
        assert_eq!(status, 0, "{seen}");
        assert_eq!(project.root().join(".renku/config.toml").exists(), bound);
    }
}

#[test]
fn a_pasted_address_is_the_project_it_shows() {
    let ground = Ground::new();
    let project = ground.bound();
    other(&ground);
    let page = format!("{}/p/jane.doe/other?tab=overview", ground.lab.url());
    let arguments =
        ["start", "-p", "renkulab", "--from-remote", "--project", &page, "--format", "json"];
    let run = ground.session(&project, &arguments).success();
    assert_eq!(run.json()["session"]["project"], "jane.doe/other");
    let elsewhere = ["ls", "-p", "renkulab", "--project", "https://renku.example.org/p/a/b"];
    insta::assert_snapshot!(ground.printed(&project, &elsewhere), @"
    exit status: 2
    --- stdout
    --- stderr
    error: `https://renku.example.org/p/a/b` is not a page of http://127.0.0.1:[PORT]
    hint: run `renku login https://renku.example.org` if that is your RenkuLab, or name the project as NAMESPACE/SLUG
    ");
}
