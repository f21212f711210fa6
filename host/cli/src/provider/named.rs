//! What the commands of `provider` make of names, and of what they found by them.

use crate::app::App;
use crate::error::{CommandError, Failure};
use crate::output::{Format, table};
use crate::providers::{
    Catalogue, Installed, Locked, Name, ProvidersError, Versions, Wanted, is_bundled,
};

/// A text of the command line as what it should be.
pub(super) fn parsed<T: std::str::FromStr<Err = String>>(text: &str) -> Result<T, ProvidersError> {
    text.parse().map_err(|reason| ProvidersError::Name { reason })
}

/// A name with versions; a path is none.
pub(super) fn named(text: &str) -> Result<(Name, Versions), ProvidersError> {
    match parsed(text)? {
        Wanted::Named(name, versions) => Ok((name, versions)),
        Wanted::Path(_) => Err(ProvidersError::NotInstalled { name: text.into() }),
    }
}

/// The newest installed version that `text` allows: a name, or one with a version.
pub(super) fn installed(catalogue: &Catalogue, text: &str) -> Result<Installed, Failure> {
    let (name, versions) = named(text)?;
    if is_bundled(&name) {
        return Err(CommandError::Bundled { name: name.to_string() }.into());
    }
    let installed = catalogue.store()?.versions(&name)?.receipts;
    if let Some(receipt) = installed.iter().find(|it| versions.allow(&it.version)) {
        return Ok(receipt.clone());
    }
    Err(match installed.is_empty() {
        true => ProvidersError::NotInstalled { name: text.into() },
        false => ProvidersError::NoVersion {
            name: name.to_string(),
            wanted: versions.to_string(),
            there: installed.into_iter().map(|receipt| receipt.version).collect(),
        },
    }
    .into())
}

/// What a lock or a mirror has, as a table.
pub(super) fn rows_of(format: Format, entries: &[Locked]) -> String {
    let cells: Vec<_> = entries
        .iter()
        .map(|it| [it.name.to_string(), it.version.to_string(), it.digest.to_string()])
        .collect();
    table(format, ["NAME", "VERSION", "DIGEST"], &cells)
}

/// Said once while another program holds the store.
pub(super) fn waiting(app: &App) -> impl FnOnce() {
    let reporter = app.context.shared_reporter();
    move || reporter.phase("Waiting for another `renku` command that is installing providers")
}
