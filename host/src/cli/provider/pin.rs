//! `renku session provider pin`.

use super::named;
use crate::cli::app::App;
use crate::cli::args::PinArgs;
use crate::cli::error::{CommandError, Failure};
use crate::output::table;
use crate::providers::{Locked, ProvidersError, is_bundled};

/// Writes installed providers into the lock of this project, or takes them out.
pub(super) fn pin(app: &App, args: &PinArgs) -> Result<(), Failure> {
    // Outside of a project this says so.
    let _ = app.project()?;
    let catalogue = app.catalogue();
    let mut lock = catalogue.lock()?.ok_or(CommandError::NoLock)?;
    let mut changed = Vec::new();
    for provider in &args.providers {
        let (name, versions) = named(provider)?;
        if is_bundled(&name) {
            return Err(CommandError::Bundled { name: name.to_string() }.into());
        }
        if args.remove {
            if !lock.take(&name) {
                return Err(CommandError::NotPinned { name: name.to_string() }.into());
            }
            continue;
        }
        let installed = catalogue.store()?.versions(&name)?.receipts;
        let Some(receipt) = installed.iter().find(|it| versions.allow(&it.version)) else {
            return Err(match installed.is_empty() {
                true => ProvidersError::NotInstalled { name: provider.clone() },
                false => ProvidersError::NoVersion {
                    name: name.to_string(),
                    wanted: versions.to_string(),
                    there: installed.into_iter().map(|receipt| receipt.version).collect(),
                },
            }
            .into());
        };
        // What is locked is what is there, not what a receipt remembers.
        catalogue.store()?.bytes(receipt)?;
        changed.push(receipt.name.clone());
        lock.put(Locked::from(receipt));
    }
    lock.save()?;
    for name in &changed {
        app.printer.message(&format!("Pinned `{name}` in `{}`", lock.path().display()));
    }
    let cells: Vec<_> = lock
        .entries()
        .iter()
        .map(|it| [it.name.to_string(), it.version.to_string(), it.digest.to_string()])
        .collect();
    app.printer.answer("locked", &lock.entries(), |format| {
        table(format, ["NAME", "VERSION", "DIGEST"], &cells)
    });
    Ok(())
}
