//! From words to a command. `start` learns its provider first, so that the
//! provider's own options are part of the command line and of `--help`.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::builder::BoolishValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory as _, FromArgMatches as _};

use super::args::{self, Root};
use super::engine_options;
use super::error::{CommandError, Failure};
use crate::domain::ExitStatus;
use crate::output::{Format, Printer};
use crate::project::{Level, Project, Settings};
use crate::providers::{self, Catalogue, Manifest, OptionSpec, Package, ProvidersError};

/// A command line that was understood.
pub(super) struct Parsed {
    pub(super) root: Root,
    /// For `start` alone.
    pub(super) provider: Option<StartProvider>,
}

/// The provider of `start`, and what was typed for its own options.
pub(super) struct StartProvider {
    pub(super) package: Package,
    pub(super) options: BTreeMap<String, String>,
    /// Options of the engine, as they were typed.
    pub(super) engine: engine_options::Typed,
    /// Who gave each option of `start` its value, for those that have one: the
    /// command line or the environment.
    pub(super) levels: BTreeMap<String, Level>,
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
    Printer::new(Format::Table, 0)
}

/// Parses the arguments of the process.
pub(super) fn parse(arguments: &[OsString]) -> Result<Parsed, Refused> {
    let mut command = Root::command();
    let mut package = None;
    if let Some(named) = args::provider_of_start(arguments) {
        let found = start_provider(named).map_err(Refused::Failure)?;
        command = with_options(command, &found).map_err(|error| Refused::Failure(error.into()))?;
        package = Some(found);
    }
    let command = if says_something() { with_environment(command, "RENKU") } else { command };
    let ids = if package.is_some() { ids(&command) } else { Vec::new() };
    let matches = command
        .try_get_matches_from(arguments)
        .map_err(|error| explained(error, package.as_ref()))?;
    let root = Root::from_arg_matches(&matches).map_err(Refused::Usage)?;
    let provider = package.map(|package| {
        let (options, levels) = (typed(&matches, &package), levels(&matches, &ids));
        let engine = start_of(&matches).map(engine_options::typed).unwrap_or_default();
        StartProvider { package, options, engine, levels }
    });
    Ok(Parsed { root, provider })
}

/// The command line as completion sees it: with the options of the provider that
/// these words name, if it can be found.
pub(super) fn completable(arguments: &[OsString]) -> Command {
    let found = args::provider_of_start(arguments).and_then(|named| start_provider(named).ok());
    let extended = found.and_then(|package| with_options(Root::command(), &package).ok());
    extended.unwrap_or_else(Root::command)
}

/// The command line as manuals describe it: with the options of the provider that
/// `start` uses when nobody names one.
pub(super) fn documented() -> Command {
    let found = Catalogue::new(None).find(providers::DEFAULT).ok();
    let extended = found.and_then(|package| with_options(Root::command(), &package).ok());
    extended.unwrap_or_else(Root::command)
}

/// An option that nobody knows may be one of another provider.
fn explained(error: clap::Error, package: Option<&Package>) -> Refused {
    let unknown = match (error.kind(), error.get(ContextKind::InvalidArg)) {
        (ErrorKind::UnknownArgument, Some(ContextValue::String(argument))) => argument.clone(),
        _ => return Refused::Usage(error),
    };
    let option = unknown.trim_start_matches('-').split('=').next().unwrap_or_default();
    let Some(package) = package else { return Refused::Usage(error) };
    let has = |other: &Package| other.manifest.options_of("start").any(|it| it.name == option);
    let catalogue = Catalogue::new(None);
    let mut others = catalogue.known().into_iter().filter_map(|name| catalogue.find(&name).ok());
    match others.find(|other| other.identity != package.identity && has(other)) {
        None => Refused::Usage(error),
        Some(owner) => Refused::Failure(
            CommandError::OptionOfAnother {
                option: option.to_owned(),
                owner: owner.shown(),
                provider: package.shown(),
            }
            .into(),
        ),
    }
}

/// option > environment > project > user > `docker`.
pub(super) fn start_provider(named: Option<String>) -> Result<Package, Failure> {
    let from_environment =
        || std::env::var("RENKU_SESSION_START_PROVIDER").ok().filter(|name| !name.is_empty());
    // Outside a project there is nothing to read; `start` says so later.
    let project = std::env::current_dir().ok().and_then(|here| Project::locate(&here).ok());
    let catalogue = Catalogue::new(project.as_ref().map(Project::root));
    if let Some(name) = named.or_else(from_environment) {
        return Ok(catalogue.find(&name)?);
    }
    let settings = Settings::load(project.as_ref().map(Project::root))?;
    match settings.get("provider") {
        None => Ok(catalogue.find(providers::DEFAULT)?),
        // A cloned project must not bring its own code along: it names a
        // provider that its user has, and nothing else.
        Some(setting) if setting.level == Level::Project && providers::is_path(&setting.value) => {
            Err(ProvidersError::PathFromProject { path: setting.value }.into())
        }
        Some(setting) => Ok(catalogue.find(&setting.value)?),
    }
}

/// Gives `start` the options of a provider, under a heading of their own.
fn with_options(command: Command, package: &Package) -> Result<Command, ProvidersError> {
    let options: Vec<OptionSpec> = package.manifest.options_of("start").cloned().collect();
    check_options(&command, &package.shown(), &package.manifest)?;
    let heading = format!("Options of the provider `{}`", package.shown());
    Ok(command.mut_subcommand("session", |session| {
        session.mut_subcommand("start", |start| {
            let start = options.into_iter().fold(start, |start, option| {
                let argument = Arg::new(id(&option.name))
                    .long(option.name)
                    .help(crate::output::sanitize(&option.help))
                    .help_heading(heading.clone());
                start.arg(match option.value {
                    Some(value) => argument.value_name(crate::output::sanitize(&value)),
                    None => argument.action(ArgAction::SetTrue),
                })
            });
            engine_options::with_options(start, package)
        })
    }))
}

/// No option of a provider may have the name of one of ours.
///
/// # Errors
///
/// When one has.
pub(super) fn refuse_clashes(shown: &str, manifest: &Manifest) -> Result<(), ProvidersError> {
    check_options(&Root::command(), shown, manifest)
}

fn check_options(
    command: &Command,
    shown: &str,
    manifest: &Manifest,
) -> Result<(), ProvidersError> {
    let own = own_options(command);
    match manifest.options_of("start").find(|option| own.contains(&option.name)) {
        None => Ok(()),
        Some(clash) => {
            Err(ProvidersError::OptionClash { provider: shown.into(), option: clash.name.clone() })
        }
    }
}

fn own_options(command: &Command) -> Vec<String> {
    let start =
        command.find_subcommand("session").and_then(|session| session.find_subcommand("start"));
    let mut names: Vec<String> = start
        .into_iter()
        .flat_map(Command::get_arguments)
        .filter_map(|argument| argument.get_long().map(str::to_owned))
        .collect();
    names.extend(["help", "version"].into_iter().chain(engine_options::names()).map(str::to_owned));
    names
}

/// What was typed for `start`.
fn start_of(matches: &ArgMatches) -> Option<&ArgMatches> {
    matches.subcommand_matches("session")?.subcommand_matches("start")
}

/// What was typed (or set in the environment) for the provider's options.
fn typed(matches: &ArgMatches, package: &Package) -> BTreeMap<String, String> {
    let Some(start) = start_of(matches) else { return BTreeMap::new() };
    package
        .manifest
        .options_of("start")
        .filter_map(|option| {
            let id = id(&option.name);
            let value = match option.value {
                Some(_) => start.get_one::<String>(&id)?.clone(),
                None => start.get_flag(&id).then(|| "true".to_owned())?,
            };
            Some((option.name.clone(), value))
        })
        .collect()
}

const PREFIX: &str = "provider-option.";

/// Apart from our own ids, so that `image` of a provider is not our `image`.
fn id(option: &str) -> String {
    format!("{PREFIX}{option}")
}

/// The ids of what `start` takes.
fn ids(command: &Command) -> Vec<String> {
    let start =
        command.find_subcommand("session").and_then(|session| session.find_subcommand("start"));
    let arguments = start.into_iter().flat_map(Command::get_arguments);
    arguments.map(|argument| argument.get_id().as_str().to_owned()).collect()
}

/// By the name of the option, without dashes.
fn levels(matches: &ArgMatches, ids: &[String]) -> BTreeMap<String, Level> {
    let Some(start) = start_of(matches) else { return BTreeMap::new() };
    let level = |id: &String| match start.value_source(id)? {
        ValueSource::CommandLine => Some(Level::Option),
        ValueSource::EnvVariable => Some(Level::Environment),
        _ => None,
    };
    let name = |id: &str| id.strip_prefix(PREFIX).unwrap_or(id).replace('_', "-");
    ids.iter().filter_map(|id| Some((name(id), level(id)?))).collect()
}

/// Whether the environment may hold options. Mostly it does not, and going through
/// every option of every command takes a tenth of the time of `ls`.
fn says_something() -> bool {
    std::env::vars_os().any(|(name, _)| name.as_encoded_bytes().starts_with(b"RENKU_"))
}

/// Every option of every command can be set by `RENKU_<COMMAND>…_<OPTION>`. A
/// variable that is empty is not set.
fn with_environment(command: Command, prefix: &str) -> Command {
    let names: Vec<String> =
        command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let command = names.into_iter().fold(command, |command, name| {
        let prefix = format!("{prefix}_{name}").to_uppercase().replace('-', "_");
        command.mut_subcommand(&name, |command| with_environment(command, &prefix))
    });
    command.mut_args(|argument| match argument.get_long() {
        Some(long) if long != "help" && long != "version" => {
            // Which image, is the same question for `image` and `start`.
            let about_image = ["image", "file", "build-arg"].contains(&long);
            let prefix =
                if about_image { prefix.replace("_IMAGE", "_START") } else { prefix.into() };
            let variable = format!("{prefix}_{long}").to_uppercase().replace('-', "_");
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
