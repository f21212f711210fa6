//! Options of the engine on the command line of `start`: those that `docker run`
//! has, for every provider that starts containers.

use clap::builder::BoolishValueParser;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::variables::variable_of_start;
use crate::contract::{EngineOption, engine_options};
use crate::sandbox::Capability;
use crate::sessions::TypedOption;

/// The few that most people need; `-h` shows these, `--help` all.
const COMMON: [&str; 4] = ["env", "volume", "port", "shm-size"];

/// Below the short help.
const MORE: &str =
    "The container engine has many more options, those of `docker run`: see `--help`";

/// Below the long one.
const EVERYWHERE: &str =
    "Every option can be set in the environment, such as RENKU_SESSION_START_SHM_SIZE=2g";

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
        Some(value) if option.bare.is_some() => argument
            .value_name(value)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value(option.bare.unwrap_or_default())
            .action(ArgAction::Set),
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

/// What was typed, or set in the environment.
pub(super) fn typed(start: &ArgMatches) -> Vec<TypedOption> {
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
