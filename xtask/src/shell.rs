//! Runs other programs: shows the command, and fails with its name. Every task
//! is a few of these, so what it did can be read and typed again.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// Says one line on standard error: what is being done, never data.
pub(crate) fn say(line: &str) {
    // Nobody is left to be told that standard error is closed.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Runs a command to its end with its output where ours is, after showing it.
///
/// # Errors
///
/// When the program is missing or ends with a status other than 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    say(&format!("$ {}", shown(command)));
    let status = command.status().with_context(|| not_started(command))?;
    if !status.success() {
        bail!("`{}` failed: {status}", shown(command));
    }
    Ok(())
}

/// Runs a command to its end, without showing it, and gives its standard output.
///
/// # Errors
///
/// When the program is missing or ends with a status other than 0; the message
/// then has what it wrote to standard error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| not_started(command))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed: {}\n{}", shown(command), output.status, said.trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a command exists and ends with status 0; its output is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Where `program` is found on `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|directory| directory.join(program))
        .find(|at| is_executable(at))
}

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| quoted(&word.to_string_lossy())).collect::<Vec<_>>().join(" ")
}

/// A word in single quotes where a shell would read it as something else.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
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
        assert_eq!(shown(&command), r#"docker import --change 'CMD ["it'\''s"]' - ''"#);
    }

    #[test]
    fn a_failing_command_is_named_with_what_it_said() {
        let failed = output(Command::new("sh").args(["-c", "echo broken >&2; exit 3"]));
        let message = failed.unwrap_err().to_string();
        assert_eq!(message, "`sh -c 'echo broken >&2; exit 3'` failed: exit status: 3\nbroken");
    }

    #[test]
    fn a_missing_program_is_named() {
        let failed = run(&mut Command::new("no-such-program-here"));
        assert_eq!(failed.unwrap_err().to_string(), "`no-such-program-here` cannot be run");
    }
}
