//! `cargo xtask install`: builds the program and copies it to where the shell
//! finds it, with its manual pages and completion.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use xtask_common::shell;

use crate::build_command::{self, Profile};

/// Builds `renku` and copies it to `<prefix>/bin`, or to cargo's own directory of
/// programs if there is no prefix.
///
/// # Errors
///
/// When it cannot be built, or the directory cannot be written.
pub(crate) fn run(root: &Path, prefix: Option<&Path>) -> Result<()> {
    let prefix = match prefix {
        Some(prefix) => prefix.to_owned(),
        None => cargo_home().context("there is no home directory: name one with `--root DIR`")?,
    };
    let program = build_command::run(root, Profile::Release)?;
    let installed = place(&program, &prefix.join("bin"))?;
    extras(&installed, &prefix.join("share"))?;
    shell::say(&format!("installed `{}`", installed.display()));
    let found = shell::find("renku");
    if found.as_deref() != Some(&installed) {
        let directory = prefix.join("bin");
        shell::say(&match found {
            Some(other) => format!("`renku` on PATH is still `{}`", other.display()),
            None => format!("add `{}` to PATH to type `renku` alone", directory.display()),
        });
    }
    Ok(())
}

/// Where shells look for completion below `share`, and under which name.
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "bash-completion/completions/renku"),
    ("zsh", "zsh/site-functions/_renku"),
    ("fish", "fish/vendor_completions.d/renku.fish"),
];

/// Writes what the program itself knows: manual pages and completion.
///
/// # Errors
///
/// When the program fails, or the directory cannot be written.
pub(crate) fn extras(program: &Path, share: &Path) -> Result<()> {
    let pages = share.join("man/man1");
    shell::run(Command::new(program).arg("man").arg(&pages))?;
    for (shell, file) in COMPLETIONS {
        let file = share.join(file);
        fs::create_dir_all(file.parent().unwrap_or(share))
            .with_context(|| format!("`{}` cannot be created", file.display()))?;
        let script = shell::output(Command::new(program).args(["completion", shell]))?;
        fs::write(&file, script)
            .with_context(|| format!("`{}` cannot be written", file.display()))?;
    }
    shell::say(&format!("manual pages and completion are in `{}`", share.display()));
    Ok(())
}

/// `CARGO_HOME`, by default `~/.cargo` (the Cargo Book, "Cargo Home").
fn cargo_home() -> Option<PathBuf> {
    let set =
        |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("CARGO_HOME").or_else(|| Some(set("HOME")?.join(".cargo")))
}

/// Copies a program into a directory under its own name. It appears there whole:
/// one that runs meanwhile goes on with what it was.
fn place(program: &Path, directory: &Path) -> Result<PathBuf> {
    fs::create_dir_all(directory)
        .with_context(|| format!("`{}` cannot be created", directory.display()))?;
    let target = directory.join(program.file_name().context("the program has no name")?);
    let mut copy = tempfile::NamedTempFile::new_in(directory)
        .with_context(|| format!("`{}` cannot be written", directory.display()))?;
    let mut source = fs::File::open(program)
        .with_context(|| format!("`{}` cannot be read", program.display()))?;
    std::io::copy(&mut source, &mut copy)?;
    copy.as_file().set_permissions(fs::Permissions::from_mode(0o755))?;
    copy.persist(&target).with_context(|| format!("`{}` cannot be replaced", target.display()))?;
    Ok(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_replaces_its_earlier_version_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("renku");
        let directory = folder.path().join("prefix/bin");
        for version in ["one", "two"] {
            fs::write(&program, version).unwrap();
            let installed = place(&program, &directory).unwrap();
            assert_eq!(installed, directory.join("renku"));
            assert_eq!(fs::read_to_string(&installed).unwrap(), version);
            assert_eq!(installed.metadata().unwrap().permissions().mode() & 0o777, 0o755);
        }
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 1);
    }
}
