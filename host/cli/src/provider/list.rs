//! `renku session provider list`.

use super::row::{self, Row};
use crate::app::App;
use crate::error::Failure;
use crate::providers::Provider;

/// Lists what there is. Of what is installed only the receipts are read.
pub(super) fn list(app: &App) -> Result<(), Failure> {
    let catalogue = app.context.catalogue();
    let lock = catalogue.lock()?;
    let (entries, broken) = catalogue.entries()?;
    let rows: Vec<Row> = entries
        .iter()
        .map(|entry| match entry {
            Provider::Installed(receipt) => Row::of_receipt(app, receipt, lock.as_ref()),
            Provider::File(provider) => Row::of_file(app, provider, lock.as_ref()),
        })
        .collect::<Result<_, _>>()?;
    app.printer.answer("providers", &rows, |format| row::text(format, &rows));
    for error in broken {
        app.printer.warning(&error);
    }
    Ok(())
}
