//! Follows the output of the classic builder: which step it is at, and what
//! the step printed last.

use std::collections::VecDeque;

use super::super::{ContainersError, text};

/// How many lines of a failing step are shown.
const LINES: usize = 20;
/// The most characters of one line.
const LONGEST_LINE: usize = 500;

/// Where a build is.
#[derive(Debug, Default)]
pub(super) struct Steps {
    number: u64,
    total: u64,
    instruction: String,
    output: VecDeque<String>,
    /// The beginning of a line whose end has not come yet.
    unfinished: String,
}

impl Steps {
    /// Takes a piece of output and gives its whole lines, cleaned.
    pub(super) fn add(&mut self, piece: &str) -> Vec<String> {
        self.unfinished.push_str(piece);
        let Some(end) = self.unfinished.rfind('\n') else { return Vec::new() };
        let rest = self.unfinished.split_off(end + 1);
        let whole = std::mem::replace(&mut self.unfinished, rest);
        let mut lines = Vec::new();
        for line in whole.lines() {
            let line = line.trim_end().rsplit('\r').next().unwrap_or_default();
            let line = text::shorten(&text::clean(line), LONGEST_LINE);
            if !line.trim().is_empty() {
                self.take(&line);
                lines.push(line);
            }
        }
        lines
    }

    /// The step under way and how many there are.
    pub(super) fn position(&self) -> Option<(u64, u64)> {
        (self.total > 0).then_some((self.number, self.total))
    }

    /// The error of a build that ended here.
    pub(super) fn failure(self, image: &str, message: String) -> ContainersError {
        let image = image.to_owned();
        if self.total == 0 {
            return ContainersError::BuildFailed { image, message };
        }
        ContainersError::BuildStep {
            image,
            number: self.number,
            step: self.instruction,
            output: self.output.into(),
            message,
        }
    }

    fn take(&mut self, line: &str) {
        if let Some((number, total, instruction)) = step(line) {
            self.number = number;
            self.total = total;
            instruction.clone_into(&mut self.instruction);
            self.output.clear();
        } else if !line.starts_with(" ---> ")
            && !line.starts_with("Removing intermediate container")
        {
            if self.output.len() == LINES {
                self.output.pop_front();
            }
            self.output.push_back(line.to_owned());
        }
    }
}

/// `Step 3/7 : RUN make`.
fn step(line: &str) -> Option<(u64, u64, &str)> {
    let (position, instruction) = line.strip_prefix("Step ")?.split_once(" : ")?;
    let (number, total) = position.split_once('/')?;
    Some((number.parse().ok()?, total.parse().ok()?, instruction))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Diagnostic;

    #[test]
    fn a_failing_step_is_named_with_its_last_lines_only() {
        let mut steps = Steps::default();
        assert_eq!(steps.add("Step 1/2 : FROM a\n"), ["Step 1/2 : FROM a"]);
        steps.add(" ---> f00\n");
        steps.add("Step 2/2 : RUN make\n ---> Running in 0ba\nnoise of an ea");
        for number in 1..=25 {
            steps.add(&format!("\u{1b}[31mline {number}\u{1b}[0m\n"));
        }
        steps.add("Removing intermediate container 0ba\n");
        assert_eq!(steps.position(), Some((2, 2)));
        let error = steps.failure("p:1", "returned a non-zero code: 2".into());
        assert_eq!(error.to_string(), "building `p:1` failed at step 2: `RUN make`");
        let mut expected: Vec<String> = (6..=25).map(|number| format!("line {number}")).collect();
        expected.push("returned a non-zero code: 2".into());
        assert_eq!(error.causes(), expected);
    }

    #[test]
    fn without_a_step_the_message_is_the_cause() {
        let error = Steps::default().failure("p:1", "dockerfile parse error".into());
        assert_eq!(error.to_string(), "building `p:1` failed");
        assert_eq!(error.causes(), ["dockerfile parse error"]);
    }
}
