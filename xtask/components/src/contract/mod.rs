//! The promise of `wit/VERSIONING.md`, checked: what was released never changes,
//! what is in force is compatible with it, and a component of every release is
//! kept so that tests can run it.

mod released;
mod versions;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use semver::Version;
use xtask_common::{PROVIDERS, files_below, shell};

use crate::build;
use released::Sums;
use versions::Package;

/// Frozen copies of the contract, one folder for each released version.
const RELEASED: &str = "wit/released";

/// Components of each release, as they were built then.
const COMPONENTS: &str = "tests/fixtures/released";

/// The components that are kept: one that uses everything a guest may always
/// use and records it, and one that starts real sessions.
const KEPT: [&str; 2] = ["fixtures/recording.wasm", "docker.wasm"];

/// Checks the contract in force against everything that was released.
///
/// # Errors
///
/// When a released file was changed, added or removed, a release has no kept
/// component, or the contract in force breaks its promise.
pub(crate) fn check(root: &Path) -> Result<()> {
    let sums = Sums::read(&root.join(RELEASED).join(released::FILE))?;
    sums.check(root, &[RELEASED, COMPONENTS])?;
    let mut releases = Vec::new();
    for folder in folders(&root.join(RELEASED))? {
        let release = Package::read(&folder)?;
        ensure!(
            folder.ends_with(release.version.to_string()),
            "`{}` holds version {}",
            folder.display(),
            release.version
        );
        let kept = root.join(COMPONENTS).join(release.version.to_string());
        ensure!(
            kept.is_dir(),
            "no component of {} is kept in `{}`",
            release.version,
            kept.display()
        );
        releases.push(release);
    }
    for folder in tracks(root)? {
        let current = Package::read(&folder)?;
        let before = releases.iter().filter(|release| release.is_before(&current));
        if let Some(last) = before.max_by(|left, right| left.version.cmp(&right.version)) {
            versions::check(last, &current)?;
        }
    }
    Ok(())
}

/// The version of the contract in force, that of the newest track.
///
/// # Errors
///
/// When there is none.
pub(crate) fn version(root: &Path) -> Result<Version> {
    let track = tracks(root)?.pop().context("there is no contract in `wit`")?;
    Ok(Package::read(&track)?.version)
}

/// Freezes the contract of the newest track: copies it and components built
/// from it to where released ones are kept.
///
/// # Errors
///
/// When that version was released already, or something cannot be built.
pub(crate) fn freeze(root: &Path, target: &Path) -> Result<()> {
    build::of_workspace(root, target)?;
    let track = tracks(root)?.pop().context("there is no contract in `wit`")?;
    let version = Package::read(&track)?.version.to_string();
    for file in files_below(&track)? {
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        if text.contains("@unstable") {
            bail!("`{}` has drafts: give them `@since(version = {version})`", file.display());
        }
    }
    let folder = root.join(RELEASED).join(&version);
    if folder.exists() {
        bail!("{version} was released already: give `{}` another number", track.display());
    }
    let mut files: Vec<(PathBuf, PathBuf)> = Vec::new();
    for file in files_below(&track)? {
        let name = file.strip_prefix(&track)?.to_owned();
        files.push((file, folder.join(name)));
    }
    for component in KEPT {
        let component = target.join(PROVIDERS).join(component);
        let name = component.file_name().context("a file without a name")?.to_owned();
        files.push((component, root.join(COMPONENTS).join(&version).join(name)));
    }
    for (from, to) in &files {
        let directory = to.parent().context("a file without a directory")?;
        fs::create_dir_all(directory)?;
        fs::copy(from, to).with_context(|| from.display().to_string())?;
    }
    Sums::of(root, &[RELEASED, COMPONENTS])?.write(&root.join(RELEASED).join(released::FILE))?;
    shell::say(&format!("froze {version} in `{RELEASED}` and `{COMPONENTS}`"));
    Ok(())
}

/// The directories of the tracks, `wit/v…`, the newest last.
fn tracks(root: &Path) -> Result<Vec<PathBuf>> {
    let mut tracks = folders(&root.join("wit"))?;
    tracks.retain(|folder| {
        folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with('v'))
    });
    Ok(tracks)
}

/// The folders in a folder, by name; none when it is not there.
fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut folders: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).collect();
    folders.sort();
    Ok(folders)
}

#[cfg(test)]
mod tests;
