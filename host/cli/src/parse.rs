//! From words to a command. `start` learns its provider first, so that the
//! provider's own options are part of the command line and of `--help`.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::builder::BoolishValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Command, CommandFactory as _, FromArgMatches as _};

use super::args::{
    self, General, OtherCommand, Root, RootCommand, SessionCommand, SessionGroup, StartArgs,
};
use super::engine_options;
use super::error::Failure;
use super::provider_options::{self, OptionError};
use super::variables::{says_something, variable};
use crate::config;
use crate::contract::Engines;
use crate::domain::{EngineKind, ExitStatus};
use crate::output::{Format, Printer};
use crate::project::{Level, Project, Settings};
use crate::providers::{self, Catalogue, Provider, ProviderFile, ProvidersError};
use crate::sessions::StartProvider;

/// A command line that was understood.
pub(super) enum Parsed {
    /// `session start`, which is nothing without a provider.
    Start(Box<StartArgs>, Box<StartProvider>),
    /// Any other command of `session`.
    Session(SessionCommand),
    Other(OtherCommand),
}

impl Parsed {
    /// How the command prints and asks.
    pub(super) fn general(&self) -> General {
        match self {
            Self::Start(args, _) => args.general(),
            Self::Session(command) => command.general(),
            Self::Other(command) => command.general(),
        }
    }
}

/// A command line that was not.
pub(super) enum Refused {
    /// Wrong words, or a question for help.
    Usage(clap::Error),
    /// The provider cannot be used.
    Failure(Failure),
}

impl Refused {
    /// Prints it. Help goes to standard output and is a success.
    pub(super) fn print(&self) -> ExitStatus {
        match self {
            Self::Usage(error) => {
                // Nobody is left to tell when the terminal is gone.
                let _ = error.print();
                if error.use_stderr() { ExitStatus::Usage } else { ExitStatus::Success }
            }
            Self::Failure(failure) => fallback_printer().error(failure.0.as_ref()),
        }
    }
}

/// A printer for errors that come before `--format` is known.
pub(super) fn fallback_printer() -> Printer {
    Printer::new(Format::Table, 0, config::yaml)
}

/// Parses the arguments of the process.
pub(super) fn parse(arguments: &[OsString], engines: &dyn Engines) -> Result<Parsed, Refused> {
    let mut command = Root::command();
    let mut entry = None;
    if let Some(named) = args::provider_of_start(arguments) {
        let found = look_up(named, engines.usual()).map_err(Refused::Failure)?;
        command = with_options(command, &found.entry);
        entry = Some(found);
    }
    let command = if says_something() { with_environment(command, "RENKU") } else { command };
    let ids = if entry.is_some() { ids(&command) } else { Vec::new() };
    let matches = command
        .try_get_matches_from(arguments)
        .map_err(|error| explained(error, entry.as_ref().map(|found| &found.entry)))?;
    let args = match Root::from_arg_matches(&matches).map_err(Refused::Usage)?.command {
        RootCommand::Session { command: SessionGroup::Start(args) } => args,
        RootCommand::Session { command: SessionGroup::Other(command) } => {
            return Ok(Parsed::Session(command));
        }
        RootCommand::Other(command) => return Ok(Parsed::Other(command)),
    };
    let named = args.common.provider.clone();
    let provider = match (entry, start_of(&matches)) {
        (Some(found), Some(start)) => chosen(found, named, start, &ids),
        // Nothing that only its provider has can have been typed.
        _ => start_provider(named, engines).map(StartProvider::new),
    };
    Ok(Parsed::Start(args, Box::new(provider.map_err(Refused::Failure)?)))
}

/// The provider of a `start` that was understood; only now its file is read.
fn chosen(
    found: LookedUp,
    named: Option<String>,
    start: &ArgMatches,
    ids: &[String],
) -> Result<StartProvider, Failure> {
    Ok(StartProvider {
        named,
        is_way_out: found.is_way_out,
        options: provider_options::typed(start, &found.entry)?,
        engine: engine_options::typed(start),
        levels: levels(start, ids),
        file: found.catalogue.load(found.entry)?,
    })
}

/// The command line as completion sees it: with the options of the provider that
/// these words name, if it can be found.
pub(super) fn completable(arguments: &[OsString]) -> Command {
    let usual = EngineKind::default();
    let found = args::provider_of_start(arguments).and_then(|named| look_up(named, usual).ok());
    found.map_or_else(Root::command, |found| with_options(Root::command(), &found.entry))
}

/// The command line as manuals describe it: with the options of the provider that
/// `start` uses when nobody names one.
pub(super) fn documented() -> Command {
    let found = Catalogue::new(None).look_up(providers::DEFAULT).ok();
    found.map_or_else(Root::command, |entry| with_options(Root::command(), &entry))
}

/// An option that nobody knows may be one of another provider.
fn explained(error: clap::Error, entry: Option<&Provider>) -> Refused {
    let unknown = match (error.kind(), error.get(ContextKind::InvalidArg)) {
        (ErrorKind::UnknownArgument, Some(ContextValue::String(argument))) => argument.clone(),
        _ => return Refused::Usage(error),
    };
    let option = unknown.trim_start_matches('-').split('=').next().unwrap_or_default();
    let Some(entry) = entry else { return Refused::Usage(error) };
    match provider_options::owner_of(option, entry) {
        None => Refused::Usage(error),
        Some(owner) => Refused::Failure(
            OptionError::OfAnother { option: option.to_owned(), owner, provider: entry.shown() }
                .into(),
        ),
    }
}

/// The provider that `start` would use.
pub(super) fn start_provider(
    named: Option<String>,
    engines: &dyn Engines,
) -> Result<ProviderFile, Failure> {
    let found = look_up(named, engines.usual())?;
    Ok(found.catalogue.load(found.entry)?)
}

/// The provider of a start, before its file is read.
struct LookedUp {
    catalogue: Catalogue,
    entry: Provider,
    /// Whether it takes the place of the usual one.
    is_way_out: bool,
}

/// option > environment > project > user > the one of the engine that this computer has.
fn look_up(named: Option<String>, usual: EngineKind) -> Result<LookedUp, Failure> {
    let from_environment =
        || std::env::var("RENKU_SESSION_START_PROVIDER").ok().filter(|name| !name.is_empty());
    // Outside a project there is nothing to read; `start` says so later.
    let project = std::env::current_dir().ok().and_then(|here| Project::locate(&here).ok());
    let catalogue = Catalogue::new(project.as_ref().map(Project::root));
    if let Some(name) = named.or_else(from_environment) {
        let entry = catalogue.look_up(&name)?;
        return Ok(LookedUp { catalogue, entry, is_way_out: false });
    }
    let settings = Settings::load(project.as_ref().map(Project::root))?;
    let setting = settings.get("provider");
    let is_way_out = setting.is_none() && usual != EngineKind::default();
    let entry = match setting {
        None => catalogue.look_up(providers::default_on(usual))?,
        // A cloned project must not bring its own code along: it names a
        // provider that its user has, and nothing else.
        Some(setting) if setting.level == Level::Project && providers::is_path(&setting.value) => {
            return Err(ProvidersError::PathFromProject { path: setting.value }.into());
        }
        Some(setting) => catalogue.look_up(&setting.value)?,
    };
    Ok(LookedUp { catalogue, entry, is_way_out })
}

/// Gives `start` the options of a provider and those of the engine.
fn with_options(command: Command, entry: &Provider) -> Command {
    let own = provider_options::own_options(&command);
    command.mut_subcommand("session", |session| {
        session.mut_subcommand("start", |start| {
            let start = provider_options::with_options(start, &own, entry);
            engine_options::with_options(start, &entry.capabilities())
        })
    })
}

/// What was typed for `start`.
fn start_of(matches: &ArgMatches) -> Option<&ArgMatches> {
    matches.subcommand_matches("session")?.subcommand_matches("start")
}

/// The ids of what `start` takes.
fn ids(command: &Command) -> Vec<String> {
    let start =
        command.find_subcommand("session").and_then(|session| session.find_subcommand("start"));
    let arguments = start.into_iter().flat_map(Command::get_arguments);
    arguments.map(|argument| argument.get_id().as_str().to_owned()).collect()
}

/// By the name of the option, without dashes.
fn levels(start: &ArgMatches, ids: &[String]) -> BTreeMap<String, Level> {
    let level = |id: &String| match start.value_source(id)? {
        ValueSource::CommandLine => Some(Level::Option),
        ValueSource::EnvVariable => Some(Level::Environment),
        _ => None,
    };
    ids.iter().filter_map(|id| Some((provider_options::name(id), level(id)?))).collect()
}

/// Every option of every command can be set by `RENKU_<COMMAND>…_<OPTION>`. A
/// variable that is empty is not set.
fn with_environment(command: Command, prefix: &str) -> Command {
    let names: Vec<String> =
        command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let command = names.into_iter().fold(command, |command, name| {
        let prefix = variable(prefix, &name);
        command.mut_subcommand(&name, |command| with_environment(command, &prefix))
    });
    command.mut_args(|argument| match argument.get_long() {
        Some(long) if long != "help" && long != "version" => {
            // Which image, is the same question for `image` and `start`.
            let about_image = ["image", "file", "build-arg"].contains(&long);
            let prefix =
                if about_image { prefix.replace("_IMAGE", "_START") } else { prefix.into() };
            let variable = variable(&prefix, long);
            if std::env::var_os(&variable).is_none_or(|value| value.is_empty()) {
                return argument;
            }
            match argument.get_action() {
                // `1`, `yes` and `on` are as good as `true`.
                ArgAction::SetTrue => argument.value_parser(BoolishValueParser::new()),
                _ => argument,
            }
            .env(variable)
            .hide_env(true)
        }
        _ => argument,
    })
}
