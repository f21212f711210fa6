//! Several launchers are told apart, and images that RenkuLab builds are built, waited for,
//! and called failed when they are.

use serde_json::json;

use super::ground::Ground;

const START: [&str; 5] = ["start", "-p", "renkulab", "--launcher", "From code"];

#[test]
fn a_build_that_failed_is_called_failed_with_its_log() {
    let ground = Ground::new();
    let project = ground.bound();
    let launcher = ground.lab.launcher_from_code(&ground.project_id, "From code");
    insta::assert_snapshot!(ground.printed(&project, &START), @"
    exit status: 1
    --- stdout
    --- stderr
    error: the image of the launcher `From code` was not built yet
    hint: add `--build`: RenkuLab builds it, and the start waits for it
    ");
    ground.lab.builds_fail(true);
    ground.lab.begin_build(&launcher);
    insta::assert_snapshot!(ground.printed(&project, &START), @"
    exit status: 1
    --- stdout
    --- stderr
    error: the image of the launcher `From code` is being built
    hint: add `--build` to wait for it
    ");
    let build = [&START[..], &["--build"]].concat();
    insta::assert_snapshot!(ground.printed(&project, &build), @"
    exit status: 1
    --- stdout
    --- stderr
    Building the image of the launcher `From code`
    error: the build of the image of the launcher `From code` has failed
      ===> ANALYZING
      ===> DETECTING
      ===> BUILDING
      ERROR: No matching distribution found for nosuchpackage
      ERROR: failed to build: exit status 1
    ");
    insta::assert_snapshot!(ground.printed(&project, &START), @"
    exit status: 1
    --- stdout
    --- stderr
    error: the build of the image of the launcher `From code` has failed
      ===> ANALYZING
      ===> DETECTING
      ===> BUILDING
      ERROR: No matching distribution found for nosuchpackage
      ERROR: failed to build: exit status 1
    hint: add `--build`: RenkuLab builds it, and the start waits for it
    ");
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
}

#[test]
fn a_build_is_started_followed_and_run() {
    let ground = Ground::new();
    let project = ground.bound();
    let _ = ground.lab.launcher_from_code(&ground.project_id, "From code");
    let build = [&START[..], &["--build", "--format", "json"]].concat();
    let run = ground.session(&project, &build).success();
    let image = run.json()["session"]["image"].as_str().unwrap().to_owned();
    assert!(image.starts_with("harbor.dev.renku.ch/renku-builds/"), "{image}");
    // A newer build that fails leaves the image in its place, and that is told.
    let _ = ground.session(&project, &["stop", "--yes", "-p", "renkulab"]).success();
    ground.lab.builds_fail(true);
    let failed = ground.session(&project, &build).exits(1);
    assert!(failed.stderr.contains("No matching distribution"), "{}", failed.stderr);
    insta::assert_snapshot!(ground.printed(&project, &START), @"
    exit status: 0
    --- stdout
    jane-doe-[ID]  http://127.0.0.1:[PORT]/sessions/jane-doe-[ID]/lab/
    --- stderr
    renkulab: warning: The image of the launcher `From code` could not be built anew; the session runs the one before, and `--build` tries it again
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    Session `jane-doe-[ID]` runs; `renku session open jane-doe-[ID]` opens it, `renku session stop jane-doe-[ID]` stops it
    ");
}

#[test]
fn only_what_is_built_from_code_is_built() {
    let ground = Ground::new();
    let project = ground.bound();
    insta::assert_snapshot!(ground.printed(&project, &["start", "-p", "renkulab", "--build"]), @"
    exit status: 2
    --- stdout
    --- stderr
    error: the launcher `Python` has an image of its own, `ghcr.io/swissdatasciencecenter/renku/py-basic-jupyterlab:2.9.0`, that RenkuLab does not build
    hint: leave out `--build`
    ");
}

#[test]
fn launchers_are_told_apart_in_the_question_and_in_lists() {
    let ground = Ground::new();
    let project = ground.bound();
    let second = ground.lab.launcher(&ground.project_id, "R", "rocker/rstudio:4");
    ground.lab.set_launcher(&second, "resource_class_id", json!(2));
    let mut terminal = ground.command(&project, &["start", "-p", "renkulab"]).interactive();
    terminal.until("Which one, by its number or name", |_| ());
    terminal.keys("2\n");
    let (status, seen) = terminal.end();
    assert_eq!(status, 0, "{seen}");
    // In rows that begin with who speaks.
    let rows = seen.lines().map(|row| row.trim().trim_start_matches("[renkulab]").trim());
    let seen = rows.collect::<Vec<_>>().join(" ");
    for told in ["`Python`", "class `small`", "`R`", "`rocker/rstudio:4`", "class `medium`"] {
        assert!(seen.contains(told), "{told}: {seen}");
    }
    let _ = ground.lab.session("user1", &ground.launcher);
    let run = ground.session(&project, &["ls", "-p", "renkulab", "--format", "json"]).success();
    let shown = run.json();
    let mut reasons: Vec<&str> = shown["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|session| session["reason"].as_str().unwrap())
        .collect();
    reasons.sort_unstable();
    assert_eq!(reasons, ["launcher Python, class small", "launcher R, class medium"]);
    // A script names it.
    let _ = ground.session(&project, &["stop", "--all", "--yes", "-p", "renkulab"]).success();
    let answered = ["start", "-p", "renkulab", "--answer", "launcher=R", "--format", "json"];
    let run = ground.session(&project, &answered).success();
    assert_eq!(run.json()["session"]["image"], "rocker/rstudio:4");
}
