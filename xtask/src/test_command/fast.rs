//! `cargo xtask test --fast [ROOM]`: what can be tested without an engine, images or
//! services, in the time one is willing to wait while writing.

use std::ffi::OsString;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use xtask_common::shell;

use super::{of_packages, with_environment};
use crate::build_command::{self, Profile};
use crate::packages::{self, Package};

/// The whole-program tests that need no engine, in the package of the whole-program tests.
const WITHOUT_ENGINE: &str = "engineless";

/// How many tests run at the same time (`cargo help test`).
const THREADS: &str = "RUST_TEST_THREADS";

/// Half of the time such tests wait for limits to pass, so that twice as many run as there
/// are processors.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Runs the unit tests of all rooms and components and the whole-program tests that need
/// no engine, or those of one room.
///
/// # Errors
///
/// When there is no such room, it does not compile, or a test fails.
pub(super) fn run(root: &Path, room: Option<&str>, arguments: &[OsString]) -> Result<()> {
    let begin = Instant::now();
    // Some rooms embed them. Nothing is done where nothing has changed.
    build_command::components(root)?;
    let all = packages::all(root)?;
    let rooms = packages::rooms(root, &all);
    let tested: Vec<&Package> = match room {
        Some(name) => vec![packages::room(root, &rooms, name)?],
        None => rooms.into_iter().chain(packages::components(root, &all)).collect(),
    };
    let names: Vec<&str> = tested.iter().map(|package| package.name.as_str()).collect();
    let mut unit = of_packages(root, &names);
    unit.args(["--lib", "--bins", "--no-fail-fast"]).args(arguments);
    let mut result = shell::run(&mut unit);
    if room.is_none() {
        let program = build_command::program(root, Profile::Dev)?;
        build_command::in_memory(root)?;
        let mut whole = with_environment(of_packages(root, &[packages::TESTS]), &program)?;
        whole.args(["--test", WITHOUT_ENGINE, "--no-fail-fast"]).args(arguments);
        if std::env::var_os(THREADS).is_none() {
            whole.env(THREADS, (2 * cores()).to_string());
        }
        result = result.and(shell::run(&mut whole));
    }
    shell::say(&format!("{:.0} s in all", begin.elapsed().as_secs_f64()));
    result
}
