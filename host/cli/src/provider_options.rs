//! The options of a provider on the command line of `start`: built from its
//! manifest, without reading or running its code.
//!
//! An option that `renku` has itself stays the one of `renku`; the provider's is
//! still to be had as `-o NAME=VALUE`.

use std::collections::BTreeMap;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory as _};

use super::args::Root;
use super::engine_options;
use crate::domain::{Advice, Diagnostic, ErrorKind, sanitize};
use crate::providers::{Catalogue, Manifest, OptionSpec, Provider, ProvidersError};

const PREFIX: &str = "provider-option.";

/// The option of ours that names one of the provider.
const BY_NAME: &str = "option";

/// Gives `start` the options of a provider, under a heading of their own.
pub(super) fn with_options(start: Command, own: &[String], entry: &Provider) -> Command {
    let heading = format!("Options of the provider `{}`", entry.shown());
    let options = entry.manifest().options_of("start");
    options.filter(|option| !own.contains(&option.name)).fold(start, |start, option| {
        let argument = Arg::new(id(&option.name))
            .long(option.name.clone())
            .help(sanitize(&option.help))
            .help_heading(heading.clone());
        start.arg(match &option.value {
            Some(value) if option.many => {
                argument.value_name(sanitize(value)).action(ArgAction::Append)
            }
            Some(value) => argument.value_name(sanitize(value)),
            None => argument.action(ArgAction::SetTrue),
        })
    })
}

/// No option of a provider may have the name of one of ours when it is made or
/// installed; one of ours that is younger wins, see above.
///
/// # Errors
///
/// When one has.
pub(super) fn refuse_clashes(shown: &str, manifest: &Manifest) -> Result<(), ProvidersError> {
    let own = own_options(&Root::command());
    match manifest.options_of("start").find(|option| own.contains(&option.name)) {
        None => Ok(()),
        Some(clash) => {
            Err(ProvidersError::OptionClash { provider: shown.into(), option: clash.name.clone() })
        }
    }
}

/// The long names that `start` has without any provider.
pub(super) fn own_options(command: &Command) -> Vec<String> {
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

/// What was typed (or set in the environment) for the provider's options, in either
/// way.
///
/// # Errors
///
/// When `-o` names none of them, or one twice.
pub(super) fn typed(
    start: &ArgMatches,
    entry: &Provider,
) -> Result<BTreeMap<String, String>, OptionError> {
    let mut typed = BTreeMap::new();
    let mut on_command_line = Vec::new();
    for option in entry.manifest().options_of("start") {
        let id = id(&option.name);
        // Those that clash with one of ours are not there.
        let Some(source) = start.try_contains_id(&id).ok().and_then(|_| start.value_source(&id))
        else {
            continue;
        };
        let value = match option.value {
            Some(_) if option.many => start.get_many::<String>(&id).map(lines),
            Some(_) => start.get_one::<String>(&id).cloned(),
            None => start.get_flag(&id).then(|| "true".to_owned()),
        };
        let Some(value) = value else { continue };
        if source == ValueSource::CommandLine {
            on_command_line.push(option.name.clone());
        }
        typed.insert(option.name.clone(), value);
    }
    // A variable holds several as lines.
    let lines = start.value_source(BY_NAME) == Some(ValueSource::EnvVariable);
    for text in start.get_many::<String>(BY_NAME).into_iter().flatten() {
        let texts = if lines { text.lines().collect() } else { vec![text.as_str()] };
        for text in texts {
            let (name, value, many) = by_name(text, entry)?;
            // What is typed comes before what is set in the environment.
            let is_known = on_command_line.contains(&name);
            if let (true, true, Some(before)) = (many, is_known, typed.get_mut(&name)) {
                before.push('\n');
                before.push_str(&value);
                continue;
            }
            if !lines && is_known {
                return Err(OptionError::Twice { option: name });
            }
            if !is_known {
                typed.insert(name.clone(), value);
                on_command_line.push(name);
            }
        }
    }
    Ok(typed)
}

/// Several values of an option, each a line.
fn lines(values: clap::parser::ValuesRef<'_, String>) -> String {
    values.map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// `NAME=VALUE`, or `NAME` alone for a flag; and whether it may be given again.
fn by_name(text: &str, entry: &Provider) -> Result<(String, String, bool), OptionError> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text, None),
    };
    let Some(option) = entry.manifest().options_of("start").find(|option| option.name == name)
    else {
        return Err(unknown(name, entry));
    };
    let wrong = |expected: String| OptionError::Value { option: name.to_owned(), expected };
    let value = match (&option.value, value) {
        (Some(_), Some(value)) => value,
        (Some(value), None) => return Err(wrong(format!("{name}={}", sanitize(value)))),
        (None, None | Some("true")) => "true",
        (None, Some(_)) => return Err(wrong(name.to_owned())),
    };
    Ok((name.to_owned(), value.to_owned(), option.many))
}

fn unknown(name: &str, entry: &Provider) -> OptionError {
    if let Some(owner) = owner_of(name, entry) {
        return OptionError::OfAnother { option: name.to_owned(), owner, provider: entry.shown() };
    }
    let known = entry.manifest().options_of("start").map(|option| option.name.clone()).collect();
    OptionError::Unknown { option: name.to_owned(), provider: entry.shown(), known }
}

/// The other provider that has an option of this name. No file is read for it that
/// is installed.
pub(super) fn owner_of(option: &str, entry: &Provider) -> Option<String> {
    let catalogue = Catalogue::new(None);
    let has = |spec: &OptionSpec| spec.name == option;
    let mut others = catalogue.known().into_iter().filter_map(|name| catalogue.look_up(&name).ok());
    let owner = others.find(|other| {
        other.identity() != entry.identity() && other.manifest().options_of("start").any(has)
    });
    owner.map(|owner| owner.shown())
}

/// Apart from our own ids, so that `image` of a provider is not our `image`.
fn id(option: &str) -> String {
    format!("{PREFIX}{option}")
}

/// The name of an option, without dashes, from its id.
pub(super) fn name(id: &str) -> String {
    id.strip_prefix(PREFIX).unwrap_or(id).replace('_', "-")
}

/// An option that the provider does not have, or not so.
#[derive(Debug, thiserror::Error)]
pub(super) enum OptionError {
    /// It belongs to another provider.
    #[error("`--{option}` is an option of the provider `{owner}`, not of `{provider}`")]
    OfAnother {
        /// Which, without dashes.
        option: String,
        /// Whose it is.
        owner: String,
        /// Who was chosen.
        provider: String,
    },
    /// Nobody has it.
    #[error("the provider `{provider}` has no option `{}`", sanitize(option))]
    Unknown {
        /// What was typed.
        option: String,
        /// Who was chosen.
        provider: String,
        /// What it has.
        known: Vec<String>,
    },
    /// A value is missing, or one too many.
    #[error("`-o {option}` has the wrong form")]
    Value {
        option: String,
        /// How it is written.
        expected: String,
    },
    #[error("the option `{option}` of the provider was given twice")]
    Twice { option: String },
}

impl Diagnostic for OptionError {
    fn advice(&self) -> Advice<'_> {
        ErrorKind::InvalidInput.hint(match self {
            Self::OfAnother { option, owner, .. } => {
                format!("leave out `--{option}`, or choose that provider with `-p {owner}`")
            }
            Self::Unknown { known, .. } if known.is_empty() => "it has no options".into(),
            Self::Unknown { known, .. } => format!("it has `{}`", known.join("`, `")),
            Self::Value { expected, .. } => format!("write `-o {expected}`"),
            Self::Twice { .. } => "give it once".into(),
        })
    }
}
