//! `cargo xtask verify`: the bundled providers can be made again. Builds them from
//! a copy of the sources in another directory and compares the digests, so that a
//! published digest can be checked by anybody.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use xtask_common::shell;

use crate::build;

/// Builds all components here and in a temporary copy, and compares them.
///
/// # Errors
///
/// When one cannot be built, or its bytes differ.
pub(crate) fn run(root: &Path, target: &Path) -> Result<()> {
    let here = digests(&build::of_workspace(root, target)?);
    // Another directory, and one of another length: a path that gets into the
    // bytes cannot hide.
    let copy = tempfile::Builder::new().prefix("renku-session-made-again-").tempdir()?;
    copy_sources(root, copy.path())?;
    let there = digests(&build::of_workspace(copy.path(), &copy.path().join("target"))?);
    for (name, digest) in &here {
        shell::say(&format!("{name} {digest}"));
    }
    compare(&here, &there)
}

fn digests(built: &[build::Built]) -> BTreeMap<String, String> {
    built.iter().map(|built| (built.name.clone(), built.digest.clone())).collect()
}

fn compare(here: &BTreeMap<String, String>, there: &BTreeMap<String, String>) -> Result<()> {
    let names: Vec<&str> = here
        .iter()
        .filter(|(name, digest)| there.get(*name) != Some(*digest))
        .map(|(name, _)| name.as_str())
        .collect();
    if names.is_empty() && here.len() == there.len() {
        return Ok(());
    }
    bail!("another directory gives other bytes: {}", names.join(", "));
}

/// Copies what git knows, and new files that it does not ignore.
fn copy_sources(root: &Path, to: &Path) -> Result<()> {
    let listed = shell::output(Command::new("git").current_dir(root).args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    for name in listed.split('\0').filter(|name| !name.is_empty()) {
        let (from, to) = (root.join(name), to.join(name));
        // A file that was deleted and not committed yet.
        if !from.is_file() {
            continue;
        }
        let directory = to.parent().context("a file without a directory")?;
        fs::create_dir_all(directory)?;
        fs::copy(&from, &to).with_context(|| from.display().to_string())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, digest)| ((*name).into(), (*digest).into())).collect()
    }

    #[test]
    fn other_bytes_are_named() {
        let here = map(&[("docker", "1"), ("renkulab", "2")]);
        assert!(compare(&here, &here).is_ok());
        assert_eq!(
            compare(&here, &map(&[("docker", "1"), ("renkulab", "3")])).unwrap_err().to_string(),
            "another directory gives other bytes: renkulab"
        );
        assert_eq!(
            compare(&here, &map(&[("docker", "1")])).unwrap_err().to_string(),
            "another directory gives other bytes: renkulab"
        );
    }
}
