//! Tools for cargo that others compiled: wheels of the Python package index, pinned by
//! their digests in `xtask/tools`. One takes a second, where compiling it takes minutes.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use xtask_common::{in_target, shell};

use crate::python;

/// Where versions and digests stand, relative to the workspace.
const PINS: &str = "xtask/tools";

/// The program `name` in the version of its pin, unpacked into the target directory;
/// where there is no wheel for this machine, the one on `PATH`.
///
/// # Errors
///
/// When there is neither.
pub(crate) fn program(root: &Path, name: &str) -> Result<PathBuf> {
    let pin = root.join(PINS).join(format!("{name}.txt"));
    let wanted = std::fs::read_to_string(&pin).with_context(|| pin.display().to_string())?;
    let folder = format!("xtask/tools/{name}");
    let stamp = in_target(&folder)?.join("pin.txt");
    let program = in_target(&folder)?.join("bin").join(name);
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(program);
    }
    let options: [&OsStr; 3] = ["--no-deps".as_ref(), "--require-hashes".as_ref(), "-r".as_ref()];
    match python::install(&folder, &[&options, &[pin.as_os_str()][..]].concat()) {
        Ok(()) => {
            std::fs::write(&stamp, wanted)?;
            Ok(program)
        }
        Err(error) => {
            let other = shell::find(name).with_context(|| {
                format!("{error:#}\n`{name}` is missing; `cargo install {name}` compiles it")
            })?;
            shell::say(&format!("{name}: the one on PATH, `{}`", other.display()));
            Ok(other)
        }
    }
}
