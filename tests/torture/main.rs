//! Torture: thousands of things that go wrong, and after each a census. What must hold: no
//! container, volume, process or file is left that no command mentions, no file is half
//! written, and the next command works.
//!
//! `cargo xtask torture [--seed N] [--minutes M]` runs it. What happens is decided by the
//! seed; how far it gets, by the time.

mod arguments;
mod bounds;
mod census;
mod disks;
mod engine;
mod faults;
mod garbage;
mod ground;
mod kills;
mod parallel;
mod random;
mod report;
mod situations;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use arguments::Arguments;
use random::Random;
use report::Report;

/// A kind of trouble.
type Phase = fn(&mut Random, Duration, &mut Report);

/// Each gets its part of the time, in hundredths.
const PHASES: [(&str, u32, Phase); 6] = [
    ("kills", 45, kills::run),
    ("faults of answers", 30, faults::run),
    ("an engine that stands still or dies", 10, engine::run),
    ("in parallel", 5, parallel::run),
    ("disks", 5, disks::run),
    ("garbage in state files", 5, garbage::run),
];

fn main() -> ExitCode {
    let arguments = Arguments::read();
    println!("torture with seed {} for {} min", arguments.seed, arguments.minutes);
    let mut report = Report::default();
    for (name, part, phase) in PHASES.into_iter().filter(|(name, ..)| arguments.wants(name)) {
        let begin = Instant::now();
        let mut random = Random::new(arguments.seed, name);
        report.begin(name);
        phase(&mut random, arguments.time() * part / 100, &mut report);
        println!("{}  ({} s)", report.line(), begin.elapsed().as_secs());
    }
    for finding in &report.findings {
        println!("\nFINDING {finding}");
    }
    println!("\n{} findings", report.findings.len());
    if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
