//! `cargo xtask dist`: the release, one tarball for this kind of machine, in `dist/` of
//! the target directory. Whoever makes it twice gets the same bytes from the same program.

mod archive;
mod sbom;
mod shipped;
mod sums;
mod third_party;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use xtask_common::{in_target, sha256, shell};

use crate::{build_command, install, packages};

/// Where the tarballs are, in the target directory.
const DIST: &str = "dist";
/// Files of the workspace that everybody gets.
const TEXTS: [&str; 3] = ["README.md", "CHANGELOG.md", "LICENSE"];
/// What the licences of others are in.
const THIRD_PARTY: &str = "THIRD-PARTY.txt";
/// What programs read to know what the release is made of.
const SBOM: &str = "SBOM.cdx.json";

/// Builds everything with `profile` and makes the tarball.
///
/// # Errors
///
/// When something cannot be built, or a dependency says no licence.
pub(crate) fn run(root: &Path, profile: &str) -> Result<()> {
    let built = build_command::components(root)?;
    let mut cargo = shell::cargo();
    cargo.args(["build", "--locked", "--package", packages::PROGRAM, "--profile", profile]);
    shell::run(cargo.current_dir(root))?;
    let program = in_target(profile)?.join("renku");
    let providers: Vec<PathBuf> = built
        .into_iter()
        .map(|it| it.path)
        .filter(|path| path.parent().is_some_and(|folder| folder.ends_with("providers")))
        .collect();
    let tarball = make(root, &program, &providers, &in_target(DIST)?)?;
    shell::say(&format!("made {}", tarball.display()));
    Ok(())
}

/// Makes the tarball of a program and providers that were built, in `folder`.
fn make(root: &Path, program: &Path, providers: &[PathBuf], folder: &Path) -> Result<PathBuf> {
    let name = format!("renku-session-{}-{}", env!("CARGO_PKG_VERSION"), triple(root)?);
    let work = tempfile::tempdir()?;
    let place = work.path().join(&name);
    let copy = |from: &Path, to: &str| -> Result<()> {
        let to = place.join(to);
        fs::create_dir_all(to.parent().unwrap_or(&place))?;
        fs::copy(from, &to).with_context(|| from.display().to_string()).map(drop)
    };
    copy(program, "bin/renku").context("the program is missing: `cargo xtask build` makes it")?;
    for provider in providers {
        let file = provider.file_name().unwrap_or_default().to_string_lossy();
        copy(provider, &format!("providers/{file}"))?;
    }
    for text in TEXTS {
        copy(&root.join(text), text)?;
    }
    install::extras(&place.join("bin/renku"), &place.join("share"))?;
    let shipped = shipped::Shipped::of(root, &triple(root)?)?;
    fs::write(place.join(THIRD_PARTY), third_party::text(&shipped)?)?;
    fs::write(place.join(SBOM), sbom::json(&shipped, &place.join("providers"))?)?;
    sums::write(&place)?;
    fs::create_dir_all(folder)?;
    let tarball = folder.join(format!("{name}.tar.gz"));
    archive::write(&place, &name, commit_time(root), &tarball)?;
    let sum = format!("{}  {name}.tar.gz\n", sha256(&fs::read(&tarball)?));
    fs::write(folder.join(format!("{name}.tar.gz.sha256")), sum)?;
    Ok(tarball)
}

/// What kind of machine the program is for.
fn triple(root: &Path) -> Result<String> {
    let said = shell::output(Command::new("rustc").arg("-vV").current_dir(root))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`rustc -vV` does not say its host")?.to_owned())
}

/// When the last commit was made, in seconds: the time of all files. Without git, 1970.
fn commit_time(root: &Path) -> u64 {
    let mut git = Command::new("git");
    let said = shell::output(git.current_dir(root).args(["log", "-1", "--format=%ct"]));
    said.ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
