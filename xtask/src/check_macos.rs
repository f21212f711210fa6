//! `cargo xtask check-macos`: whether the program compiles for macOS on Apple
//! silicon, from any machine.
//!
//! Nothing is linked or run: that needs Apple's SDK and a Mac. The few C files
//! among the dependencies are compiled by zig (from PyPI), which brings the headers.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use xtask_common::{in_target, shell};

use crate::{build_command, packages, python};

const TARGET: &str = "aarch64-apple-darwin";
/// The Python package `ziglang`, 90 MB: a C compiler that knows macOS.
const ZIG: &str = "ziglang==0.17.1";
/// `cc` gets flags for Apple's compiler, which zig spells otherwise.
const CC: &str = r#"#!/bin/sh
for flag in "$@"; do
    shift
    case "$flag" in
        --target=* | -arch | arm64 | -mmacosx-version-min=*) ;;
        *) set -- "$@" "$flag" ;;
    esac
done
exec python3 -m ziglang cc -target aarch64-macos "$@"
"#;
const AR: &str = "#!/bin/sh\nexec python3 -m ziglang ar \"$@\"\n";

/// Installs what is missing into the target directory, and checks.
///
/// # Errors
///
/// When it does not compile, or a part cannot be had.
pub(crate) fn run(root: &Path) -> Result<()> {
    build_command::components(root)?;
    shell::run(Command::new("rustup").args(["target", "add", TARGET]).current_dir(root))?;
    let zig = zig(&in_target("xtask/zig")?)?;
    let mut check = packages::cargo(root, "check");
    check
        .args(["--package", packages::PROGRAM, "--target", TARGET])
        .env("PYTHONPATH", zig.join("python"))
        .env(format!("CC_{}", TARGET.replace('-', "_")), zig.join("cc"))
        .env(format!("AR_{}", TARGET.replace('-', "_")), zig.join("ar"));
    shell::run(&mut check)?;
    shell::say("it compiles for macOS (Apple silicon); nothing was linked or run");
    Ok(())
}

/// zig and its two wrappers, in a folder.
fn zig(folder: &Path) -> Result<PathBuf> {
    let packages = folder.join("python");
    if !packages.join("ziglang").is_dir() {
        let python = python::with_pip().context("zig comes with pip: `cargo xtask setup`")?;
        let mut pip = Command::new(python);
        pip.args(["-m", "pip", "install", "--quiet", "--target"]).arg(&packages).arg(ZIG);
        shell::run(&mut pip)?;
    }
    for (name, text) in [("cc", CC), ("ar", AR)] {
        let path = folder.join(name);
        fs::write(&path, text)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    }
    folder.canonicalize().context("the folder of zig")
}
