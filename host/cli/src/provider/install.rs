//! Installs what was fetched.

use super::named::waiting;
use crate::app::App;
use crate::error::Failure;
use crate::provider_options;
use crate::providers::{Installable, Installer};

/// Checks every file before it is installed, and reports it afterwards.
pub(super) fn install(
    app: &App,
    installer: &Installer<'_>,
    installable: &Installable,
) -> Result<(), Failure> {
    let receipt = &installable.receipt;
    provider_options::refuse_clashes(&receipt.source.to_string(), &receipt.about.manifest)?;
    installer.install(installable, waiting(app))?;
    // Now, so that the first command that needs it does not wait for that.
    app.context.sandbox()?.prepare(installable.code());
    app.context.reporter().finish();
    app.printer.message(&format!(
        "Installed `{}` {} from {}; {}",
        receipt.name,
        receipt.version,
        receipt.source,
        installable.verdict.in_words()
    ));
    Ok(())
}
