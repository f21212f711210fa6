//! Resources that a real engine does not have, in its words.

use support::Context;

#[test]
fn resources_that_make_no_sense_or_that_the_engine_has_not() {
    let context = Context::docker();
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
    error: this engine cannot limit disk space (storage driver `overlay2 on extfs`)
    hint: leave out `--disk` (or `renku config unset disk_request`), or add `--best-effort`
    ");
    insta::assert_snapshot!(start("--cpu", "4096").replace(&format!("has {}", cpus()), "has [CPUS]").replace(&format!("--cpu {}", cpus()), "--cpu [CPUS]"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: 4096 CPUs were requested, but the engine has [CPUS]
    hint: use at most `--cpu [CPUS]`, or add `--best-effort`
    ");
    insta::assert_snapshot!(start("--gpu", "all"), @r#"
    exit status: 1
    --- stdout
    --- stderr
    error: this engine has no GPU for containers
      could not select device driver "" with capabilities: [[gpu]]
    hint: install the NVIDIA container toolkit for this engine, start without GPUs (`--gpu 0`), or add `--best-effort`
    "#);
}

/// How many processors the engine has.
fn cpus() -> String {
    support::docker_ok(&["info", "--format", "{{.NCPU}}"])
}
