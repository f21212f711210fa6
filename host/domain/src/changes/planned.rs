//! A container that would be made: for programs as JSON, for people in words and as the
//! command line that makes the same one.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use crate::{sanitize, sanitize_lines};

/// A container that would be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PlannedContainer {
    /// The engine's request, in its own words; none: this engine has no such request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<Value>,
    /// The container in the words of this program, the same on every engine.
    pub spec: Value,
    /// The same for people.
    #[serde(skip)]
    pub rows: Vec<PlannedRow>,
    /// How a person makes the same one; none: not with one command.
    #[serde(skip)]
    pub command: Option<PlannedCommand>,
}

/// One property of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRow {
    pub name: &'static str,
    /// Its value, in words of a command line.
    pub words: Vec<String>,
}

/// A command line that makes a container.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlannedCommand {
    /// Its words; those that belong together are one group.
    pub groups: Vec<Vec<String>>,
    /// What the program does beside it.
    pub lacks: Vec<String>,
}

impl PlannedContainer {
    /// Everything about it, one line each.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let width = self.rows.iter().map(|row| row.name.len()).max().unwrap_or_default();
        let row = |row: &PlannedRow| format!("  {:width$}  {}", row.name, joined(&row.words));
        let mut lines: Vec<String> = self.rows.iter().map(row).collect();
        let Some(command) = &self.command else {
            lines.push("There is no single command for this.".to_owned());
            return lines;
        };
        lines.push("The equivalent command:".to_owned());
        let groups: Vec<String> = command.groups.iter().map(|words| quoted(words)).collect();
        lines.extend(groups.join(" \\\n  ").lines().map(str::to_owned));
        if !command.lacks.is_empty() {
            lines.push(format!("It does not {}.", command.lacks.join(", and not ")));
        }
        lines
    }
}

/// Words for people: quoted where a space would hide how many there are.
fn joined(words: &[String]) -> String {
    match words {
        [word] => sanitize(word),
        words => quoted(words),
    }
}

/// Words as a POSIX shell takes them; line breaks are part of a word.
fn quoted(words: &[String]) -> String {
    let quote = |word: &String| {
        let harmless = sanitize_lines(word);
        // The one thing that cannot be quoted, NUL, is gone.
        shlex::try_quote(&harmless).map_or_else(|_| harmless.clone(), Cow::into_owned)
    };
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_container_is_rows_and_a_command_that_can_be_typed() {
        let row = |name, value: &[&str]| PlannedRow { name, words: words(value) };
        let planned = PlannedContainer {
            rows: vec![row("image", &["a:1"]), row("command", &["sh", "-c", "echo $HOME"])],
            command: Some(PlannedCommand {
                groups: vec![
                    words(&["engine", "run"]),
                    words(&["--env", "A=it's"]),
                    words(&["a:1"]),
                ],
                lacks: words(&["make the home", "copy the project"]),
            }),
            ..PlannedContainer::default()
        };
        assert_eq!(
            planned.lines(),
            [
                "  image    a:1",
                "  command  sh -c 'echo $HOME'",
                "The equivalent command:",
                "engine run \\",
                "  --env \"A=it's\" \\",
                "  a:1",
                "It does not make the home, and not copy the project.",
            ]
        );
        let alone = PlannedContainer { rows: planned.rows, ..PlannedContainer::default() };
        assert_eq!(alone.lines().last().unwrap(), "There is no single command for this.");
    }
}
