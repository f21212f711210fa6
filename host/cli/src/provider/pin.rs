//! `renku session provider pin`.

use super::named::{installed, named, rows_of};
use crate::app::App;
use crate::args::PinArgs;
use crate::error::{CommandError, Failure};
use crate::providers::{LockFile, Locked};

/// Writes installed providers into the lock of this project, or takes them out.
pub(super) fn pin(app: &App, args: &PinArgs) -> Result<(), Failure> {
    // Outside of a project this says so.
    let project = app.context.project()?;
    let catalogue = app.context.catalogue();
    let mut changed = Vec::new();
    let lock = LockFile::change(project.root(), |lock| {
        for provider in &args.providers {
            if args.remove {
                let (name, _) = named(provider)?;
                if !lock.take(&name) {
                    return Err(CommandError::NotPinned { name: name.to_string() }.into());
                }
                continue;
            }
            let receipt = installed(&catalogue, provider)?;
            // What is locked is what is there, not what a receipt remembers.
            catalogue.store()?.bytes(&receipt)?;
            changed.push(receipt.name.clone());
            lock.put(Locked::new(&receipt, Some(lock.root())));
        }
        Ok::<_, Failure>(())
    })?;
    for name in &changed {
        app.printer.message(&format!("Pinned `{name}` in `{}`", lock.path().display()));
    }
    app.printer.answer("locked", &lock.entries(), |format| rows_of(format, lock.entries()));
    Ok(())
}
