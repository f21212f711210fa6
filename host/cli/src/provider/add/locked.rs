//! `renku session provider add --locked`.

use crate::app::App;
use crate::error::{CommandError, Failure};
use crate::provider::install::install;
use crate::provider::row::{self, Row};
use crate::provider::takeover::{self, Wish};
use crate::providers::{Catalogue, Installer, LockFile, ProvidersError, Source};
use crate::sessions::SessionsError;

/// What the lock names and is not here. The user asked for it, but the lock is
/// of the project: so what would be fetched is shown first.
pub(super) async fn add(
    app: &App,
    catalogue: &Catalogue,
    installer: &Installer<'_>,
    lock: Option<&LockFile>,
    mirror: Option<&Source>,
) -> Result<(), Failure> {
    let Some(lock) = lock.filter(|lock| !lock.entries().is_empty()) else {
        return Err(CommandError::NoLock.into());
    };
    let mut missing = Vec::new();
    for locked in lock.entries() {
        let versions = installer.store.versions(&locked.name)?.receipts;
        let here = versions.iter().find(|receipt| receipt.about.digest == locked.digest);
        // A receipt without its file is no provider.
        if here.is_some_and(|receipt| installer.store.bytes(receipt).is_ok()) {
            continue;
        }
        let place = || locked.source.as_ref().map(|place| place.source(lock.root()));
        let Some(source) = mirror.cloned().or_else(place) else {
            let (name, version) = (locked.name.clone(), locked.version.clone());
            return Err(ProvidersError::Nowhere { name, version }.into());
        };
        missing.push((locked, source, here.is_some()));
    }
    if !missing.is_empty() {
        let lines: Vec<String> = missing
            .iter()
            .map(|(it, source, damaged)| {
                let damaged = if *damaged { " (its file here is damaged)" } else { "" };
                format!("  {} {} from {source}{damaged}", it.name, it.version)
            })
            .collect();
        let question = format!(
            "This project is locked to providers that are not installed:\n{}\nInstall them?",
            lines.join("\n")
        );
        if !app.context.confirm("--yes", question).await? {
            return Err(SessionsError::Declined { what: "installing the providers" }.into());
        }
    }
    // Nothing is installed before all questions are answered.
    let mut candidates = Vec::new();
    for (locked, source, _) in missing {
        // The user says where a mirror is, the project everything else.
        let project = if mirror.is_some() { None } else { Some(lock.root()) };
        let installable = installer.fetch_locked(locked, &source, project).await?;
        takeover::ask(app, catalogue, installer, &installable, Wish::Lock).await?;
        candidates.push(installable);
    }
    for installable in &candidates {
        install(app, installer, installable)?;
        if installable.receipt.about.reaches_out() {
            // `--yes` was about installing: a lock grants nothing.
            app.printer.message(&format!(
                "No permissions yet; `renku session provider grant {}` grants them",
                installable.receipt.name
            ));
        }
    }
    let mut rows = Vec::new();
    for locked in lock.entries() {
        let versions = installer.store.versions(&locked.name)?.receipts;
        for receipt in versions.iter().filter(|it| it.about.digest == locked.digest) {
            rows.push(Row::of_receipt(app, receipt, Some(lock))?);
        }
    }
    app.printer.answer("providers", &rows, |format| row::text(format, &rows));
    Ok(())
}
