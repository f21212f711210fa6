//! Commands that are printed can be typed: those of `renku` are understood by it, and those
//! of other programs stand in a list that somebody has checked.
//!
//! They are collected from what all whole-program tests expect to be printed, and run with
//! `--help` at their end: that reads all of a command, and does nothing.

use std::collections::BTreeSet;

use support::Context;

use crate::documents::sources;

/// How commands of other programs begin, each tried by hand. `memory` is the engine in memory,
/// which has words of its own; `key =` is a line of settings, and `start` our own command.
const OTHERS: [&str; 24] = [
    "cargo build",
    "chmod 600",
    "chmod go-w",
    "clang --target=wasm32",
    "componentize-py componentize",
    "docker login",
    "docker rm",
    "docker rmi",
    "docker tag",
    "docker volume",
    "git add",
    "git fetch",
    "git init",
    "git pull",
    "git repack",
    "git status",
    "git switch",
    "key =",
    "kill",
    "memory rm",
    "mkdir -p",
    "mv",
    "rm",
    "start --mount",
];

/// What stands in backticks in lines that are expected to be printed.
fn printed(only_hints: bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let is_printed = |line: &&str| {
        let line = line.trim_start();
        !line.starts_with("//") && (!only_hints || line.starts_with("hint: "))
    };
    for (name, source) in sources() {
        if !name.starts_with("tests/engineless/") && !name.starts_with("tests/program/") {
            continue;
        }
        for line in source.lines().filter(is_printed) {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

/// A command with something in the places of what differs from run to run.
fn typed(command: &str) -> String {
    let patterns = [(r"\[[A-Z]+[0-9]*\]", "x1"), (r"\{[a-z_]*\}", "x1")];
    patterns.iter().fold(command.to_owned(), |command, (pattern, text)| {
        regex_lite::Regex::new(pattern).unwrap().replace_all(&command, *text).into_owned()
    })
}

#[test]
fn every_printed_command_of_renku_is_understood() {
    let context = Context::in_memory();
    let project = context.project("words");
    let commands: Vec<String> = printed(false)
        .into_iter()
        // What ends in `…` or asks another command is no command by itself.
        .filter(|text| text.starts_with("renku ") && !text.contains(['…', '$']))
        .collect();
    assert!(commands.len() > 50, "{commands:?}");
    let wrong: Vec<String> = commands
        .iter()
        .filter_map(|command| {
            let run = project.shell(&format!("{} --help", typed(command))).run();
            (run.status != 0).then(|| format!("`{command}`: {}", run.stderr))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn commands_of_other_programs_in_hints_are_known() {
    let is_command = |text: &&String| {
        let mut words = text.split(' ');
        let program = words.next().unwrap_or_default();
        let is_word = |letter: char| letter.is_ascii_lowercase() || letter == '-';
        words.next().is_some()
            && program != "renku"
            && !program.starts_with('-')
            && program.chars().all(is_word)
    };
    let found: BTreeSet<String> = printed(true)
        .iter()
        .filter(is_command)
        .map(|command| {
            let is_plain = |word: &&str| !word.contains(['[', '{', '/']);
            command.split(' ').take(2).take_while(is_plain).collect::<Vec<_>>().join(" ")
        })
        .collect();
    let known: BTreeSet<String> = OTHERS.iter().map(|it| (*it).to_owned()).collect();
    assert_eq!(found, known);
}
