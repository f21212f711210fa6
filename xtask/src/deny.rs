//! `cargo xtask deny`: whose code we depend on. Licences, sources and duplicates by the
//! rules of `deny.toml`, and known vulnerabilities where the list of them can be had.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use xtask_common::{EXAMPLE, log, shell};

use crate::tools;

/// For the workspace, which the rules are written for: none of them is beside the point.
const OURS: [&str; 5] = [
    "--hide-inclusion-graph",
    "--deny=unmatched-skip",
    "--deny=unnecessary-skip",
    "--deny=license-not-encountered",
    "--deny=license-exception-not-encountered",
];
/// For the example, which needs fewer of them.
const EXAMPLES: [&str; 5] = [
    "--hide-inclusion-graph",
    "--allow=unmatched-skip",
    "--allow=unnecessary-skip",
    "--allow=license-not-encountered",
    "--allow=license-exception-not-encountered",
];

/// Checks the workspace and the example outside of it.
///
/// # Errors
///
/// When a rule is broken, a vulnerability is known, or cargo-deny cannot be had.
pub(crate) fn run(root: &Path) -> Result<()> {
    let program = tools::program(root, "cargo-deny")?;
    let rules = root.join("deny.toml");
    let deny = |folder: &str| {
        let mut command = Command::new(&program);
        command.current_dir(root.join(folder)).arg("--config").arg(&rules);
        command
    };
    let mut failed = Vec::new();
    for (folder, options) in [(".", OURS), (EXAMPLE, EXAMPLES)] {
        let mut check = deny(folder);
        check.arg("check").args(options).args(["bans", "licenses", "sources"]);
        failed.extend(shell::run(&mut check).err());
    }
    match shell::output(deny(".").args(["fetch", "db"])) {
        Ok(_) => {
            for folder in [".", EXAMPLE] {
                let mut check = deny(folder);
                check.args(["check", "--disable-fetch", "advisories"]);
                failed.extend(shell::run(&mut check).err());
            }
        }
        // There is no other place for the list. A check that was not made is not a pass.
        Err(error) => {
            let why = format!("{error:#}");
            let why = why.lines().rfind(|line| line.contains(':')).unwrap_or_default();
            log::print(&format!(
                "NOT CHECKED for known vulnerabilities: their list cannot be fetched\n  {}",
                why.trim()
            ));
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    let all: Vec<String> = failed.iter().map(|error| format!("{error:#}")).collect();
    bail!(all.join("\n"));
}
