//! `cargo xtask ci`: what must hold before a change goes in, and how long each
//! part of that took.

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use xtask_common::shell;

use crate::test_command::{self, TestArguments};
use crate::{build_command, deny, example};

/// Form, lints and dependencies, and the tests unless `lint_only`. All steps run, and
/// all that fail are named at the end.
///
/// # Errors
///
/// When a step fails.
pub(crate) fn run(root: &Path, lint_only: bool) -> Result<()> {
    let mut steps = Steps::default();
    steps.run("fmt", || cargo(root, "fmt --all --check"));
    steps.run("dependencies", || build_command::tool(root).map(drop));
    steps.run("contract", || shell::run(build_command::tool(root)?.arg("check-contract")));
    // The host embeds the providers, so it cannot be looked at without them.
    steps.run("components", || build_command::components(root).map(drop));
    steps.run("clippy", || cargo(root, "clippy --workspace --all-targets --locked -- -D warnings"));
    steps.run("example", || example::lint(root));
    steps.run("reproducible", || shell::run(build_command::tool(root)?.arg("verify")));
    if !lint_only {
        steps.run("deny", || deny::run(root));
        steps.run("test", || test_command::run(root, &TestArguments::everything()));
    }
    std::io::stderr().write_all(steps.table().as_bytes())?;
    steps.verdict()
}

/// What was done so far.
#[derive(Default)]
struct Steps(Vec<Step>);

struct Step {
    name: &'static str,
    took: Duration,
    result: Result<()>,
}

impl Steps {
    fn run(&mut self, name: &'static str, step: impl FnOnce() -> Result<()>) {
        let begin = Instant::now();
        let result = step();
        self.0.push(Step { name, took: begin.elapsed(), result });
    }

    /// One line for each: what became of it, seconds, name, and why it failed.
    fn table(&self) -> String {
        let line = |Step { name, took, result }: &Step| {
            let seconds = took.as_secs_f64();
            match result {
                Ok(()) => format!("ok     {seconds:>7.1} s  {name}\n"),
                Err(error) => format!("FAILED {seconds:>7.1} s  {name}: {error:#}\n"),
            }
        };
        self.0.iter().map(line).collect()
    }

    fn verdict(&self) -> Result<()> {
        let failed: Vec<&str> =
            self.0.iter().filter(|step| step.result.is_err()).map(|step| step.name).collect();
        if failed.is_empty() {
            return Ok(());
        }
        bail!("failed: {}", failed.join(", "));
    }
}

fn cargo(root: &Path, arguments: &str) -> Result<()> {
    shell::run(shell::cargo().current_dir(root).args(arguments.split(' ')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_does_not_hide_those_after_it() {
        let mut steps = Steps(Vec::new());
        steps.run("fmt", || bail!("not formatted"));
        steps.run("clippy", || Ok(()));
        for step in &mut steps.0 {
            step.took = Duration::from_millis(12_340);
        }
        assert_eq!(
            steps.table(),
            "FAILED    12.3 s  fmt: not formatted\nok        12.3 s  clippy\n"
        );
        assert_eq!(steps.verdict().unwrap_err().to_string(), "failed: fmt");
    }

    #[test]
    fn cargo_that_fails_is_named() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(
            cargo(root, "no-such-command").unwrap_err().to_string(),
            "`cargo no-such-command` failed: exit status: 101"
        );
        assert!(cargo(root, "--version").is_ok());
    }
}
