//! Bad input and broken surroundings: what is printed, the exit status, and
//! nothing left behind.

use support::{Context, Project};

/// What a command prints, with its exit status.
fn printed(project: &Project<'_>, arguments: &[&str]) -> String {
    let printed = project.session(arguments).snapshot();
    assert_eq!(project.containers(), Vec::<String>::new());
    printed
}

#[test]
fn a_folder_that_is_not_a_project() {
    let context = Context::new();
    let run = context.renku(context.folder(), &["session", "start"]).run();
    insta::assert_snapshot!(run.snapshot(), @"");
}

#[test]
fn a_project_without_a_commit() {
    let context = Context::new();
    let project = context.project("analysis");
    let _ = project.git(&["update-ref", "-d", "HEAD"]);
    insta::assert_snapshot!(printed(&project, &["start"]), @"");
}

#[test]
fn a_detached_head() {
    let context = Context::new();
    let project = context.project("analysis");
    let _ = project.git(&["checkout", "-q", "--detach"]);
    insta::assert_snapshot!(printed(&project, &["start"]), @"");
}

#[test]
fn neither_a_dockerfile_nor_an_image() {
    let context = Context::new();
    let project = context.project("analysis");
    let _ = project.git(&["rm", "-q", "Dockerfile"]);
    project.commit();
    insta::assert_snapshot!(printed(&project, &["start"]), @"");
    insta::assert_snapshot!(printed(&project, &["start", "--file", "other"]), @"");
    insta::assert_snapshot!(printed(&project, &["start", "--file", "/etc/passwd"]), @"");
}

#[test]
fn an_image_name_with_capitals() {
    let context = Context::new();
    let project = context.project("analysis");
    insta::assert_snapshot!(printed(&project, &["start", "--image", "Some/Image:1"]), @"");
}

#[test]
fn an_image_that_nobody_has() {
    let context = Context::new();
    let project = context.project("analysis");
    insta::assert_snapshot!(printed(&project, &["start", "--image", "localhost:1/nobody/has:1"]), @"");
}

#[test]
fn an_engine_that_cannot_be_reached() {
    let context = Context::new();
    let project = context.project("analysis");
    let run = |arguments: &[&str]| {
        project.renku(arguments).env("DOCKER_HOST", "unix:///nobody/listens.sock").run().snapshot()
    };
    insta::assert_snapshot!(run(&["session", "start", "--yes"]), @"");
    insta::assert_snapshot!(run(&["session", "ls"]), @"");
    insta::assert_snapshot!(run(&["session", "ls", "-p", "docker"]), @"");
    insta::assert_snapshot!(run(&["session", "stop", "--all"]), @"");
    insta::assert_snapshot!(run(&["session", "ls", "--format", "json"]), @"");
}

#[test]
fn a_build_step_that_fails_shows_its_last_lines_and_leaves_no_image() {
    let context = Context::new();
    let project = context.project("analysis");
    let dockerfile =
        format!("FROM {}\nRUN echo one; echo two; exit 7\n", support::jupyter_image());
    project.write("Dockerfile", &dockerfile).commit();
    insta::assert_snapshot!(printed(&project, &["start", "--yes"]), @"");
    let filter = format!("label=io.renku.session.project={}", project.id());
    assert_eq!(support::docker_ok(&["images", "-aq", "--filter", &filter]), "");
}

#[test]
fn a_container_that_ends_before_it_is_ready_shows_its_last_lines() {
    let context = Context::new();
    let project = context.project("analysis");
    let dockerfile = format!(
        "FROM {}\nENTRYPOINT []\nCMD [\"sh\", \"-c\", \"echo about to fail; exit 3\"]\n",
        support::jupyter_image()
    );
    project.write("Dockerfile", &dockerfile).commit();
    insta::assert_snapshot!(printed(&project, &["start", "--yes"]), @"");
}

#[test]
fn a_port_that_never_answers() {
    let context = Context::new();
    let project = context.project("analysis");
    let dockerfile = format!(
        "FROM {}\nENTRYPOINT []\nCMD [\"sh\", \"-c\", \"echo no server; exec sleep 100\"]\n",
        support::jupyter_image()
    );
    project.write("Dockerfile", &dockerfile).commit();
    insta::assert_snapshot!(printed(&project, &["start", "--yes", "--wait-timeout", "1"]), @"");
}

#[test]
fn resources_that_make_no_sense_or_that_the_engine_has_not() {
    let context = Context::new();
    let project = context.project("analysis");
    let image = support::jupyter_image();
    let start = |option: &str, value: &str| {
        printed(&project, &["start", "--image", &image, option, value])
    };
    insta::assert_snapshot!(start("--cpu", "0"), @"");
    insta::assert_snapshot!(start("--cpu", "many"), @"");
    insta::assert_snapshot!(start("--memory", "2Gx"), @"");
    insta::assert_snapshot!(start("--memory", "0"), @"");
    insta::assert_snapshot!(start("--gpu", "-1"), @"");
    insta::assert_snapshot!(start("--disk", "1G"), @"");
    insta::assert_snapshot!(start("--cpu", "4096").replace(&cpus(), "[CPUS]"), @"");
    insta::assert_snapshot!(start("--gpu", "all"), @"");
}

/// How many processors the engine has.
fn cpus() -> String {
    support::docker_ok(&["info", "--format", "{{.NCPU}}"])
}

#[test]
fn a_provider_that_nobody_knows() {
    let context = Context::new();
    let project = context.project("analysis");
    insta::assert_snapshot!(printed(&project, &["start", "-p", "slurm"]), @"");
    insta::assert_snapshot!(printed(&project, &["ls", "-p", "slurm"]), @"");
}

#[test]
fn a_project_cannot_bring_its_own_provider_along() {
    let context = Context::new();
    let project = context.project("analysis");
    project.write(".renku/renku.ini", "[interactive]\nprovider = ./evil.wasm\n").commit();
    insta::assert_snapshot!(printed(&project, &["start", "--yes"]), @"");
}

#[test]
fn names_that_nobody_has() {
    let context = Context::new();
    let project = context.project("analysis");
    insta::assert_snapshot!(printed(&project, &["stop", "nobody"]), @"");
    insta::assert_snapshot!(printed(&project, &["open", "nobody"]), @"");
    insta::assert_snapshot!(printed(&project, &["open"]), @"");
    insta::assert_snapshot!(printed(&project, &["stop"]), @"");
    insta::assert_snapshot!(printed(&project, &["stop", "--all"]), @"");
    insta::assert_snapshot!(printed(&project, &["stop", "one", "two"]), @"");
    insta::assert_snapshot!(printed(&project, &["stop", "elsewhere/one"]), @"");
}

#[test]
fn a_question_without_a_terminal_names_its_option() {
    let context = Context::new();
    let project = context.project("analysis");
    insta::assert_snapshot!(printed(&project, &["start"]), @"");
}

#[test]
fn words_that_are_no_command() {
    let context = Context::new();
    let project = context.project("analysis");
    insta::assert_snapshot!(printed(&project, &["strat"]), @"");
    insta::assert_snapshot!(printed(&project, &["stop", "--all", "one"]), @"");
    insta::assert_snapshot!(printed(&project, &["start", "--no-wait", "--open"]), @"");
}
