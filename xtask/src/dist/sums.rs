//! `SHA256SUMS` of a folder, as `sha256sum --check` reads it.

use std::fs;
use std::path::Path;

use anyhow::Result;
use xtask_common::{files_below, sha256};

/// The file's name.
const FILE: &str = "SHA256SUMS";

/// Writes the list of all files below `folder`.
pub(super) fn write(folder: &Path) -> Result<()> {
    let mut lines = String::new();
    for file in files_below(folder)? {
        let path = file.strip_prefix(folder)?;
        lines += &format!("{}  {}\n", sha256(&fs::read(&file)?), path.display());
    }
    fs::write(folder.join(FILE), lines)?;
    Ok(())
}
