//! The packages of the workspace, as far as commands have to name them.

use std::fs;
use std::path::Path;

use anyhow::Result;

/// The whole-program tests.
pub(crate) const PROGRAM_TESTS: &str = "--package=renku-session-tests";

/// The folders that hold rooms of the host.
const FOLDERS: [&str; 2] = ["host", "host/engines"];

/// The packages that are tested together, as arguments of cargo: the host, the tests
/// of the whole program, everything else. Cargo compiles a dependency once for each
/// set of features that the selected packages ask for; the host alone asks for the
/// set that was built already, so that wasmtime is not compiled again.
///
/// # Errors
///
/// When a folder cannot be read.
pub(crate) fn groups(root: &Path) -> Result<[Vec<String>; 3]> {
    let of_the_host = packages(root)?;
    let host = of_the_host.iter().map(|name| format!("--package={name}")).collect();
    let mut rest = vec!["--workspace".to_owned(), "--exclude=renku-session-tests".to_owned()];
    rest.extend(of_the_host.iter().map(|name| format!("--exclude={name}")));
    Ok([host, vec![PROGRAM_TESTS.to_owned()], rest])
}

/// The packages of the host.
fn packages(root: &Path) -> Result<Vec<String>> {
    let mut packages = Vec::new();
    for folder in FOLDERS.map(|folder| root.join(folder)) {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(folder)? {
            let room = entry?;
            if room.path().join("Cargo.toml").is_file() {
                packages.push(match room.file_name().to_string_lossy().as_ref() {
                    "cli" => "renku-session".to_owned(),
                    name => format!("renku-session-{name}"),
                });
            }
        }
    }
    packages.sort();
    Ok(packages)
}
