//! Options of the engine on the command line of `start`: those that `docker run`
//! has, for every provider that starts containers.

use clap::builder::BoolishValueParser;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::args::StartArgs;
use super::error::{CommandError, Failure};
use super::start_provider::{StartProvider, Typed, TypedOption};
use super::variables::variable_of_start;
use crate::contract::{
    Caller, EngineOption, EngineOptions, Engines, OptionOrigin, engine_option, engine_options,
};
use crate::domain::Resources;
use crate::project;
use crate::providers::ProviderFile;
use crate::sandbox::Capability;

/// The few that most people need; `-h` shows these, `--help` all.
const COMMON: [&str; 4] = ["env", "volume", "port", "shm-size"];

/// Below the short help.
const MORE: &str =
    "The container engine has many more options, those of `docker run`: see `--help`";

/// Below the long one.
const EVERYWHERE: &str =
    "Every option can be set in the environment, such as RENKU_SESSION_START_SHM_SIZE=2g";

/// The section of the user's own settings that holds them.
const SECTION: &str = "containers";

const PREFIX: &str = "engine-option.";

/// Adds them to `start`. Where the provider starts no containers they are hidden:
/// they are known, so that the error can say what they are.
pub(super) fn with_options(start: Command, capabilities: &[Capability]) -> Command {
    let hidden = !capabilities.contains(&Capability::Containers);
    let start = if hidden { start } else { start.after_help(MORE).after_long_help(EVERYWHERE) };
    engine_options().fold(start, |start, option| start.arg(argument(option).hide(hidden)))
}

/// Their names and other spellings.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    engine_options().flat_map(|option| option.aliases.iter().copied().chain([option.name]))
}

fn argument(option: &'static EngineOption) -> Arg {
    let argument = Arg::new(id(option.name))
        .long(option.name)
        .help(option.help)
        .help_heading("Options of the container engine")
        .hide_short_help(!COMMON.contains(&option.name))
        .visible_aliases(option.aliases.iter().copied());
    match option.value {
        None => argument.action(ArgAction::SetTrue).value_parser(BoolishValueParser::new()),
        Some(value) => argument
            .value_name(value)
            // Which of them may be negative, their own values say.
            .allow_negative_numbers(true)
            .action(if option.many { ArgAction::Append } else { ArgAction::Set }),
    }
}

fn id(name: &str) -> String {
    format!("{PREFIX}{name}")
}

fn starts_containers(package: &ProviderFile) -> bool {
    package.sections.capabilities().contains(&Capability::Containers)
}

/// What was typed, or set in the environment.
pub(super) fn typed(start: &ArgMatches) -> Typed {
    let mut typed = Vec::new();
    for option in engine_options() {
        let id = id(option.name);
        let variable = (start.value_source(&id) == Some(ValueSource::EnvVariable))
            .then(|| variable_of_start(option.name));
        let mut push = |value: &str| {
            typed.push(TypedOption { option, value: value.to_owned(), variable: variable.clone() });
        };
        match option.value {
            None if start.get_flag(&id) => push(""),
            None => {}
            Some(_) => {
                // A variable holds several values of an option as lines.
                let lines = option.many && variable.is_some();
                for value in start.get_many::<String>(&id).into_iter().flatten() {
                    if lines {
                        value.lines().for_each(&mut push);
                    } else {
                        push(value);
                    }
                }
            }
        }
    }
    typed
}

/// Reads and checks what was typed, before anything runs.
///
/// # Errors
///
/// Which option is wrong and how it is written; an option for a provider that
/// starts no containers.
pub(super) fn read(
    args: &StartArgs,
    provider: &StartProvider,
    resources: &Resources,
    engines: &dyn Engines,
) -> Result<EngineOptions, Failure> {
    let package = &provider.package;
    let mut options = EngineOptions::new(args.best_effort, args.image.image.clone());
    if let (Some(typed), false) = (provider.engine.first(), starts_containers(package)) {
        let option = typed.option.name;
        return Err(CommandError::NoEngine { option, provider: package.shown() }.into());
    }
    let variable = |name: &str| std::env::var(name).ok();
    let around = Caller {
        directory: std::env::current_dir().map_err(CommandError::Runtime)?,
        home: crate::files::directories::home(),
        variable: &variable,
        local_engine: engines.sees_our_files(),
    };
    if starts_containers(package) {
        set_from_settings(&mut options, &provider.engine, &around)?;
    }
    for TypedOption { option, value, variable } in &provider.engine {
        let origin = variable.as_deref().map_or(OptionOrigin::CommandLine, OptionOrigin::Variable);
        options.set(option, value, origin, &around)?;
    }
    options.check_together(resources)?;
    Ok(options)
}

/// What the user set for all projects in their own settings, and did not type:
/// `shm_size = 2g` for `--shm-size 2g`, several values as lines.
fn set_from_settings(
    options: &mut EngineOptions,
    typed: &Typed,
    around: &Caller<'_>,
) -> Result<(), Failure> {
    for (key, value, file) in project::users_section(SECTION)? {
        let file = file.display().to_string();
        let Some(option) = engine_option(&key.replace('_', "-")) else {
            return Err(CommandError::UnknownEngineSetting { key, file }.into());
        };
        if typed.iter().any(|typed| typed.option.name == option.name) {
            continue;
        }
        match option.value {
            None if ["false", "no", "off", "0"].contains(&value.as_str()) => {}
            None => options.set(option, "", OptionOrigin::File(&file), around)?,
            Some(_) => {
                for value in value.lines().filter(|line| !line.trim().is_empty()) {
                    options.set(option, value, OptionOrigin::File(&file), around)?;
                }
            }
        }
    }
    Ok(())
}
