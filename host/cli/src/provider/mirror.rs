//! `renku session provider mirror`.

use super::named::{installed, rows_of};
use crate::app::App;
use crate::args::MirrorArgs;
use crate::domain::quoted;
use crate::error::{CommandError, Failure};
use crate::providers::{Catalogue, Installed, Mirror, ProvidersError};

/// Copies installed providers into a folder that serves as a source elsewhere: the
/// named ones, else those of this project's lock, else all.
pub(super) fn mirror(app: &App, args: &MirrorArgs) -> Result<(), Failure> {
    let catalogue = app.context.catalogue();
    let receipts = chosen(&catalogue, &args.providers)?;
    if receipts.is_empty() {
        return Err(CommandError::NothingToMirror.into());
    }
    let store = catalogue.store()?;
    let mut mirror = Mirror::open_or_make(&args.folder).map_err(ProvidersError::from)?;
    for receipt in &receipts {
        let bytes = store.bytes(receipt)?;
        let signature = store.signature(receipt)?;
        mirror.put(receipt, &bytes, signature.as_deref()).map_err(ProvidersError::from)?;
    }
    mirror.save().map_err(ProvidersError::from)?;
    let folder = args.folder.display();
    app.printer.message(&format!(
        "`{folder}` now has {}; `renku session provider add --from {}` installs from it",
        match mirror.entries().len() {
            1 => "1 provider".to_owned(),
            number => format!("{number} providers"),
        },
        quoted(&args.folder)
    ));
    app.printer.answer("mirrored", &mirror.entries(), |format| rows_of(format, mirror.entries()));
    Ok(())
}

fn chosen(catalogue: &Catalogue, named: &[String]) -> Result<Vec<Installed>, Failure> {
    if !named.is_empty() {
        return named.iter().map(|name| installed(catalogue, name)).collect();
    }
    let store = catalogue.store()?;
    let lock = catalogue.lock()?.filter(|lock| !lock.entries().is_empty());
    let Some(lock) = lock else { return Ok(store.all()?.receipts) };
    let mut receipts = Vec::new();
    for locked in lock.entries() {
        let there = store.versions(&locked.name)?.receipts;
        let meant = there.into_iter().find(|receipt| receipt.about.digest == locked.digest);
        receipts.push(meant.ok_or_else(|| ProvidersError::LockedMissing {
            name: locked.name.clone(),
            version: locked.version.clone(),
        })?);
    }
    Ok(receipts)
}
