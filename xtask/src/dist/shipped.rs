//! Which packages end up in the release, as `cargo metadata` has them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use xtask_common::shell;

/// What the release is made from: the program and the providers in it.
const ROOTS: [&str; 4] =
    ["renku-session", "renku-provider-docker", "renku-provider-local", "renku-provider-renkulab"];

/// The packages of the release, by name and version, our own included.
#[derive(Debug)]
pub(super) struct Shipped {
    packages: Vec<Package>,
    /// What each of them is compiled with, by identity.
    uses: BTreeMap<String, BTreeSet<String>>,
    /// SHA-256 of the archives they come in, by name and version.
    checksums: BTreeMap<(String, String), String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Package {
    /// Cargo's name for this version from this place.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    /// An SPDX expression.
    pub(super) license: Option<String>,
    /// A file instead of one.
    pub(super) license_file: Option<PathBuf>,
    /// Where it is developed.
    pub(super) repository: Option<String>,
    pub(super) manifest_path: PathBuf,
    /// None for our own.
    pub(super) source: Option<String>,
}

/// The part of `cargo metadata --format-version 1` that is needed here.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    /// None for a dependency of the finished program.
    kind: Option<String>,
}

impl Shipped {
    /// Those of a release of the workspace at `root` for a kind of machine.
    ///
    /// # Errors
    ///
    /// When cargo does not know, or `Cargo.lock` cannot be read.
    pub(super) fn of(root: &Path, triple: &str) -> Result<Self> {
        let mut cargo = shell::cargo();
        cargo.args(["metadata", "--format-version=1", "--locked", "--filter-platform", triple]);
        let metadata: Metadata = serde_json::from_str(&shell::output(cargo.current_dir(root))?)?;
        let lock = root.join("Cargo.lock");
        let lock = std::fs::read_to_string(&lock).with_context(|| lock.display().to_string())?;
        let is_root = |package: &&Package| ROOTS.contains(&package.name.as_str());
        let roots = metadata.packages.iter().filter(is_root).map(|package| package.id.clone());
        let uses = used(roots.collect(), &metadata.resolve.nodes);
        let mut packages = metadata.packages;
        packages.retain(|package| uses.contains_key(&package.id));
        packages.sort_by(|left, right| {
            (&left.name, &left.version, &left.id).cmp(&(&right.name, &right.version, &right.id))
        });
        Ok(Self { packages, uses, checksums: checksums(&lock) })
    }

    /// The packages of others.
    pub(super) fn foreign(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.source.is_some())
    }

    pub(super) fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// What a package is compiled with.
    pub(super) fn uses(&self, package: &Package) -> impl Iterator<Item = &Package> {
        let used = self.uses.get(&package.id);
        self.packages.iter().filter(move |other| used.is_some_and(|used| used.contains(&other.id)))
    }

    /// The SHA-256 of the archive that a package comes in.
    pub(super) fn checksum(&self, package: &Package) -> Option<&str> {
        let key = (package.name.clone(), package.version.clone());
        package.source.as_ref().and_then(|_| self.checksums.get(&key)).map(String::as_str)
    }
}

/// For everything that is reached from `waiting`, what it uses in the finished program.
fn used(mut waiting: Vec<String>, nodes: &[Node]) -> BTreeMap<String, BTreeSet<String>> {
    let mut uses = BTreeMap::new();
    while let Some(id) = waiting.pop() {
        if uses.contains_key(&id) {
            continue;
        }
        let deps = nodes.iter().filter(|node| node.id == id).flat_map(|node| &node.deps);
        let finished = deps.filter(|it| it.dep_kinds.iter().any(|kind| kind.kind.is_none()));
        let found: BTreeSet<String> = finished.map(|it| it.pkg.clone()).collect();
        waiting.extend(found.iter().cloned());
        uses.insert(id, found);
    }
    uses
}

/// The checksums in the text of a `Cargo.lock`: only packages from
/// a registry have one.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let value = |block: &str, key: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
        line.map(|value| value.trim_matches('"').to_owned())
    };
    let blocks = lock.split("[[package]]");
    let read = |block| {
        Some(((value(block, "name")?, value(block, "version")?), value(block, "checksum")?))
    };
    blocks.filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_has_the_checksums_of_what_comes_from_a_registry() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\
                    source = \"registry+x\"\nchecksum = \"c0ffee\"\n\n\
                    [[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n";
        let expected = [(("a".to_owned(), "1.0.0".to_owned()), "c0ffee".to_owned())];
        assert_eq!(checksums(lock), BTreeMap::from(expected));
    }
}
