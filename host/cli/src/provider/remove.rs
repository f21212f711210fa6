//! `renku session provider remove`.

use super::named::{named, waiting};
use super::row::{self, Row};
use crate::app::App;
use crate::args::RemoveArgs;
use crate::domain::{Digest, Identity};
use crate::error::{CommandError, Failure};
use crate::providers::{Installed, Name, ProvidersError, is_bundled};
use crate::sessions::SessionsError;

/// Removes installed versions, and forgets what they were allowed.
pub(super) async fn remove(app: &App, args: &RemoveArgs) -> Result<(), Failure> {
    let (name, versions) = named(&args.provider)?;
    if is_bundled(&name) {
        return Err(CommandError::Bundled { name: name.to_string() }.into());
    }
    let catalogue = app.context.catalogue();
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
    ask_about_what_runs(app, &name, &receipts).await?;
    store.remove(&receipts, waiting(app))?;
    app.context.reporter().finish();
    for receipt in &receipts {
        app.context.permissions().remove(&receipt.about.digest)?;
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

/// Sessions go on without their provider, and nobody shows them. Without a terminal
/// that is a warning, and no reason to stop.
async fn ask_about_what_runs(app: &App, name: &Name, removed: &[Installed]) -> Result<(), Failure> {
    let digests: Vec<Digest> = removed.iter().map(|receipt| receipt.about.digest).collect();
    if app.context.shows_sessions_of(name, &digests) {
        return Ok(());
    }
    let Some(left) =
        app.context.left_behind(&[Identity::named(name.as_str())]).await.into_iter().next()
    else {
        return Ok(());
    };
    if app.context.says_yes() || !app.context.can_ask() {
        app.printer.warning(&left.warning());
        return Ok(());
    }
    let question = format!(
        "Without `{name}` no command shows these sessions:\n  {}\n`{}` stops them first. Remove it anyway?",
        left.lines().join("\n  "),
        left.stop(),
    );
    match app.context.confirm("--yes", question).await? {
        true => Ok(()),
        false => Err(SessionsError::Declined { what: "removing the provider" }.into()),
    }
}
