//! Images that are another image with other settings: no layer of their own.

use std::io::Write as _;
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use xtask_common::shell;

use crate::engine;

/// `base` with a bare `python3` as its command, as many a Dockerfile that begins
/// with `FROM python` has it.
///
/// # Errors
///
/// When the engine refuses.
pub(super) fn bare_python(image: &str, base: &str, label: &str) -> Result<()> {
    build(image, &format!("FROM {base}\nENTRYPOINT []\nCMD [\"python3\"]\nLABEL {label}\n"))
}

/// `base` under another name, with a label.
///
/// # Errors
///
/// When the engine refuses.
pub(super) fn labelled(image: &str, base: &str, label: &str) -> Result<()> {
    build(image, &format!("FROM {base}\nLABEL {label}\n"))
}

/// Builds a Dockerfile that needs no files.
pub(super) fn build(image: &str, dockerfile: &str) -> Result<()> {
    let mut command = engine::docker();
    command.args(["build", "--quiet", "--tag", image, "-"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .context("`docker` cannot be run")?;
    // Taken, so that it is closed: that is the end of the Dockerfile.
    let written = child.stdin.take().map(|mut stdin| stdin.write_all(dockerfile.as_bytes()));
    let output = child.wait_with_output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed: {}\n{}", shell::shown(&command), output.status, said.trim_end());
    }
    written.transpose()?;
    Ok(())
}
