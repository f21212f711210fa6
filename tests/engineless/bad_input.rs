//! Bad input: what is printed, the exit status, and nothing left behind.

use support::Context;

#[test]
fn a_folder_that_is_not_a_project() {
    let context = Context::in_memory();
    let run = context.renku(context.folder(), &["session", "start"]).run();
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `[TEST]` is not in a git project
    hint: go to your project with `cd`, or make this folder one with `git init`
    ");
}

#[test]
fn a_project_without_a_commit() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let _ = project.git(&["update-ref", "-d", "HEAD"]);
    insta::assert_snapshot!(project.leaves_nothing(&["start"]), @r#"
    exit status: 2
    --- stdout
    --- stderr
    error: this project has no commit yet
    hint: run `git add -A && git commit -m "First commit"`
    "#);
}

#[test]
fn a_detached_head() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let _ = project.git(&["checkout", "-q", "--detach"]);
    insta::assert_snapshot!(project.leaves_nothing(&["start"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: no branch is checked out: HEAD is detached at `[COMMIT7]`
    hint: create a branch here with `git switch -c NAME`, or go back to one with `git switch NAME`
    ");
}

#[test]
fn neither_a_dockerfile_nor_an_image() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let _ = project.git(&["rm", "-q", "Dockerfile"]);
    project.commit();
    insta::assert_snapshot!(project.leaves_nothing(&["start"]), @r#"
    exit status: 2
    --- stdout
    --- stderr
    error: this project has no `Dockerfile`
    hint: start from an image with `renku session start --image IMAGE`, or save this as `[PROJECTS]/analysis/Dockerfile`:
      FROM python:3-slim
      RUN pip install --no-cache-dir jupyterlab
      CMD ["jupyter", "lab", "--ip=0.0.0.0", "--no-browser"]
    "#);
    insta::assert_snapshot!(project.leaves_nothing(&["start", "--file", "other"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `--file other`: there is no such file
    hint: name the Dockerfile with `--file PATH`, or an image with `--image IMAGE`
    ");
    insta::assert_snapshot!(project.leaves_nothing(&["start", "--file", "/etc/passwd"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `/etc/passwd` is outside the project
    hint: copy it into `[PROJECTS]/analysis`, or name an image with `--image IMAGE`
    ");
}

#[test]
fn an_image_name_with_capitals() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(project.leaves_nothing(&["start", "--image", "Some/Image:1"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the image name `Some/Image:1` has capital letters
    hint: run `renku session start --image some/image:1`
    ");
}

#[test]
fn resources_that_make_no_sense_or_that_the_engine_has_not() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let image = support::jupyter_image();
    let start = |option: &str, value: &str| {
        project.leaves_nothing(&["start", "--image", &image, option, value])
    };
    insta::assert_snapshot!(start("--cpu", "0"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `--cpu 0`: the number of CPUs must be greater than zero
    hint: write a number of CPUs greater than zero, as in `2` or `0.5`
    ");
    insta::assert_snapshot!(start("--cpu", "many"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `--cpu many`: this is not a number of CPUs
    hint: write a number of CPUs greater than zero, as in `2` or `0.5`
    ");
    insta::assert_snapshot!(start("--memory", "2Gx"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `--memory 2Gx`: this is not a size
    hint: write a number and a unit, as in `512m` or `2G` (k, m, g and t count 1024)
    ");
    insta::assert_snapshot!(start("--memory", "0"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `--memory 0`: a size must be greater than zero
    hint: write a number and a unit, as in `512m` or `2G` (k, m, g and t count 1024)
    ");
    insta::assert_snapshot!(start("--gpu", "-1"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `--gpu -1`: this is not a number of GPUs
    hint: write a number as in `1`, `all`, or `device=` and their names as in `device=0,1`
    ");
    insta::assert_snapshot!(start("--disk", "1G"), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: this engine cannot limit disk space (storage driver `memory`)
    hint: leave out `--disk` (or `renku config unset disk_request`), or add `--best-effort`
    ");
    insta::assert_snapshot!(start("--cpu", "4096"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: 4096 CPUs were requested, but the engine has 8
    hint: use at most `--cpu 8`, or add `--best-effort`
    ");
    insta::assert_snapshot!(start("--gpu", "all"), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: this engine has no GPU for containers
      an engine in memory has none
    hint: install the NVIDIA container toolkit for this engine, start without GPUs (`--gpu 0`), or add `--best-effort`
    ");
}

#[test]
fn a_provider_that_nobody_knows() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(project.leaves_nothing(&["start", "-p", "slurm"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no provider `slurm`
    hint: known providers: `docker`, `local`, `renkulab`; or name a file, such as `-p ./mine.wasm`
    ");
    insta::assert_snapshot!(project.leaves_nothing(&["ls", "-p", "slurm"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no provider `slurm`
    hint: known providers: `docker`, `local`, `renkulab`; or name a file, such as `-p ./mine.wasm`
    ");
}

#[test]
fn a_project_cannot_bring_its_own_provider_along() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    project.write(".renku/renku.ini", "[interactive]\nprovider = ./evil.wasm\n").commit();
    insta::assert_snapshot!(project.leaves_nothing(&["start", "--yes"]), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: the settings of this project name the file `./evil.wasm` as its provider
    hint: if you trust that file, name it yourself with `-p ./evil.wasm`
    ");
}

#[test]
fn names_that_nobody_has() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(project.leaves_nothing(&["stop", "nobody"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: this project has no session `nobody`
    hint: it has none; `renku session start` starts one
    ");
    insta::assert_snapshot!(project.leaves_nothing(&["open", "nobody"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: this project has no session `nobody`
    hint: it has none; `renku session start` starts one
    ");
    insta::assert_snapshot!(project.leaves_nothing(&["open"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: this project has no session
    hint: run `renku session start`
    ");
    insta::assert_snapshot!(project.leaves_nothing(&["stop"]), @r"
    exit status: 0
    --- stdout
    --- stderr
    This project has no sessions to stop
    ");
    insta::assert_snapshot!(project.leaves_nothing(&["stop", "--all"]), @r"
    exit status: 0
    --- stdout
    --- stderr
    This project has no sessions to stop
    ");
    insta::assert_snapshot!(project.leaves_nothing(&["stop", "one", "two"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    warning: this project has no session `one`
    hint: it has none; `renku session start` starts one
    warning: this project has no session `two`
    hint: it has none; `renku session start` starts one
    error: 2 of 2 sessions could not be stopped
    ");
    insta::assert_snapshot!(project.leaves_nothing(&["stop", "elsewhere/one"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no provider `elsewhere`
    hint: known providers: `docker`, `local`, `renkulab`; or name a file, such as `-p ./mine.wasm`
    ");
}

#[test]
fn a_question_without_a_terminal_names_its_option() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(project.leaves_nothing(&["start"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no terminal to ask: The image `analysis:[COMMIT7]` does not exist yet. Build it from `Dockerfile`?
    hint: answer it with `--yes`
    ");
}

#[test]
fn words_that_are_no_command() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(project.leaves_nothing(&["strat"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: unrecognized subcommand 'strat'

      tip: a similar subcommand exists: 'start'

    Usage: renku session <COMMAND>

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(project.leaves_nothing(&["stop", "--all", "one"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the argument '--all' cannot be used with '[NAME]...'

    Usage: renku session stop --all [NAME]...

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(project.leaves_nothing(&["start", "--no-wait", "--open"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the argument '--no-wait' cannot be used with '--open'

    Usage: renku session start --no-wait

    For more information, try '--help'.
    ");
}
