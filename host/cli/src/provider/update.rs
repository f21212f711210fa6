//! `renku session provider update`.

use semver::VersionReq;

use super::add::asking;
use super::install::install;
use super::named::parsed;
use super::row::{self, Row};
use super::sources;
use super::takeover::{self, Wish};
use crate::app::App;
use crate::args::UpdateArgs;
use crate::domain::Identity;
use crate::error::{CommandError, Failure};
use crate::providers::{
    About, Catalogue, Grant, Installable, Installed, Installer, Name, NewWishes, ProvidersError,
    Source, Versions, is_bundled,
};

/// Installs what the source of each provider has now, beside what there is. What
/// was allowed stays allowed when the new version wants no more.
pub(super) async fn update(app: &App, args: &UpdateArgs) -> Result<(), Failure> {
    let catalogue = app.context.catalogue();
    let trusted = sources::trusted(app)?;
    let installer = sources::installer(&catalogue, &trusted, args.offline)?;
    let lock = catalogue.lock()?;
    let versions = args.to.as_deref().map(parsed).transpose()?.unwrap_or(Versions::Any);
    let mut rows = Vec::new();
    for installed in newest(&catalogue, args.name.as_deref())? {
        let other_signer = args.other_signer;
        let receipt = one(app, &catalogue, &installer, &installed, &versions, other_signer).await?;
        if lock.as_ref().is_some_and(|lock| {
            lock.get(&receipt.name).is_some_and(|it| it.digest != receipt.about.digest)
        }) {
            app.printer.message(&format!(
                "This project stays locked to the previous version; `renku session provider pin {}` locks it to this one",
                receipt.name
            ));
        }
        rows.push(Row::of_receipt(app, &receipt, lock.as_ref())?);
    }
    app.printer.answer("providers", &rows, |format| row::text(format, &rows));
    Ok(())
}

/// The newest installed version of one, or of every provider.
fn newest(catalogue: &Catalogue, name: Option<&str>) -> Result<Vec<Installed>, Failure> {
    let store = catalogue.store()?;
    let Some(name) = name else {
        let mut all = store.all()?.receipts;
        all.dedup_by(|left, right| left.name == right.name);
        return Ok(all);
    };
    let name: Name = parsed(name)?;
    if is_bundled(&name) {
        return Err(CommandError::Bundled { name: name.to_string() }.into());
    }
    let receipt = store.versions(&name)?.receipts.into_iter().next();
    let missing = || ProvidersError::NotInstalled { name: name.to_string() };
    Ok(vec![receipt.ok_or_else(missing)?])
}

async fn one(
    app: &App,
    catalogue: &Catalogue,
    installer: &Installer<'_>,
    installed: &Installed,
    versions: &Versions,
    other_signer: bool,
) -> Result<Installed, Failure> {
    let name = &installed.name;
    let source = match versions {
        Versions::Any => installed.source.next(),
        Versions::Exactly(_) | Versions::Range(_) => installed.source.any_version(),
    };
    let next = next_of(installed).filter(|_| *versions == Versions::Any);
    let installable =
        installer.fetch(&source, next.as_ref().unwrap_or(versions), Some(name)).await?;
    let receipt = &installable.receipt;
    if receipt.about.digest == installed.about.digest {
        app.printer.message(&format!("`{name}` {} is up to date", installed.version));
        return Ok(installed.clone());
    }
    // Going back is how a fixed hole is opened again: only when it was asked for.
    if receipt.version < installed.version && *versions == Versions::Any {
        return Err(ProvidersError::Downgrade {
            name: name.clone(),
            installed: installed.version.clone(),
            found: receipt.version.clone(),
        }
        .into());
    }
    let wish = Wish::User { named: true, other_signer };
    takeover::ask(app, catalogue, installer, &installable, wish).await?;
    install(app, installer, &installable)?;
    carry_permission(app, &catalogue.store()?.describe(installed), &installable).await?;
    Ok(installable.receipt)
}

/// Who has a pre-release wants the next one, or the release: where there are several
/// versions, the newest would else be one without pre-releases, and often older.
fn next_of(installed: &Installed) -> Option<Versions> {
    let Installed { version, source, .. } = installed;
    let has_several = match source {
        Source::Oci(_) => true,
        Source::File(_) => !source.is_one_file(),
        Source::Https(_) => false,
    };
    let range = VersionReq::parse(&format!(">={version}")).ok()?;
    (has_several && !version.pre.is_empty()).then_some(Versions::Range(range))
}

/// Who wants no more than before is not asked about again.
async fn carry_permission(app: &App, before: &About, now: &Installable) -> Result<(), Failure> {
    let Installed { name, version, about, .. } = &now.receipt;
    if !about.reaches_out() || app.context.permissions().of(&about.digest)?.is_some() {
        return Ok(());
    }
    let news = NewWishes::since(
        before,
        about,
        &app.context.known_origins(&Identity::named(name.as_str())),
    );
    match app.context.permissions().of(&before.digest)? {
        Some(grant) if news.is_empty() => {
            let grant = Grant { digest: about.digest, version: Some(version.clone()), ..grant };
            app.context.permissions().put(grant)?;
            Ok(())
        }
        _ => app.context.ask_permission(&asking(app, now)).await,
    }
}
