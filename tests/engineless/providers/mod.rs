//! Providers as files that are installed, locked and allowed.

mod add;
mod allow;
mod conformance;
mod lock;
mod many;
mod mirror;
mod names;
mod new;
mod pack;
mod signed;
mod store;
mod taken_back;
mod takeover;
mod unknown_signature;
mod update;

use std::path::PathBuf;

use support::{Context, Project, Run, digest};

/// `renku session provider …` in a project.
fn provider(project: &Project<'_>, arguments: &[&str]) -> Run {
    project.session(&[&["provider"], arguments].concat())
}

/// Adds a file, and wants that to work.
fn add(project: &Project<'_>, file: &str) -> Run {
    provider(project, &["add", file]).success()
}

/// Where the store of this test's user is.
fn store(context: &Context) -> PathBuf {
    context.home().join(".local/share/renku/providers")
}

/// The names of the files in a folder of the store.
fn files(context: &Context, folder: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(store(context).join(folder)) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// What `list` says about everything that is not bundled: `name version`.
fn installed(project: &Project<'_>) -> Vec<String> {
    let list = provider(project, &["list", "--format", "json"]).success().json();
    let rows = list["providers"].as_array().unwrap().iter();
    rows.filter(|row| row["origin"] == "installed")
        .map(|row| {
            format!("{} {}", row["name"].as_str().unwrap(), row["version"].as_str().unwrap())
        })
        .collect()
}
