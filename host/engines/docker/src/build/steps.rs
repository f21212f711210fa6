//! Follows the output of the classic builder: which step it is at, and what
//! the step printed last.

use super::failure;
use super::output::{Lines, Tail};
use crate::contract::ImageError;

/// The most images of steps that are remembered.
const MOST_STEPS: usize = 1000;

/// Where a build is.
#[derive(Debug, Default)]
pub(super) struct Steps {
    number: u64,
    total: u64,
    instruction: String,
    output: Tail,
    lines: Lines,
    /// The images that the steps so far made, the newest last.
    made: Vec<String>,
    /// Whether the step under way runs, and is not taken from the cache.
    runs: bool,
}

impl Steps {
    /// Takes a piece of output and gives its whole lines, cleaned.
    pub(super) fn add(&mut self, piece: &str) -> Vec<String> {
        let lines = self.lines.add(piece);
        for line in &lines {
            self.take(line);
        }
        lines
    }

    /// The images that this build made and did not take from the cache, the
    /// newest last. Engines have shown short ids since ever.
    pub(super) fn made(&self) -> &[String] {
        &self.made
    }

    /// The step under way and how many there are.
    pub(super) fn position(&self) -> Option<(u64, u64)> {
        (self.total > 0).then_some((self.number, self.total))
    }

    /// The error of a build that ended here.
    pub(super) fn failure(self, image: &str, message: String) -> ImageError {
        let number = (self.total > 0).then_some(self.number);
        failure::of(image, number, self.instruction, self.output.into(), message)
    }

    fn take(&mut self, line: &str) {
        if let Some((number, total, instruction)) = step(line) {
            self.number = number;
            self.total = total;
            self.runs = !instruction.to_ascii_uppercase().starts_with("FROM ");
            instruction.clone_into(&mut self.instruction);
            self.output.clear();
        } else if line == " ---> Using cache" {
            self.runs = false;
        } else if let Some(id) = line.strip_prefix(" ---> ") {
            let is_id = id.len() >= 12 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
            if self.runs && is_id && self.made.len() < MOST_STEPS {
                self.made.push(id.to_owned());
            }
        } else if !line.starts_with("Removing intermediate container") {
            self.output.push(line);
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
        let error = steps
            .failure("p:1", "The command '/bin/sh -c make' returned a non-zero code: 2".into());
        assert_eq!(error.to_string(), "building `p:1` failed at step 2: `RUN make`");
        let mut expected: Vec<String> = (6..=25).map(|number| format!("line {number}")).collect();
        expected.push("it ended with exit status 2".into());
        assert_eq!(error.causes(), expected);
    }

    #[test]
    fn images_from_the_cache_are_not_of_this_build() {
        let mut steps = Steps::default();
        steps.add("Step 1/3 : FROM a\n ---> aaaaaaaaaaaa\n");
        steps.add("Step 2/3 : RUN b\n ---> Using cache\n ---> bbbbbbbbbbbb\n");
        steps.add("Step 3/3 : RUN c\n ---> Running in 0ba0ba0ba0ba\n ---> cccccccccccc\n");
        assert_eq!(steps.made(), ["cccccccccccc"]);
    }

    #[test]
    fn without_a_step_the_message_is_the_cause() {
        let error = Steps::default().failure("p:1", "dockerfile parse error".into());
        assert_eq!(error.to_string(), "building `p:1` failed");
        assert_eq!(error.causes(), ["dockerfile parse error"]);
    }
}
