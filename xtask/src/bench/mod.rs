//! `cargo xtask bench`: is the program as quick and as small as it has to be?
//!
//! Times are whole processes, started like a shell starts them, beside the engine's
//! own client doing the same in the same engine at the same time.

mod commands;
mod ground;
mod measure;
mod peak;
mod recorded;
mod report;
mod statistics;

use std::io::Write as _;
use std::path::Path;

use anyhow::{Result, bail};

use crate::build_command::{self, Profile};
use crate::{engine, image};
use ground::Ground;
use report::{Row, Verdict};

/// What `cargo xtask bench` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct BenchArgs {
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Run a command and print how many KiB of memory it took; for the bench itself
    #[arg(long, hide = true, num_args = 1.., allow_hyphen_values = true, value_name = "COMMAND")]
    peak_of: Vec<String>,
}

/// Builds what is missing, measures, and prints the figures on standard output.
///
/// # Errors
///
/// When something cannot be measured, or a figure is beyond a bound that must not
/// be missed.
pub(crate) fn run(root: &Path, arguments: &BenchArgs) -> Result<()> {
    let mut out = std::io::stdout();
    if !arguments.peak_of.is_empty() {
        writeln!(out, "{}", peak::of_only_child(&arguments.peak_of)?)?;
        return Ok(());
    }
    engine::ensure()?;
    let rows = measure(root);
    engine::stop_if_started()?;
    let rows = rows?;
    if arguments.json {
        writeln!(out, "{}", report::json(&rows)?)?;
    } else {
        writeln!(out, "{}\n{}", report::table(&rows), commands::METHOD)?;
    }
    let failed: Vec<&str> = rows
        .iter()
        .filter(|row| row.verdict() == Verdict::Fail)
        .map(|row| row.what.as_str())
        .collect();
    if !failed.is_empty() {
        bail!("beyond what must not be missed: {}", failed.join(", "));
    }
    Ok(())
}

fn measure(root: &Path) -> Result<Vec<Row>> {
    image::ensure()?;
    let built = build_command::components(root)?;
    let program = build_command::program(root, Profile::Release)?;
    let ground = Ground::new(root, &program)?;
    let session = ground.program().start(&[])?;
    let mut rows = commands::list(ground.program())?;
    rows.extend(commands::memory(root, ground.program())?);
    rows.extend(commands::long_list(root, &ground)?);
    rows.extend(commands::load(ground.program())?);
    rows.extend(commands::completion(ground.program())?);
    rows.extend(commands::help(ground.program())?);
    rows.extend(commands::first_use(&ground)?);
    measure::time(ground.program().session(&["stop", &session.name]))?;
    rows.extend(commands::life(&ground, &session.image)?);
    rows.extend(commands::readiness(&ground)?);
    rows.extend(commands::renkulab(root, &program)?);
    rows.extend(commands::sizes(&program, &built)?);
    Ok(rows)
}
