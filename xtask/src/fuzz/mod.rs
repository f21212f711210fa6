//! `cargo xtask fuzz`: libFuzzer makes inputs for every parser of foreign bytes. The targets
//! and the inputs that are kept are in `tests/fuzz`.

pub(crate) mod compiler;
mod figures;

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use xtask_common::{in_target, log, shell};

use crate::{build_command, packages};
use figures::Figures;

/// The package of the targets.
const PACKAGE: &str = "renku-session-fuzz";
/// The folder of the inputs that are kept.
const CORPUS: &str = "tests/fuzz/corpus";
/// One input may take so long, in seconds, and so much memory, in MiB.
const SLOWEST: u32 = 5;
const MEMORY: u32 = 1024;
/// The longest input, in bytes.
const LONGEST: u32 = 48 * 1024;
/// Temporary files in memory, where a system has them.
const MEMORY_FOLDER: &str = "/dev/shm";
/// How many targets run at the same time.
const AT_ONCE: usize = 2;

/// What is fuzzed, and for how long.
#[derive(Debug, Clone, Args)]
pub(crate) struct FuzzArguments {
    /// One parser, a folder of tests/fuzz/corpus; all of them without
    target: Option<String>,
    /// How long each one is fuzzed
    #[arg(long, value_name = "N", default_value_t = 10)]
    seconds: u32,
}

/// Gives every target its kept inputs and then new ones.
///
/// # Errors
///
/// When something does not compile, or an input was found that breaks a target.
pub(crate) fn run(root: &Path, arguments: &FuzzArguments) -> Result<()> {
    let targets = targets(root, arguments.target.as_deref())?;
    let program = build(root)?;
    let waiting = Mutex::new(VecDeque::from(targets));
    let results = Mutex::new(Vec::new());
    let work = || {
        loop {
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some(target) = next else { return };
            let result = fuzz(root, &program, &target, arguments.seconds);
            match &result {
                Ok(figures) => log::print(&format!("✓ {target}  {figures}")),
                Err(error) => log::print(&format!("✗ {target}  {error:#}")),
            }
            results.lock().unwrap_or_else(PoisonError::into_inner).push(result);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(work);
        }
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    let failed = results.iter().filter(|result| result.is_err()).count();
    match failed {
        0 => Ok(()),
        _ => bail!("{failed} of {} targets failed", results.len()),
    }
}

/// The names of the targets: each has a folder of inputs.
fn targets(root: &Path, wanted: Option<&str>) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join(CORPUS)).context(CORPUS)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let Some(wanted) = wanted else { return Ok(names) };
    if !names.iter().any(|name| name == wanted) {
        bail!("there is no target `{wanted}`; there are: {}", names.join(", "));
    }
    Ok(vec![wanted.to_owned()])
}

/// Compiles the program of all targets. Only our own crates are instrumented, and the
/// libraries are those of every other build: otherwise this would take longer than fuzzing.
fn build(root: &Path) -> Result<PathBuf> {
    build_command::components(root)?;
    let mut cargo = packages::cargo(root, "build");
    cargo.args(["--package", PACKAGE, "--features", "renku-session-fuzz/libfuzzer"]);
    compiler::instrument(&mut cargo)?;
    shell::run(&mut cargo)?;
    in_target("debug/fuzz")
}

/// Fuzzes one target. What is new goes to the target directory, and stays for the next time.
fn fuzz(root: &Path, program: &Path, target: &str, seconds: u32) -> Result<Figures> {
    let found = in_target(&format!("fuzz/corpus/{target}"))?;
    let broken = in_target(&format!("fuzz/broken/{target}"))?;
    for folder in [&found, &broken] {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    let mut command = Command::new(program);
    command
        .env("RENKU_FUZZ_TARGET", target)
        // With the names of all functions a panic would take seconds.
        .env("RUST_BACKTRACE", "0")
        .args([&found, &root.join(CORPUS).join(target)])
        .arg(format!("-artifact_prefix={}/", broken.display()))
        .args([
            format!("-max_total_time={seconds}"),
            format!("-max_len={LONGEST}"),
            format!("-timeout={SLOWEST}"),
            format!("-rss_limit_mb={MEMORY}"),
        ])
        .args(["-print_final_stats=1", "-reload=0", "-verbosity=1"])
        .stdin(Stdio::null());
    // Some targets make a project for each input.
    if Path::new(MEMORY_FOLDER).is_dir() {
        command.env("TMPDIR", MEMORY_FOLDER);
    }
    let output = command.output().context("the program of the targets")?;
    let text = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return Ok(Figures::read(&text));
    }
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let last = lines.get(lines.len().saturating_sub(25)..).unwrap_or_default().join("\n");
    bail!("an input breaks it; when that is mended, keep the input in {CORPUS}/{target}\n{last}")
}
