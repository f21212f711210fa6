//! `renku session provider`: one file per command.

mod add;
mod grant;
mod info;
mod install;
mod list;
mod mirror;
mod named;
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
use super::error::Failure;
use super::providers::ProvidersError;

/// Runs one of them.
pub(super) async fn provider(app: &App, command: ProviderCommand) -> Result<(), Failure> {
    let done = match command {
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
    };
    match done {
        Ok(()) => Ok(()),
        Err(failure) => Err(with_commands(app, failure).await),
    }
}

/// A registry that wants a login accepts those which the client of the engine stored.
async fn with_commands(app: &App, mut failure: Failure) -> Failure {
    if let Some(ProvidersError::Registry(error)) = failure.as_a_mut() {
        error.add_commands(app.context.engine_commands().await);
    }
    failure
}
