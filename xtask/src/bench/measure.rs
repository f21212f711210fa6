//! Measures commands against each other, in pairs: one of ours, one of theirs,
//! right after each other and in alternating order, so that whatever else the
//! machine does hits both.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use super::statistics::Spread;

/// Milliseconds of ours and of theirs, pair by pair.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

/// Four views of pairs.
#[derive(Debug, PartialEq)]
pub(super) struct Compared {
    /// Milliseconds of ours.
    pub(super) ours: Spread,
    /// Milliseconds of theirs.
    pub(super) theirs: Spread,
    /// Ours by theirs, of each pair.
    pub(super) ratio: Spread,
    /// Milliseconds that ours took longer, of each pair.
    pub(super) difference: Spread,
}

impl Pairs {
    /// Adds a pair.
    pub(super) fn push(&mut self, ours: f64, theirs: f64) {
        self.ours.push(ours);
        self.theirs.push(theirs);
    }

    /// Their medians and quartiles.
    ///
    /// # Errors
    ///
    /// When there is no pair.
    pub(super) fn compare(&self) -> Result<Compared> {
        let of_each = |view: fn(f64, f64) -> f64| -> Vec<f64> {
            self.ours.iter().zip(&self.theirs).map(|(&ours, &theirs)| view(ours, theirs)).collect()
        };
        let spread = |figures: &[f64]| Spread::of(figures).context("nothing was measured");
        Ok(Compared {
            ours: spread(&self.ours)?,
            theirs: spread(&self.theirs)?,
            ratio: spread(&of_each(|ours, theirs| ours / theirs))?,
            difference: spread(&of_each(|ours, theirs| ours - theirs))?,
        })
    }
}

/// Runs `ours` and `theirs` `count` times as pairs, after `warm_up` pairs that do
/// not count. Each gives its milliseconds.
///
/// # Errors
///
/// When one of them fails.
pub(super) fn pairs(
    warm_up: usize,
    count: usize,
    mut ours: impl FnMut() -> Result<f64>,
    mut theirs: impl FnMut() -> Result<f64>,
) -> Result<Pairs> {
    let mut pairs = Pairs::default();
    for round in 0..warm_up + count {
        let (our_time, their_time) = in_turns(round, &mut ours, &mut theirs)?;
        if round >= warm_up {
            pairs.push(our_time, their_time);
        }
    }
    Ok(pairs)
}

/// Does both, ours first in even rounds and theirs first in odd ones.
///
/// # Errors
///
/// When one of them fails.
pub(super) fn in_turns<Ours, Theirs>(
    round: usize,
    ours: impl FnOnce() -> Result<Ours>,
    theirs: impl FnOnce() -> Result<Theirs>,
) -> Result<(Ours, Theirs)> {
    if round.is_multiple_of(2) {
        let ours = ours()?;
        Ok((ours, theirs()?))
    } else {
        let theirs = theirs()?;
        Ok((ours()?, theirs))
    }
}

/// Runs a command to its end; the milliseconds from before its start until it was
/// waited for, and its standard output.
///
/// # Errors
///
/// When it cannot be run, or with what it said when it fails.
pub(super) fn time(mut command: Command) -> Result<(f64, Vec<u8>)> {
    command.stdin(Stdio::null());
    let begin = Instant::now();
    let output = command.output();
    let milliseconds = begin.elapsed().as_secs_f64() * 1000.0;
    let output = output.with_context(|| format!("{command:?} cannot be run"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{command:?} failed: {}", said.trim());
    }
    Ok((milliseconds, output.stdout))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn pairs_alternate_and_the_warm_up_does_not_count() {
        let log = RefCell::new(String::new());
        let run = |letter: char, milliseconds: f64| {
            let log = &log;
            move || {
                log.borrow_mut().push(letter);
                Ok(milliseconds)
            }
        };
        let pairs = pairs(1, 3, run('o', 2.0), run('t', 8.0)).unwrap();
        assert_eq!(log.into_inner(), "ottootto");
        assert_eq!(pairs.ours, [2.0, 2.0, 2.0]);
        assert_eq!(pairs.theirs, [8.0, 8.0, 8.0]);
        assert_eq!(
            pairs.compare().unwrap().ratio,
            Spread { lower: 0.25, median: 0.25, upper: 0.25 }
        );
    }

    #[test]
    fn the_ratio_is_that_of_each_pair() {
        let mut pairs = Pairs::default();
        // A machine that gets ten times slower in between.
        for slow in [1.0, 1.0, 10.0] {
            pairs.push(2.0 * slow, 4.0 * slow);
        }
        let compared = pairs.compare().unwrap();
        assert_eq!(compared.ratio, Spread { lower: 0.5, median: 0.5, upper: 0.5 });
        assert_eq!(compared.difference, Spread { lower: -11.0, median: -2.0, upper: -2.0 });
        assert_eq!(compared.ours.median, 2.0);
        assert_eq!(compared.theirs.median, 4.0);
    }

    #[test]
    fn a_command_is_waited_for_and_its_output_kept() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 0.05; echo done"]);
        let (milliseconds, output) = time(command).unwrap();
        assert!(milliseconds >= 50.0, "{milliseconds}");
        assert_eq!(output, b"done\n");
    }

    #[test]
    fn a_command_that_fails_is_no_measurement() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo why >&2; exit 3"]);
        assert_eq!(
            time(command).unwrap_err().to_string(),
            "\"sh\" \"-c\" \"echo why >&2; exit 3\" failed: why"
        );
    }
}
