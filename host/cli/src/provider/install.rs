//! Installs what was fetched.

use super::named::waiting;
use crate::app::App;
use crate::error::Failure;
use crate::provider_options;
use crate::providers::{Candidate, Installer};

/// What is checked of every file before it is installed, and what is said.
pub(super) fn install(
    app: &App,
    installer: &Installer<'_>,
    candidate: &Candidate,
) -> Result<(), Failure> {
    let receipt = &candidate.receipt;
    provider_options::refuse_clashes(&receipt.source.to_string(), &receipt.about.manifest)?;
    installer.install(candidate, waiting(app))?;
    app.reporter.finish();
    app.printer.message(&format!(
        "Installed `{}` {} from {}; {}",
        receipt.name,
        receipt.version,
        receipt.source,
        candidate.verdict.in_words()
    ));
    Ok(())
}
