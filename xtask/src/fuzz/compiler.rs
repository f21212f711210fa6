//! Coverage in our own crates alone.
//!
//! Flags for all crates (`RUSTFLAGS`, as `cargo fuzz` has them) would compile wasmtime and
//! everything else once more, for minutes. Cargo calls `RUSTC_WORKSPACE_WRAPPER` for the
//! crates of a workspace only: this program, which adds the flags.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};

/// Set for calls by cargo.
const WANTED: &str = "RENKU_XTASK_COMPILES_FOR_FUZZING";

/// What libFuzzer needs to see (as `cargo fuzz` 0.13), and optimised: most of the time goes
/// into running it.
const FLAGS: [&str; 9] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
    "-Copt-level=1",
    "-Cdebug-assertions=on",
    "-Coverflow-checks=on",
];

/// Makes a call of cargo use this program for our own crates.
///
/// # Errors
///
/// When this program has no file.
pub(super) fn instrument(cargo: &mut Command) -> Result<()> {
    let this = std::env::current_exe().context("this program has no file")?;
    cargo.env("RUSTC_WORKSPACE_WRAPPER", this).env(WANTED, "1");
    Ok(())
}

/// Whether cargo calls this program as a compiler.
pub(crate) fn is_wanted() -> bool {
    std::env::var_os(WANTED).is_some()
}

/// Compiles as cargo says: the first argument is the compiler.
pub(crate) fn run() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let Some((compiler, rest)) = arguments.split_first() else { return ExitCode::FAILURE };
    let mut command = Command::new(compiler);
    command.args(rest);
    if is_instrumented(rest) {
        command.args(FLAGS);
    }
    match command.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Whether this is a crate of ours and no build script, which has no libFuzzer to link with.
fn is_instrumented(arguments: &[OsString]) -> bool {
    let name = arguments.iter().skip_while(|argument| *argument != "--crate-name").nth(1);
    name.and_then(|name| name.to_str())
        .is_some_and(|name| name.starts_with("renku_session") || name == "fuzz")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn build_scripts_and_questions_of_cargo_are_left_alone() {
        let of = |arguments: &[&str]| {
            is_instrumented(&arguments.iter().map(OsString::from).collect::<Vec<_>>())
        };
        assert!(of(&["--crate-name", "renku_session_images", "--edition=2024"]));
        assert!(of(&["--crate-name", "fuzz"]));
        assert!(!of(&["--crate-name", "build_script_build"]));
        assert!(!of(&["--crate-name", "___", "--print=cfg"]));
        assert!(!of(&["-vV"]));
    }
}
