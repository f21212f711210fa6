//! `renku session provider`: one file per command.

mod add;
mod grant;
mod info;
mod list;
mod mirror;
mod new;
mod pack;
mod pin;
mod push;
mod remove;
mod revoke;
mod row;
mod sign;
mod sources;
mod takeover;
mod test;
mod trust;
mod update;
mod verify;

use super::app::App;
use super::args::ProviderCommand;
use super::error::{CommandError, Failure};
use crate::output::{Format, table};
use crate::providers::{
    Catalogue, Locked, Name, ProvidersError, Receipt, Versions, Wanted, is_bundled,
};

/// Runs one of them.
pub(super) async fn provider(app: &mut App, command: ProviderCommand) -> Result<(), Failure> {
    match command {
        ProviderCommand::List(_) => list::list(app),
        ProviderCommand::Info(args) => info::info(app, &args),
        ProviderCommand::Add(args) => add::add(app, &args).await,
        ProviderCommand::Update(args) => update::update(app, &args).await,
        ProviderCommand::Remove(args) => remove::remove(app, &args).await,
        ProviderCommand::Pin(args) => pin::pin(app, &args),
        ProviderCommand::Mirror(args) => mirror::mirror(app, &args),
        ProviderCommand::Verify(_) => verify::verify(app),
        ProviderCommand::New(args) => new::new(app, &args),
        ProviderCommand::Pack(args) => pack::pack(app, &args),
        ProviderCommand::Sign(args) => sign::sign(app, &args),
        ProviderCommand::Trust { command } => trust::trust(app, &command),
        ProviderCommand::Push(args) => push::push(app, &args).await,
        ProviderCommand::Test(args) => test::test(app, &args).await,
        ProviderCommand::Grant(args) => grant::grant(app, &args),
        ProviderCommand::Revoke(args) => revoke::revoke(app, &args).await,
    }
}

/// A text of the command line as what it should be.
fn parsed<T: std::str::FromStr<Err = String>>(text: &str) -> Result<T, ProvidersError> {
    text.parse().map_err(|reason| ProvidersError::Name { reason })
}

/// A name with versions; a path is none.
fn named(text: &str) -> Result<(Name, Versions), ProvidersError> {
    match parsed(text)? {
        Wanted::Named(name, versions) => Ok((name, versions)),
        Wanted::Path(_) => Err(ProvidersError::NotInstalled { name: text.into() }),
    }
}

/// The newest installed version that `text` allows: a name, or one with a version.
fn installed(catalogue: &Catalogue, text: &str) -> Result<Receipt, Failure> {
    let (name, versions) = named(text)?;
    if is_bundled(&name) {
        return Err(CommandError::Bundled { name: name.to_string() }.into());
    }
    let installed = catalogue.store()?.versions(&name)?.receipts;
    if let Some(receipt) = installed.iter().find(|it| versions.allow(&it.version)) {
        return Ok(receipt.clone());
    }
    Err(match installed.is_empty() {
        true => ProvidersError::NotInstalled { name: text.into() },
        false => ProvidersError::NoVersion {
            name: name.to_string(),
            wanted: versions.to_string(),
            there: installed.into_iter().map(|receipt| receipt.version).collect(),
        },
    }
    .into())
}

/// What a lock or a mirror has, as a table.
fn rows_of(format: Format, entries: &[Locked]) -> String {
    let cells: Vec<_> = entries
        .iter()
        .map(|it| [it.name.to_string(), it.version.to_string(), it.digest.to_string()])
        .collect();
    table(format, ["NAME", "VERSION", "DIGEST"], &cells)
}

/// Said once while another program holds the store.
fn waiting(app: &App) -> impl FnOnce() {
    let reporter = std::sync::Arc::clone(&app.reporter);
    move || reporter.phase("Waiting for another `renku` that installs providers")
}
