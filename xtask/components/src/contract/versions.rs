//! Whether one version of the contract may follow another: the rules of
//! `wit/VERSIONING.md`, decided by `wit_component::semver_check`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use semver::Version;
use wit_component::semver_check;
use wit_parser::{PackageId, Resolve, SourceMap};
use xtask_common::files_below;

/// One version of the contract, as its files say.
#[derive(Debug, Clone)]
pub(super) struct Package {
    /// The number in `package renku:session@…`.
    pub(super) version: Version,
    /// Text by file name.
    files: BTreeMap<PathBuf, String>,
}

impl Package {
    /// Reads the package in `folder`.
    ///
    /// # Errors
    ///
    /// When its files are no WIT, or it has no version.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        for file in files_below(folder)? {
            let text =
                std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            files.insert(file.strip_prefix(folder)?.to_owned(), text);
        }
        let mut package = Self { version: Version::new(0, 0, 0), files };
        let mut resolve = with_drafts();
        let id = package.push(&mut resolve).with_context(|| folder.display().to_string())?;
        let found = resolve.packages.get(id).and_then(|package| package.name.version.clone());
        package.version =
            found.with_context(|| format!("`{}` has no version", folder.display()))?;
        Ok(package)
    }

    /// Whether this is the same version as `other` or an earlier one of its
    /// track.
    pub(super) fn is_before(&self, other: &Self) -> bool {
        track(&self.version) == track(&other.version) && self.version <= other.version
    }

    /// What the files say, apart from which of them names the package.
    fn texts(&self) -> BTreeMap<&Path, String> {
        let without_package = |text: &str| {
            let lines = text.lines().filter(|line| !line.starts_with("package "));
            lines.collect::<Vec<_>>().join("\n").trim().to_owned()
        };
        self.files.iter().map(|(path, text)| (path.as_path(), without_package(text))).collect()
    }

    fn push(&self, resolve: &mut Resolve) -> Result<PackageId> {
        let mut sources = SourceMap::new();
        for (name, text) in &self.files {
            sources.push(name, text);
        }
        let group = sources.parse().map_err(|(_, error)| anyhow::anyhow!("{error}"))?;
        Ok(resolve.push_group(group)?)
    }
}

/// Drafts keep the rules of what is released, so that they can be.
fn with_drafts() -> Resolve {
    Resolve { all_features: true, ..Resolve::default() }
}

/// What a component is bound to: `0.1` of 0.1.3, `2` of 2.1.0.
fn track(version: &Version) -> (u64, u64) {
    if version.major == 0 { (0, version.minor) } else { (version.major, 0) }
}

/// Checks that `current` may follow `released`: with the same number it is the
/// same text; with a higher one every world is still there and compatible.
///
/// # Errors
///
/// Naming the world that is not, and why.
pub(super) fn check(released: &Package, current: &Package) -> Result<()> {
    if released.version == current.version {
        ensure!(
            released.texts() == current.texts(),
            "the contract differs from {}, which was released: give it the next number",
            released.version
        );
        return Ok(());
    }
    let mut resolve = with_drafts();
    let before = released.push(&mut resolve)?;
    let now = current.push(&mut resolve)?;
    let worlds = |id| resolve.packages.get(id).map(|package| package.worlds.clone());
    let (before, now) = (worlds(before).unwrap_or_default(), worlds(now).unwrap_or_default());
    for (name, world) in before {
        let Some(same) = now.get(&name) else {
            bail!("the world `{name}` of {} is gone in {}", released.version, current.version);
        };
        semver_check(resolve.clone(), world, *same).with_context(|| {
            format!(
                "the world `{name}` of {} is not compatible with {}: this needs a new track",
                current.version, released.version
            )
        })?;
    }
    Ok(())
}
