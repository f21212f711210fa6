//! `THIRD-PARTY.txt`: whose code is in the program and the providers, and under
//! which licence, with the texts that come with the code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::shipped::{Package, Shipped};

/// How the files with a licence begin, in capitals.
const NAMES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"];

/// The whole file.
///
/// # Errors
///
/// When a package says no licence.
pub(super) fn text(shipped: &Shipped) -> Result<String> {
    let mut list = String::from(
        "renku session contains the code of others. First whose, and under which licence; then the \
         texts.\n\nThe Rust standard library (MIT OR Apache-2.0)  https://github.com/rust-lang/rust\n",
    );
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in shipped.foreign() {
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
