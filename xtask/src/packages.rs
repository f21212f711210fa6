//! The packages of the workspace, and how cargo is called for some of them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};
use serde::Deserialize;
use xtask_common::shell;

/// The package of the program `renku`.
pub(crate) const PROGRAM: &str = "renku-session";
/// That of the whole-program tests.
pub(crate) const TESTS: &str = "renku-session-tests";
/// The tasks. Their dependencies are few and have features of their own, so that they are
/// compiled first and fast.
pub(crate) const TASKS: [&str; 2] = ["xtask", "xtask-common"];
/// Cargo compiles a dependency once for each set of features that the packages of a
/// command ask for. This one asks for all that any package of ours does: selected
/// beside others, it makes every command use the same compiled dependencies.
pub(crate) const FEATURES: &str = "workspace-features";

/// `cargo COMMAND` of the workspace in the `dev` profile, for packages still to be named.
pub(crate) fn cargo(root: &Path, command: &str) -> Command {
    let mut cargo = shell::cargo();
    cargo.current_dir(root).args([command, "--locked", "--package", FEATURES]);
    cargo
}

/// A package of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    manifest_path: PathBuf,
    /// What it depends on, tests and build scripts included.
    pub(crate) dependencies: Vec<Dependency>,
}

/// What one package says of another that it depends on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Dependency {
    /// The other one's name.
    pub(crate) name: String,
    /// None where it is one of ours.
    pub(crate) source: Option<String>,
    /// Whether its default features are on.
    pub(crate) uses_default_features: bool,
    /// Features beside them.
    pub(crate) features: Vec<String>,
    /// Whether it is there only with a feature, which is a set of its own anyway.
    #[serde(default)]
    optional: bool,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// All packages of the workspace.
///
/// # Errors
///
/// When a `Cargo.toml` is wrong.
pub(crate) fn all(root: &Path) -> Result<Vec<Package>> {
    let mut cargo = shell::cargo();
    cargo.current_dir(root).args(["metadata", "--format-version=1", "--no-deps", "--locked"]);
    let metadata: Metadata = serde_json::from_str(&shell::output(&mut cargo)?)?;
    Ok(metadata.packages)
}

/// The rooms: the packages in `host/`.
pub(crate) fn rooms<'a>(root: &Path, all: &'a [Package]) -> Vec<&'a Package> {
    let host = root.join("host");
    all.iter().filter(|package| package.manifest_path.starts_with(&host)).collect()
}

/// The packages in `components/`.
pub(crate) fn components<'a>(root: &Path, all: &'a [Package]) -> Vec<&'a Package> {
    let folder = root.join("components");
    all.iter().filter(|package| package.manifest_path.starts_with(&folder)).collect()
}

/// The room that somebody calls `name`: by its folder in `host/` (`web`,
/// `engines/docker`, `docker`) or by its package.
///
/// # Errors
///
/// When there is none; names those that there are.
pub(crate) fn room<'a>(root: &Path, rooms: &[&'a Package], name: &str) -> Result<&'a Package> {
    let host = root.join("host");
    let found = rooms.iter().find(|package| {
        let folder = package.folder_in(&host);
        package.name == name || folder == name || folder.rsplit('/').next() == Some(name)
    });
    let Some(found) = found else {
        let mut folders: Vec<&str> = rooms.iter().map(|room| room.folder_in(&host)).collect();
        folders.sort_unstable();
        bail!("there is no room `{name}` in `host/`; there are: {}", folders.join(", "));
    };
    Ok(found)
}

impl Package {
    /// Where it lies in `folder`; of a package in `folder` itself, its name.
    fn folder_in(&self, folder: &Path) -> &str {
        let own = self.manifest_path.parent().unwrap_or(&self.manifest_path);
        let inside = own.strip_prefix(folder).ok().and_then(Path::to_str).unwrap_or_default();
        if inside.is_empty() { &self.name } else { inside }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
    }

    /// Otherwise a command for one package would compile dependencies anew.
    #[test]
    fn all_features_that_a_package_asks_for_are_in_workspace_features() {
        let packages = all(&root()).unwrap();
        let (pins, others): (Vec<_>, Vec<_>) =
            packages.into_iter().partition(|package| package.name == FEATURES);
        let pinned: BTreeMap<&str, &Dependency> =
            pins[0].dependencies.iter().map(|pin| (pin.name.as_str(), pin)).collect();
        let mut missing = Vec::new();
        for package in others.iter().filter(|other| !TASKS.contains(&other.name.as_str())) {
            for wanted in
                package.dependencies.iter().filter(|it| it.source.is_some() && !it.optional)
            {
                let has = |pin: &&Dependency| {
                    wanted.features.iter().all(|feature| pin.features.contains(feature))
                        && (pin.uses_default_features || !wanted.uses_default_features)
                };
                if !pinned.get(wanted.name.as_str()).is_some_and(has) {
                    missing.push(format!("{} for {}: {wanted:?}", wanted.name, package.name));
                }
            }
        }
        assert_eq!(missing, Vec::<String>::new());
    }

    /// `cargo test -p ROOM`, typed by hand, then does the same.
    #[test]
    fn every_room_has_these_features_for_its_tests() {
        let all = all(&root()).unwrap();
        let has = |room: &&Package| {
            let names = [FEATURES, "renku-session-testing"];
            room.dependencies.iter().any(|it| names.contains(&it.name.as_str()))
        };
        let without: Vec<&str> = rooms(&root(), &all)
            .into_iter()
            .filter(|room| !has(room))
            .map(|room| room.name.as_str())
            .collect();
        assert_eq!(without, Vec::<&str>::new());
    }

    #[test]
    fn a_room_is_found_by_its_folder_and_by_its_package() {
        let root = root();
        let all = all(&root).unwrap();
        let rooms = rooms(&root, &all);
        assert!(!rooms.is_empty());
        for package in &rooms {
            let folder = package.folder_in(&root.join("host"));
            assert_eq!(room(&root, &rooms, folder).unwrap(), *package);
            assert_eq!(room(&root, &rooms, &package.name).unwrap(), *package);
        }
        let unknown = room(&root, &rooms, "attic").unwrap_err().to_string();
        assert!(
            unknown.starts_with("there is no room `attic` in `host/`; there are: "),
            "{unknown}"
        );
    }
}
