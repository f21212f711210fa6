//! A git project to start sessions in: a copy of `examples/sample-project` with
//! one commit.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use xtask_common::shell;

/// Where the sample lies, relative to the workspace.
const SAMPLE: &str = "examples/sample-project";

/// Of the commit, so that it is the same one every time and its image is found
/// again. ISO 8601.
const DATE: &str = "2026-01-02T03:04:05Z";

/// Makes the project at `folder`, which must not exist yet.
///
/// # Errors
///
/// When the sample cannot be copied or git refuses.
pub(crate) fn make(root: &Path, folder: &Path) -> Result<()> {
    copy(&root.join(SAMPLE), folder)?;
    git(folder, &["init", "--quiet", "--template="])?;
    git(folder, &["add", "--all"])?;
    git(folder, &["commit", "--quiet", "--message", "Sample project"])
}

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in std::fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target).with_context(|| target.display().to_string())?;
        }
    }
    Ok(())
}

/// Runs git as nobody in particular: what the user has configured (signatures,
/// hooks, an outer repository) does not change the commit.
fn git(folder: &Path, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("GIT_")) {
            command.env_remove(name);
        }
    }
    command
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Jane Doe", "-c", "user.email=jane@example.org"])
        .args(["-c", "init.defaultBranch=main"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_DATE", DATE)
        .env("GIT_COMMITTER_DATE", DATE);
    shell::output(&mut command).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(folder: &Path) -> String {
        let output = Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(["log", "--format=%H %an %s"])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn the_sample_has_one_commit_which_is_always_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let (first, second) = (folder.path().join("first"), folder.path().join("second"));
        make(root, &first).unwrap();
        make(root, &second).unwrap();
        assert!(first.join("Dockerfile").is_file());
        assert_eq!(head(&first).lines().count(), 1);
        assert!(head(&first).ends_with(" Jane Doe Sample project\n"), "{}", head(&first));
        assert_eq!(head(&first), head(&second));
    }
}
