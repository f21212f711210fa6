//! How much memory a command takes at its most.
//!
//! The kernel tells this of the children that a process has waited for, the
//! largest of them. So the bench runs itself again for every command that it
//! measures, and that copy has this one child.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use nix::sys::resource::{UsageWho, getrusage};

/// The option of `cargo xtask bench` that makes the copy.
const OPTION: &str = "--peak-of";

/// Peak resident memory of a command, in MiB; `root` is the workspace.
///
/// # Errors
///
/// When it cannot be run or fails.
pub(super) fn measure(root: &Path, command: &Command) -> Result<f64> {
    let mut copy = Command::new(std::env::current_exe()?);
    copy.args(["bench", OPTION]).arg(command.get_program()).args(command.get_args());
    // The command's folder is elsewhere, so the copy gets the path of the workspace.
    copy.env("CARGO_MANIFEST_DIR", root);
    if let Some(folder) = command.get_current_dir() {
        copy.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => copy.env(name, value),
            None => copy.env_remove(name),
        };
    }
    let output = copy.stdin(Stdio::null()).output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{command:?} failed: {}", said.trim());
    }
    let kibibytes: f64 = String::from_utf8(output.stdout)?.trim().parse()?;
    Ok(kibibytes / 1024.0)
}

/// In the copy: runs the command with its output thrown away and gives the KiB.
///
/// # Errors
///
/// When it cannot be run or fails.
pub(super) fn of_only_child(command: &[String]) -> Result<i64> {
    let (program, arguments) = command.split_first().context("no command")?;
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("`{program}` cannot be run"))?;
    if !status.success() {
        bail!("`{program}`: {status}");
    }
    Ok(in_kibibytes(getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss()))
}

/// Linux and the BSDs count KiB, macOS bytes (getrusage(2) of each).
fn in_kibibytes(figure: i64) -> i64 {
    if cfg!(target_vendor = "apple") { figure / 1024 } else { figure }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_a_child_is_counted() {
        // 40 MB, held by `tail` because they have no line's end.
        let many = ["sh", "-c", "head -c 40000000 /dev/zero | tail -n 1"].map(String::from);
        assert!(of_only_child(&many).unwrap() > 40_000_000 / 1024);
    }

    #[test]
    fn a_command_that_fails_has_no_figure() {
        let failing = ["false".to_owned()];
        assert_eq!(of_only_child(&failing).unwrap_err().to_string(), "`false`: exit status: 1");
    }
}
