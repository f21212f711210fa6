//! `renku session provider verify`.

use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::Failure;
use crate::domain::Diagnostic;
use crate::output::{Format, table};
use crate::providers::{Digest, ProvidersError};

/// What was found about one provider.
#[derive(Serialize)]
struct Checked {
    name: String,
    version: String,
    digest: Digest,
    /// Why it is not what it should be; none: it is.
    problem: Option<String>,
}

/// Hashes everything that is installed, and looks for everything that is locked.
/// Nothing is repaired.
pub(super) fn verify(app: &App) -> Result<(), Failure> {
    let catalogue = app.catalogue();
    let store = catalogue.store()?;
    let found = store.all()?;
    let mut checked: Vec<Checked> = Vec::new();
    for receipt in &found.receipts {
        checked.push(Checked {
            name: receipt.name.to_string(),
            version: receipt.version.to_string(),
            digest: receipt.about.digest,
            problem: store.bytes(receipt).err().map(|error| in_words(&error)),
        });
    }
    if let Some(lock) = catalogue.lock()? {
        for locked in lock.entries() {
            let problem = match catalogue.find(locked.name.as_str()) {
                // A damaged one is in the list already.
                Ok(_) | Err(ProvidersError::Store(_)) => continue,
                Err(error) => in_words(&error),
            };
            checked.push(Checked {
                name: locked.name.to_string(),
                version: locked.version.to_string(),
                digest: locked.digest,
                problem: Some(problem),
            });
        }
    }
    let failed = checked.iter().filter(|it| it.problem.is_some()).count() + found.damaged.len();
    let total = checked.len() + found.damaged.len();
    for error in &found.damaged {
        app.printer.warning(error);
    }
    app.printer.answer("checked", &checked, |format| text(format, &checked));
    match failed {
        0 if checked.is_empty() => app.printer.message("No providers are installed"),
        0 => {}
        // What was printed says so already, and is one document.
        failed => {
            app.printer.is_a_problem();
            app.printer.message(&format!(
                "error: {failed} of {total} providers are not what they should be\n\
                 hint: remove what is damaged with `renku session provider remove`, and add it again"
            ));
        }
    }
    Ok(())
}

fn in_words(error: &dyn Diagnostic) -> String {
    let causes = error.causes().join("; ");
    if causes.is_empty() { error.to_string() } else { format!("{error}: {causes}") }
}

fn text(format: Format, checked: &[Checked]) -> String {
    let cells: Vec<_> = checked
        .iter()
        .map(|it| {
            let state = it.problem.clone().unwrap_or_else(|| "ok".into());
            [it.name.clone(), it.version.clone(), it.digest.to_string(), state]
        })
        .collect();
    table(format, ["NAME", "VERSION", "DIGEST", "STATE"], &cells)
}
