//! `renku session provider add`.

mod locked;

use std::path::Path;

use super::install::install;
use super::named::{named, parsed};
use super::row::{self, Row};
use super::sources;
use super::takeover::{self, Wish};
use crate::app::App;
use crate::args::AddArgs;
use crate::domain::{ErrorKind, Identity};
use crate::error::Failure;
use crate::providers::{
    Catalogue, Installable, Installed, Installer, LockFile, Mirror, Name, ProvidersError, Source,
    Versions,
};
use crate::sessions::{self, Asking};

/// Installs a provider, and asks whether it may do what it wants. Without a
/// terminal it is installed and may do nothing.
pub(super) async fn add(app: &App, args: &AddArgs) -> Result<(), Failure> {
    let catalogue = app.context.catalogue();
    let trusted = sources::trusted(app)?;
    let installer = sources::installer(&catalogue, &trusted, args.offline)?;
    let lock = catalogue.lock()?;
    let mirror = args.from.as_deref().map(mirror).transpose()?;
    if args.locked {
        return locked::add(app, &catalogue, &installer, lock.as_ref(), mirror.as_ref()).await;
    }
    let (source, name, versions) = match (mirror, &args.source) {
        (Some(mirror), None) => {
            let other_signer = args.other_signer;
            return add_all(app, &catalogue, &installer, lock.as_ref(), &mirror, other_signer)
                .await;
        }
        (Some(mirror), Some(text)) => {
            let (name, versions) = named(text)?;
            (mirror, Some(name), versions)
        }
        (None, text) => {
            let name: Option<Name> = args.name.as_deref().map(parsed).transpose()?;
            (parsed(text.as_deref().unwrap_or_default())?, name, Versions::Any)
        }
    };
    let wish = Wish::User { named: name.is_some(), other_signer: args.other_signer };
    let receipt =
        add_one(app, &catalogue, &installer, &source, &versions, name.as_ref(), wish).await?;
    let row = Row::of_receipt(app, &receipt, lock.as_ref())?;
    app.printer.answer("provider", &row, |_| row::line(&row));
    Ok(())
}

/// The mirror in a folder, as a source.
fn mirror(folder: &Path) -> Result<Source, Failure> {
    // That it is none is best said before anything else.
    Mirror::open(folder).map_err(ProvidersError::from)?;
    Ok(parsed(&folder.to_string_lossy())?)
}

/// Fetches a provider, asks what there is to ask, and installs it.
async fn add_one(
    app: &App,
    catalogue: &Catalogue,
    installer: &Installer<'_>,
    source: &Source,
    versions: &Versions,
    name: Option<&Name>,
    wish: Wish,
) -> Result<Installed, Failure> {
    let installable = installer.fetch(source, versions, name).await?;
    takeover::ask(app, catalogue, installer, &installable, wish).await?;
    install(app, installer, &installable)?;
    offer_permission(app, &installable).await?;
    Ok(installable.receipt)
}

/// The newest version of everything that a mirror has.
async fn add_all(
    app: &App,
    catalogue: &Catalogue,
    installer: &Installer<'_>,
    lock: Option<&LockFile>,
    mirror: &Source,
    other_signer: bool,
) -> Result<(), Failure> {
    let Source::File(folder) = mirror else { return Ok(()) };
    let wish = Wish::User { named: true, other_signer };
    let mut rows = Vec::new();
    for name in Mirror::open(folder).map_err(ProvidersError::from)?.names() {
        let receipt =
            add_one(app, catalogue, installer, mirror, &Versions::Any, Some(&name), wish).await?;
        rows.push(Row::of_receipt(app, &receipt, lock)?);
    }
    app.printer.answer("providers", &rows, |format| row::text(format, &rows));
    Ok(())
}

/// The question about what was just installed.
pub(super) fn asking<'a>(app: &App, installable: &'a Installable) -> Asking<'a> {
    let receipt = &installable.receipt;
    let name = receipt.name.to_string();
    Asking {
        exact: app.context.with_version(name, &receipt.version, &receipt.about.digest),
        shown: receipt.name.to_string(),
        identity: Identity::named(receipt.name.as_str()),
        about: &receipt.about,
        provenance: sessions::provenance(Some(&receipt.source), &installable.verdict),
        from_project: false,
        name: Some(&receipt.name),
    }
}

/// The question is asked now, while its user thinks of it. A "no" is an answer.
async fn offer_permission(app: &App, installable: &Installable) -> Result<(), Failure> {
    let Installed { name, about, .. } = &installable.receipt;
    if !about.reaches_out() || app.context.permissions().of(&about.digest)?.is_some() {
        return Ok(());
    }
    let asking = asking(app, installable);
    match app.context.ask_permission(&asking).await {
        Err(failure) if failure.0.kind() == ErrorKind::Denied => {
            let wishes = about
                .wishes(&app.context.known_origins(&Identity::named(name.as_str())))
                .join("\n  ");
            app.printer.message(&format!(
                "No permissions yet; `renku session provider grant {}` grants them. It requests:\n  {wishes}",
                asking.exact
            ));
            Ok(())
        }
        result => result,
    }
}
