//! `cargo xtask test`: all tests, against a real engine, which is as it was
//! afterwards; with `--fast` those that need no engine.

mod fast;
mod leftovers;

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;
use xtask_common::{PROVIDERS, in_target, log, shell};

use crate::build_command::{self, Profile};
use crate::engine::JUPYTER_IMAGE;
use crate::setup::{self, Purpose};
use crate::{engine, example, other_engines, packages};
use leftovers::Snapshot;

/// What is tested.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct TestArguments {
    /// Run only tests that need no engine, of all rooms or of one (a folder in `host/`)
    #[arg(long, value_name = "ROOM", num_args = 0..=1, default_missing_value = "")]
    fast: Option<String>,
    /// Also run tests of rootless and remote engines, which need a user account
    #[arg(long, conflicts_with = "fast")]
    all_engines: bool,
    /// Install what is missing without asking
    #[arg(long, short)]
    yes: bool,
    /// Passed on to `cargo test`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    arguments: Vec<OsString>,
}

impl TestArguments {
    /// As continuous integration tests.
    pub(crate) fn everything() -> Self {
        Self { all_engines: true, yes: true, ..Self::default() }
    }
}

/// Runs tests.
///
/// # Errors
///
/// When something cannot be set up or built, a test fails, or the tests left
/// something in the engine.
pub(crate) fn run(root: &Path, arguments: &TestArguments) -> Result<()> {
    if let Some(room) = &arguments.fast {
        let room = (!room.is_empty()).then_some(room.as_str());
        return fast::run(root, room, &arguments.arguments);
    }
    let purpose = Purpose::of_tests(arguments.all_engines);
    let plan = setup::announce(root, purpose, arguments.yes)?;
    let tested = prepare(root, &plan).and_then(|program| {
        test(root, &program, purpose == Purpose::AllTests, &arguments.arguments)
    });
    // Also when they failed; but why they did is the first thing to tell.
    let stopped = engine::stop_if_started();
    tested.and(stopped)
}

/// Compiles everything while the machine is set up, which mostly waits for the network.
fn prepare(root: &Path, plan: &setup::Plan) -> Result<std::path::PathBuf> {
    let quiet = log::quiet(&in_target("xtask/test.log")?)?;
    let (built, installed) = std::thread::scope(|scope| {
        let installed = scope.spawn(|| setup::install(root, plan));
        let built = build(root);
        (built, installed.join().unwrap_or_else(|_| bail!("the set-up was interrupted")))
    });
    drop(quiet);
    installed.and(built)
}

fn build(root: &Path) -> Result<std::path::PathBuf> {
    log::step("dependencies", || build_command::tool(root))?;
    log::step("providers", || build_command::components(root))?;
    let program = log::step("program", || {
        build_command::in_memory(root)?;
        build_command::program(root, Profile::Dev)
    })?;
    log::step("tests", || {
        shell::run(all_packages(root).arg("--no-run"))?;
        shell::run(tasks(root).arg("--no-run"))
    })?;
    Ok(program)
}

fn test(root: &Path, program: &Path, all: bool, arguments: &[OsString]) -> Result<()> {
    let before = Snapshot::take()?;
    let mut failed = Vec::new();
    for tests in [all_packages(root), tasks(root)] {
        let mut tests = with_environment(tests, program)?;
        tests.arg("--no-fail-fast").args(arguments);
        if all {
            include_ignored(&mut tests, arguments);
        }
        failed.extend(shell::run(&mut tests).err());
    }
    failed.extend(example::test(root, arguments).err());
    failed.extend(Snapshot::take()?.nothing_new_since(&before).err());
    if !all {
        shell::say(&not_run(root)?);
    }
    if !failed.is_empty() {
        let all: Vec<String> = failed.iter().map(|error| format!("{error:#}")).collect();
        bail!(all.join("\n"));
    }
    Ok(())
}

/// `--include-ignored` for the test programs, behind `--` as they want it.
fn include_ignored(tests: &mut Command, arguments: &[OsString]) {
    if !arguments.iter().any(|argument| argument == "--") {
        tests.arg("--");
    }
    tests.arg("--include-ignored");
}

/// The line about tests that were left out.
fn not_run(root: &Path) -> Result<String> {
    let mut list = of_packages(root, &[packages::TESTS]);
    list.args(["--quiet", "--", "--ignored", "--list", "--format=terse"]);
    let names = shell::output(&mut list)?;
    let count = names.lines().filter(|line| line.ends_with(": test")).count();
    Ok(format!(
        "not run: {count} tests of rootless Podman and of engines behind TLS and ssh, which need the user \
         account `{}`; `cargo xtask test --all-engines` makes it and runs them",
        other_engines::USER
    ))
}

/// `cargo test` of everything but the tasks.
fn all_packages(root: &Path) -> Command {
    let mut cargo = shell::cargo();
    cargo.current_dir(root).args(["test", "--locked", "--workspace"]);
    cargo.args(packages::TASKS.map(|task| format!("--exclude={task}")));
    cargo
}

/// `cargo test` of the tasks, whose dependencies have other features.
fn tasks(root: &Path) -> Command {
    let mut cargo = shell::cargo();
    cargo.current_dir(root).args(["test", "--locked"]);
    cargo.args(packages::TASKS.map(|task| format!("--package={task}")));
    cargo
}

/// `cargo test` of these packages.
pub(crate) fn of_packages(root: &Path, names: &[&str]) -> Command {
    let mut cargo = packages::cargo(root, "test");
    cargo.args(names.iter().map(|name| format!("--package={name}")));
    cargo
}

/// What tests need to know: the program, the image with JupyterLab, and where the
/// providers are.
///
/// # Errors
///
/// When this program was moved out of cargo's target directory.
pub(crate) fn with_environment(mut tests: Command, program: &Path) -> Result<Command> {
    tests
        .env("RENKU_BIN", program)
        .env("RENKU_TEST_IMAGE", JUPYTER_IMAGE)
        .env("RENKU_TEST_PROVIDERS", in_target(PROVIDERS)?);
    Ok(tests)
}
