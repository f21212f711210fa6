//! The engine's own client: what the program is compared with, and a second
//! opinion on what is in the engine.

use std::process::Command;

use anyhow::Result;
use xtask_common::shell;

use crate::engine;

/// `docker` with these arguments, not run yet.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = engine::docker();
    command.args(arguments);
    command
}

/// Runs `docker` and gives its standard output without the line's end.
///
/// # Errors
///
/// When there is no such program, or with what it said when it fails.
pub(crate) fn output(arguments: &[&str]) -> Result<String> {
    Ok(shell::output(&mut command(arguments))?.trim_end().to_owned())
}

/// A kind of things in the engine: how to list their ids and how to remove one.
pub(crate) struct Kind {
    list: &'static [&'static str],
    remove: &'static [&'static str],
}

/// Containers, running or not, and what only they use.
pub(crate) const CONTAINERS: Kind = Kind { list: &["ps", "-aq"], remove: &["rm", "-f", "-v"] };
pub(crate) const IMAGES: Kind = Kind { list: &["images", "-q"], remove: &["rmi", "-f"] };

/// Removes all things of a kind that have this label, `key` or `key=value`. What
/// cannot be removed stays: this is for the end, where there is nobody to tell.
pub(crate) fn remove(kind: Kind, label: &str) {
    let filter = format!("label={label}");
    let ids = output(&[kind.list, &["--filter", &filter]].concat()).unwrap_or_default();
    for id in ids.split_whitespace() {
        let _ = output(&[kind.remove, &[id]].concat());
    }
}
