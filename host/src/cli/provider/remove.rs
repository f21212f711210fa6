//! `renku session provider remove`.

use super::row::{self, Row};
use super::{named, waiting};
use crate::cli::app::App;
use crate::cli::args::RemoveArgs;
use crate::cli::error::{CommandError, Failure};
use crate::providers::{ProvidersError, is_bundled};

/// Removes installed versions, and forgets what they were allowed.
pub(super) fn remove(app: &App, args: &RemoveArgs) -> Result<(), Failure> {
    let (name, versions) = named(&args.provider)?;
    if is_bundled(&name) {
        return Err(CommandError::Bundled { name: name.to_string() }.into());
    }
    let catalogue = app.catalogue();
    let store = catalogue.store()?;
    let lock = catalogue.lock()?;
    let mut receipts = store.versions(&name)?.receipts;
    receipts.retain(|receipt| versions.allow(&receipt.version));
    if receipts.is_empty() {
        return Err(ProvidersError::NotInstalled { name: args.provider.clone() }.into());
    }
    let rows: Vec<Row> = receipts
        .iter()
        .map(|receipt| Row::of_receipt(app, receipt, lock.as_ref()))
        .collect::<Result<_, _>>()?;
    store.remove(&receipts, waiting(app))?;
    app.reporter.finish();
    for receipt in &receipts {
        app.permissions.remove(&receipt.about.digest)?;
        app.printer.message(&format!("Removed `{}` {}", receipt.name, receipt.version));
    }
    if rows.iter().any(|row| row.pinned) {
        app.printer.message(&format!(
            "This project is still locked to it; `renku session provider pin --remove {name}` changes that"
        ));
    }
    app.printer.answer("providers", &rows, |format| match format {
        crate::output::Format::Tsv => row::text(format, &rows),
        _ => String::new(),
    });
    Ok(())
}
