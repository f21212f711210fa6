//! The commands: arguments, and what is printed. No engine knowledge.
//!
//! May import every room; engines only by what they have in common.

use renku_session_config as config;
use renku_session_conformance as conformance;
use renku_session_contract as contract;
use renku_session_domain as domain;
use renku_session_files as files;
use renku_session_output as output;
use renku_session_project as project;
use renku_session_providers as providers;
use renku_session_registry as registry;
use renku_session_sandbox as sandbox;
use renku_session_sessions as sessions;
use renku_session_web as web;

mod app;
mod args;
mod code;
mod completion;
mod config_command;
mod doctor;
mod dry_run;
mod engine_options;
mod error;
mod exec;
mod forward;
mod image;
mod listed;
mod login;
mod logs;
mod ls;
mod man;
mod open;
mod origin;
mod parse;
mod pause;
mod provider;
mod provider_options;
mod pull;
mod signals;
mod start;
mod stop;
mod terminal;
mod variables;
mod watch;

use std::process::ExitCode;
use std::sync::Arc;

use app::App;
use args::{OtherCommand, SessionCommand};
use error::{CommandError, Failure};
use parse::Parsed;
use signals::Signals;

use crate::contract::Engines;
use crate::domain::ExitStatus;

/// Runs the program with the arguments of this process. Containers run on `engines`.
#[must_use]
pub fn main(engines: Arc<dyn Engines>) -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    if let Some(status) = completion::answer(&arguments, &engines) {
        return ExitCode::from(status as u8);
    }
    let status = match parse::parse(&arguments) {
        Err(refused) => refused.print() as u8,
        Ok(command) => run(command, engines, &Signals::watch()),
    };
    ExitCode::from(status)
}

fn run(parsed: Parsed, engines: Arc<dyn Engines>, signals: &Signals) -> u8 {
    let app = match App::new(parsed.general(), engines, signals) {
        Ok(app) => app,
        Err(failure) => return parse::fallback_printer().error(failure.0.as_ref()) as u8,
    };
    // One thread is enough: waiting is most of the work, and a pool of threads
    // costs more than a whole `ls`.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match runtime {
        Err(error) => Err(CommandError::Runtime(error).into()),
        Ok(runtime) => {
            let result = runtime.block_on(signals.obeyed(dispatch(&app, parsed)));
            // A question on another thread may still wait for a line.
            runtime.shutdown_background();
            result
        }
    };
    let status = match result {
        Ok(()) => app.printer.outcome(),
        Err(failure) => signals.status(&failure, app.printer.error(failure.0.as_ref())),
    };
    match (app.exit_status.get(), status) {
        // Who interrupts a command is not told how that ended.
        (_, ExitStatus::HungUp | ExitStatus::Interrupted | ExitStatus::Terminated) | (None, _) => {
            status as u8
        }
        (Some(own), _) => own,
    }
}

async fn dispatch(app: &App, command: Parsed) -> Result<(), Failure> {
    match command {
        Parsed::Start(args, provider) => start::start(app, *args, *provider).await,
        Parsed::Session(command) => session(app, command).await,
        Parsed::Other(command) => other(app, command).await,
    }
}

async fn session(app: &App, command: SessionCommand) -> Result<(), Failure> {
    match command {
        SessionCommand::Ls(args) => ls::ls(app, &args).await,
        SessionCommand::Stop(args) => stop::stop(app, args).await,
        SessionCommand::Open(args) => open::open(app, &args).await,
        SessionCommand::Pause(args) => pause::pause(app, &args).await,
        SessionCommand::Resume(args) => pause::resume(app, &args).await,
        SessionCommand::Pull(args) => pull::pull(app, &args).await,
        SessionCommand::Logs(args) => logs::logs(app, &args).await,
        SessionCommand::Exec(args) => exec::exec(app, &args).await,
        SessionCommand::Shell(args) => exec::shell(app, &args).await,
        SessionCommand::Code(args) => code::code(app, &args).await,
        SessionCommand::Image(args) => image::image(app, &args).await,
        SessionCommand::Doctor(_) => doctor::doctor(app).await,
        SessionCommand::Provider { command } => provider::provider(app, command).await,
        SessionCommand::Origin { command } => origin::origin(app, &command).await,
    }
}

async fn other(app: &App, command: OtherCommand) -> Result<(), Failure> {
    match command {
        OtherCommand::Config { command } => config_command::config(app, &command),
        OtherCommand::Completion(args) => {
            completion::script(app, args.shell);
            Ok(())
        }
        OtherCommand::Man(args) => man::write(&args.directory),
        OtherCommand::Login(args) => login::login(app, &args).await,
        OtherCommand::Logout(args) => login::logout(app, &args).await,
        OtherCommand::Whoami(args) => login::whoami(app, &args).await,
    }
}
