//! `THIRD-PARTY.txt`: whose code is in the program and the providers, and under
//! which licence, with the texts that come with the code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::shell;

/// The packages that end up in the tarball.
const SHIPPED: [&str; 3] = ["renku-session", "renku-provider-docker", "renku-provider-renkulab"];
/// How the files with a licence begin, in capitals.
const NAMES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"];

/// The part of `cargo metadata --format-version 1` that is needed here.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    license_file: Option<PathBuf>,
    repository: Option<String>,
    manifest_path: PathBuf,
    /// None for our own.
    source: Option<String>,
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

/// The whole file.
///
/// # Errors
///
/// When a package says no licence.
pub(super) fn text(root: &Path) -> Result<String> {
    let mut cargo = Command::new("cargo");
    cargo.args(["metadata", "--format-version", "1", "--locked", "--filter-platform"]);
    let metadata = shell::output(cargo.arg(super::triple(root)?).current_dir(root))?;
    let metadata: Metadata = serde_json::from_str(&metadata)?;
    let mut packages = shipped(&metadata);
    packages.sort_by_key(|package| (&package.name, &package.version));
    let mut list = String::from(
        "renku session contains the code of others. First whose, and under which licence; then the \
         texts.\n\nThe Rust standard library (MIT OR Apache-2.0)  https://github.com/rust-lang/rust\n",
    );
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages {
        let shown = format!("{} {}", package.name, package.version);
        let license = match (&package.license, &package.license_file) {
            (Some(license), _) => license.as_str(),
            (None, Some(_)) => "see its text",
            (None, None) => anyhow::bail!("`{shown}` says no licence"),
        };
        let place = package.repository.as_deref().unwrap_or_default();
        list += &format!("{shown} ({license})  {place}\n");
        for text in texts_of(package).with_context(|| shown.clone())? {
            texts.entry(text).or_default().push(shown.clone());
        }
    }
    for (text, users) in texts {
        let line = "-".repeat(78);
        list += &format!("\n{line}\n{}\n{line}\n\n{}\n", users.join(", "), text.trim_end());
    }
    Ok(list)
}

/// What the shipped packages are made of, without our own.
fn shipped(metadata: &Metadata) -> Vec<&Package> {
    let named = |package: &&Package| SHIPPED.contains(&package.name.as_str());
    let mut waiting: Vec<&str> =
        metadata.packages.iter().filter(named).map(|package| package.id.as_str()).collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let nodes = metadata.resolve.nodes.iter().filter(|node| node.id == id);
        let deps = nodes.flat_map(|node| &node.deps);
        let used = deps.filter(|it| it.dep_kinds.iter().any(|kind| kind.kind.is_none()));
        waiting.extend(used.map(|it| it.pkg.as_str()));
    }
    let foreign = |package: &&Package| package.source.is_some() && seen.contains(&*package.id);
    metadata.packages.iter().filter(foreign).collect()
}

/// The texts that lie in a package; some have none.
fn texts_of(package: &Package) -> Result<BTreeSet<String>> {
    let folder = package.manifest_path.parent().unwrap_or(Path::new("/"));
    let mut files: BTreeSet<PathBuf> =
        package.license_file.iter().map(|file| folder.join(file)).collect();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        if path.is_file() && NAMES.iter().any(|begin| name.starts_with(begin)) {
            files.insert(path);
        }
    }
    let read = |file: &PathBuf| Ok(String::from_utf8_lossy(&fs::read(file)?).replace('\r', ""));
    files.iter().map(read).collect()
}
