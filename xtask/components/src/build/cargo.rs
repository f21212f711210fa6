//! Which crates are components, and how cargo compiles them: all of a workspace in
//! one invocation, for a target without any operating system, without a trace of
//! the directory they lie in.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use renku_session_package::About;
use serde::Deserialize;
use xtask_common::{AUTHORS, EXAMPLE, shell};

/// The target that components are compiled for.
const TARGET: &str = "wasm32-unknown-unknown";

/// A workspace with component crates.
#[derive(Debug)]
pub(super) struct Workspace {
    pub(super) directory: PathBuf,
    /// Where cargo leaves what it makes.
    pub(super) target: PathBuf,
    /// The profile that components are compiled with.
    pub(super) profile: &'static str,
}

/// A crate that becomes a component: a `cdylib` with a `manifest.json` beside
/// its `Cargo.toml`.
#[derive(Debug)]
pub(super) struct ComponentCrate {
    /// The name of the cargo package.
    pub(super) package: String,
    /// Its metadata. The name of its library becomes the provider's.
    pub(super) about: About,
    /// The core module that cargo leaves.
    pub(super) artifact: PathBuf,
    /// The provider's manifest.
    pub(super) manifest: PathBuf,
    /// Whether it serves tests only.
    pub(super) is_fixture: bool,
}

impl Workspace {
    pub(super) fn ours(root: &Path, target: &Path) -> Self {
        Self { directory: root.to_owned(), target: target.to_owned(), profile: "component" }
    }

    /// That of the example, built as its author would.
    pub(super) fn example(root: &Path, target: &Path) -> Self {
        Self { directory: root.join(EXAMPLE), target: target.join(AUTHORS), profile: "release" }
    }
}

/// The part of `cargo metadata --format-version 1` that is needed here.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    description: Option<String>,
    authors: Vec<String>,
    license: Option<String>,
    repository: Option<String>,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    crate_types: Vec<String>,
}

/// The component crates of a workspace, by name.
pub(super) fn component_crates(workspace: &Workspace) -> Result<Vec<ComponentCrate>> {
    let output = cargo(&workspace.directory)
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
        .stderr(std::process::Stdio::inherit())
        .output()
        .context("`cargo metadata` cannot be run")?;
    if !output.status.success() {
        bail!("`cargo metadata` failed");
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
    let artifacts = workspace.target.join(TARGET).join(workspace.profile);
    let mut crates: Vec<ComponentCrate> = metadata
        .packages
        .into_iter()
        .filter_map(|package| component_crate(package, &artifacts))
        .collect();
    crates.sort_by(|left, right| left.about.name.cmp(&right.about.name));
    Ok(crates)
}

fn component_crate(package: Package, artifacts: &Path) -> Option<ComponentCrate> {
    let library = package
        .targets
        .into_iter()
        .find(|target| target.crate_types.iter().any(|kind| kind == "cdylib"))?;
    let directory = package.manifest_path.parent()?;
    let manifest = directory.join("manifest.json");
    manifest.is_file().then(|| ComponentCrate {
        artifact: artifacts.join(format!("{}.wasm", library.name)),
        is_fixture: directory.parent().is_some_and(|parent| parent.ends_with("fixtures/providers")),
        package: package.name,
        about: About {
            name: library.name,
            version: package.version,
            description: package.description,
            authors: package.authors,
            license: package.license,
            repository: package.repository,
        },
        manifest,
    })
}

/// Compiles `crates` of a workspace to core modules. `root` is that of our sources.
pub(super) fn build(root: &Path, workspace: &Workspace, crates: &[ComponentCrate]) -> Result<()> {
    let mut command = cargo(&workspace.directory);
    command.args(["build", "--locked", "--profile", workspace.profile, "--target", TARGET]);
    command.arg("--target-dir").arg(&workspace.target);
    for component in crates {
        command.args(["-p", &component.package]);
    }
    // The one variable that beats every other source of flags.
    let flags = rustflags(root, &workspace.target)?;
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    let status = command.status().context("`cargo build` cannot be run")?;
    if !status.success() {
        bail!("the components do not compile; is the target there? `rustup target add {TARGET}`");
    }
    Ok(())
}

/// The cargo that runs us, without what a user's shell or an outer cargo says
/// about profiles: it would end up in the bytes.
fn cargo(root: &Path) -> Command {
    let mut command = shell::cargo();
    command.current_dir(root);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PROFILE_")) {
            command.env_remove(name);
        }
    }
    command
}

/// Panic messages name source files; these flags make the names relative, so
/// that two directories give the same bytes.
fn rustflags(root: &Path, target: &Path) -> Result<Vec<String>> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
        .context("neither CARGO_HOME nor a home directory is set")?;
    let rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .current_dir(root)
        .args(["--print", "sysroot"])
        .output()
        .context("`rustc` cannot be run")?;
    let sysroot = PathBuf::from(String::from_utf8(rustc.stdout)?.trim());
    let root = root.canonicalize()?;
    // Build scripts write sources into the target directory, which may be anywhere.
    std::fs::create_dir_all(target).with_context(|| target.display().to_string())?;
    let mut prefixes = vec![
        (root, "/renku-session"),
        (target.canonicalize()?, "/renku-session/target"),
        (home.clone(), "/cargo"),
        (sysroot, "/rust"),
    ];
    // The directory of a registry is called after its host: a mirror must not
    // change the bytes. The last prefix that fits is the one that counts.
    if let Ok(registries) = std::fs::read_dir(home.join("registry/src")) {
        let mut directories: Vec<PathBuf> =
            registries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        directories.sort();
        prefixes.extend(directories.into_iter().map(|directory| (directory, "/cargo/registry")));
    }
    Ok(prefixes
        .iter()
        .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
        .collect())
}
