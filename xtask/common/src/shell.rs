//! Runs other programs: shows the command, and fails with its name. Every task
//! is a few of these, so what it did can be read and typed again.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::log;

/// Prints one line about what is being done, never data: on standard error, or in
/// the log while steps are quiet.
pub fn say(line: &str) {
    log::line(line);
}

/// A program that has nothing to read: no task waits for a person by accident.
#[must_use]
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    command
}

/// The cargo that runs this task, else the one on `PATH`; called as somebody at a
/// terminal would. What `cargo run` says about the task's own package would reach build
/// scripts, and those that look at it would compile their crates again.
#[must_use]
pub fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// Runs a command to its end, after showing it. Its output goes where ours goes, or
/// into the log while steps are quiet.
///
/// # Errors
///
/// When the program is missing or ends with a status other than 0.
pub fn run(command: &mut Command) -> Result<()> {
    say(&format!("$ {}", shown(command)));
    let (output, error) = (log::stdio()?, log::stdio()?);
    let status = command.stdout(output).stderr(error).status();
    let status = status.with_context(|| not_started(command))?;
    if !status.success() {
        bail!("`{}` failed: {status}", shown(command));
    }
    Ok(())
}

/// Runs a command to its end, without showing it, and gives its standard output; what
/// it says on standard error goes where ours goes, or into the log.
///
/// # Errors
///
/// When the program is missing or ends with a status other than 0.
pub fn data(command: &mut Command) -> Result<String> {
    let output = command.stderr(log::stdio()?).output().with_context(|| not_started(command))?;
    if !output.status.success() {
        bail!("`{}` failed: {}", shown(command), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command to its end, without showing it, and gives its standard output.
///
/// # Errors
///
/// When the program is missing or ends with a status other than 0; the message
/// then has what it wrote to standard error.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| not_started(command))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed: {}\n{}", shown(command), output.status, said.trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a command exists and ends with status 0; its output is dropped.
pub fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Where `program` is found on `PATH`.
#[must_use]
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|directory| directory.join(program))
        .find(|at| is_executable(at))
}

/// The command as one would type it.
#[must_use]
pub fn shown(command: &Command) -> String {
    let program = command.get_program();
    let is_cargo = std::env::var_os("CARGO").is_some_and(|cargo| cargo == program);
    let program = if is_cargo { "cargo".as_ref() } else { program };
    let words = std::iter::once(program).chain(command.get_args());
    let words: Vec<String> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    // Only a NUL cannot be quoted, and no word of a command has one.
    shlex::try_join(words.iter().map(String::as_str)).unwrap_or_default()
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

fn not_started(command: &Command) -> String {
    format!("`{}` cannot be run", command.get_program().to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_command_can_be_typed_again() {
        let mut command = Command::new("docker");
        command.args(["import", "--change", "CMD [\"it's\"]", "-", ""]);
        assert_eq!(shown(&command), r#"docker import --change "CMD [\"it's\"]" - ''"#);
    }

    #[test]
    fn a_failing_command_is_named_with_what_it_said() {
        let failed = output(Command::new("sh").args(["-c", "echo broken >&2; exit 3"]));
        let message = failed.unwrap_err().to_string();
        assert_eq!(message, "`sh -c 'echo broken >&2; exit 3'` failed: exit status: 3\nbroken");
    }

    #[test]
    fn cargo_is_not_told_of_the_package_that_calls_it() {
        // Cargo has set it for this test.
        assert!(std::env::var_os("CARGO_PKG_NAME").is_some());
        let cargo = cargo();
        assert!(cargo.get_envs().any(|(name, value)| name == "CARGO_PKG_NAME" && value.is_none()));
        assert_eq!(shown(&cargo), "cargo");
    }

    #[test]
    fn a_missing_program_is_named() {
        let _alone = log::PRINTING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let failed = run(&mut Command::new("no-such-program-here"));
        assert_eq!(failed.unwrap_err().to_string(), "`no-such-program-here` cannot be run");
    }
}
