//! `renku session provider add`.

use super::row::{self, Row};
use super::{parsed, sources, waiting};
use crate::cli::app::App;
use crate::cli::args::AddArgs;
use crate::cli::error::{CommandError, Failure};
use crate::cli::parse;
use crate::cli::permission::Asking;
use crate::domain::ErrorKind;
use crate::providers::signing::Verdict;
use crate::providers::{Candidate, Installer, LockFile, Name, Receipt, Source, Versions};

/// Installs a provider, and asks whether it may do what it wants. Without a
/// terminal it is installed and may do nothing.
pub(super) async fn add(app: &App, args: &AddArgs) -> Result<(), Failure> {
    let catalogue = app.catalogue();
    let trusted = sources::trusted(app)?;
    let installer = sources::installer(&catalogue, &trusted, args.offline)?;
    let lock = catalogue.lock()?;
    let Some(source) = &args.source else {
        return add_locked(app, &installer, lock.as_ref()).await;
    };
    let source: Source = parsed(source)?;
    let name: Option<Name> = args.name.as_deref().map(parsed).transpose()?;
    let candidate = installer.fetch(&source, &Versions::Any, name.as_ref()).await?;
    ask_about_the_name(app, &installer, &candidate).await?;
    ask_about_the_signer(app, &installer, &candidate).await?;
    install(app, &installer, &candidate)?;
    offer_permission(app, &candidate.receipt).await?;
    let row = Row::of_receipt(app, &candidate.receipt, lock.as_ref())?;
    app.printer.answer("provider", &row, |_| row::line(&row));
    Ok(())
}

/// What is checked of every file before it is installed, and what is said.
pub(super) fn install(
    app: &App,
    installer: &Installer<'_>,
    candidate: &Candidate,
) -> Result<(), Failure> {
    let receipt = &candidate.receipt;
    parse::refuse_clashes(&receipt.source.to_string(), &receipt.about.manifest)?;
    installer.install(candidate, waiting(app))?;
    app.reporter.finish();
    app.printer.message(&format!(
        "Installed `{}` {} from {}; {}",
        receipt.name,
        receipt.version,
        receipt.source,
        vouched(&candidate.verdict)
    ));
    Ok(())
}

/// Who vouches for a provider, for the end of a sentence.
fn vouched(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Unsigned => "nobody signed it".to_owned(),
        Verdict::Untrusted { key_id } => {
            format!("it is signed with the key {key_id}, which you do not trust")
        }
        Verdict::Signed(key) => format!("`{}` signed it", key.name),
    }
}

/// Who signed the versions before has to sign the next one, or the user says that
/// it need not be so.
pub(super) async fn ask_about_the_signer(
    app: &App,
    installer: &Installer<'_>,
    candidate: &Candidate,
) -> Result<(), Failure> {
    let installed = installer.installed(candidate)?;
    let signed =
        |receipt: &&Receipt| receipt.signer.is_some() && receipt.signer != candidate.receipt.signer;
    let Some(before) = installed.iter().find(signed) else { return Ok(()) };
    let question = format!(
        "`{}` {} was signed by `{}`; of {}, {}. Install it?",
        before.name,
        before.version,
        before.signer.as_deref().unwrap_or_default(),
        candidate.version(),
        vouched(&candidate.verdict)
    );
    if app.confirm("--yes", question).await? {
        return Ok(());
    }
    Err(CommandError::Declined { what: "installing the provider" }.into())
}

/// A name that is known already, from somewhere else, would see the sessions of
/// the provider that has it.
async fn ask_about_the_name(
    app: &App,
    installer: &Installer<'_>,
    candidate: &Candidate,
) -> Result<(), Failure> {
    let found = candidate.receipt.source.authority();
    let installed = installer.installed(candidate)?;
    let Some(other) = installed.iter().find(|receipt| receipt.source.authority() != found) else {
        return Ok(());
    };
    let question = format!(
        "`{}` {} came from {}, and this one comes from {}.\n\
         It would take over the name and the sessions. Install it?",
        other.name, other.version, other.source, candidate.receipt.source
    );
    if app.confirm("--yes", question).await? {
        return Ok(());
    }
    Err(CommandError::Declined { what: "installing the provider" }.into())
}

/// The question about what was just installed.
pub(super) fn asking(receipt: &Receipt) -> Asking<'_> {
    Asking {
        exact: receipt.name.to_string(),
        shown: receipt.name.to_string(),
        identity: receipt.name.as_str(),
        about: &receipt.about,
        from_project: false,
        name: Some(&receipt.name),
    }
}

/// The question is asked now, while its user thinks of it. A "no" is an answer.
async fn offer_permission(app: &App, receipt: &Receipt) -> Result<(), Failure> {
    let about = &receipt.about;
    if !about.reaches_out() || app.permissions.of(&about.digest)?.is_some() {
        return Ok(());
    }
    let name = receipt.name.to_string();
    match app.ask_permission(&asking(receipt)).await {
        Err(failure) if failure.0.kind() == ErrorKind::Denied => {
            let wishes = about.wishes(&app.known_origins(&name)).join("\n  ");
            app.printer.message(&format!(
                "It may do nothing yet. It wants what follows; `renku session provider grant {name}` allows it\n  {wishes}"
            ));
            Ok(())
        }
        result => result,
    }
}

/// What the lock names and is not here. The user asked for it, but the lock is
/// of the project: so what would be fetched is shown first.
async fn add_locked(
    app: &App,
    installer: &Installer<'_>,
    lock: Option<&LockFile>,
) -> Result<(), Failure> {
    let Some(lock) = lock.filter(|lock| !lock.entries().is_empty()) else {
        return Err(CommandError::NoLock.into());
    };
    let mut missing = Vec::new();
    for locked in lock.entries() {
        let versions = installer.store.versions(&locked.name)?.receipts;
        if !versions.iter().any(|receipt| receipt.about.digest == locked.digest) {
            missing.push(locked);
        }
    }
    if !missing.is_empty() {
        let lines: Vec<String> = missing
            .iter()
            .map(|it| format!("  {} {} from {}", it.name, it.version, it.source))
            .collect();
        let question = format!(
            "This project is locked to providers that are not installed:\n{}\nInstall them?",
            lines.join("\n")
        );
        if !app.confirm("--yes", question).await? {
            return Err(CommandError::Declined { what: "installing the providers" }.into());
        }
    }
    for locked in missing {
        let candidate = installer.fetch_locked(locked).await?;
        install(app, installer, &candidate)?;
        if candidate.receipt.about.reaches_out() {
            // `--yes` was about installing: a lock grants nothing.
            app.printer.message(&format!(
                "It may do nothing yet; `renku session provider grant {}` allows it",
                locked.name
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
