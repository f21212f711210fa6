//! What holds of every command, whatever befalls it.

use std::time::{Duration, Instant};

use support::{Renku, Run};

/// No command may take longer, also with an engine that never answers.
const LONGEST: Duration = Duration::from_secs(150);
/// What takes this long hangs.
const PATIENCE: Duration = Duration::from_secs(300);
/// No command may need more memory: an engine may flood it.
const MEMORY: u64 = 256 << 20;

/// Runs a command; gives what it did, and what must not be.
pub fn run(renku: Renku<'_>) -> (Run, Option<String>) {
    let begin = Instant::now();
    match renku.spawn().wait_within(PATIENCE) {
        Ok(run) => {
            let wrong = wrong(&run, begin.elapsed());
            (run, wrong)
        }
        Err(run) => {
            let wrong = format!("it did not end within {} s\n{}", PATIENCE.as_secs(), shown(&run));
            (*run, Some(wrong))
        }
    }
}

/// What must not be, of a command that took so long.
pub fn wrong(run: &Run, took: Duration) -> Option<String> {
    let mut wrong = Vec::new();
    if took > LONGEST {
        wrong.push(format!("it took {} s", took.as_secs()));
    }
    if let Some(memory) = run.peak_memory.filter(|memory| *memory > MEMORY) {
        wrong.push(format!("it took {} MiB of memory", memory >> 20));
    }
    if run.status == -1 || run.stderr.contains("panicked at") {
        wrong.push("it crashed".to_owned());
    }
    if run.status != 0 && run.stderr.is_empty() && run.stdout.is_empty() {
        wrong.push("it failed without a word".to_owned());
    }
    (!wrong.is_empty()).then(|| format!("{}\n{}", wrong.join(", "), shown(run)))
}

/// What a command did, for a finding.
pub fn shown(run: &Run) -> String {
    let text = run.snapshot();
    text.chars().take(2000).collect()
}
