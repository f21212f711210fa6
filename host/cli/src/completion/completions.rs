//! What could stand at the cursor: clap's engine knows the grammar, we add the
//! names and leave out what is in the way.

use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use clap::{Arg, Command, ValueHint};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, complete};

use super::names::{self, Names};
use crate::contract::{ContainerState, Engines};
use crate::domain::sanitize;
use crate::parse;

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Completion {
    pub(super) value: String,
    pub(super) about: String,
}

/// Stands for the files that the shell finds.
const FILES: &str = ":files";

/// The candidates for the last of these words; the first is the program.
pub(super) fn of(words: &[OsString], engines: &Arc<dyn Engines>) -> Vec<Completion> {
    let Some((current, before)) = words.split_last() else { return Vec::new() };
    let mut command = with_names(parse::completable(words), engines);
    let found = complete(&mut command, words.to_vec(), before.len(), None).unwrap_or_default();
    let found = found
        .into_iter()
        .map(|candidate| Completion { value: value(&candidate), about: about(&candidate) });
    tidy(found.collect(), &current.to_string_lossy(), before)
}

/// Names come from engines: nothing of them may reach the terminal as it is.
fn value(candidate: &CompletionCandidate) -> String {
    let value = sanitize(&candidate.get_value().to_string_lossy());
    // Also behind `--config=`.
    if value.ends_with(FILES) { FILES.to_owned() } else { value }
}

fn about(candidate: &CompletionCandidate) -> String {
    let help = candidate.get_help().map(ToString::to_string).unwrap_or_default();
    sanitize(help.lines().next().unwrap_or_default())
}

/// Options only where they were begun, or where there is nothing else; no name
/// twice.
fn tidy(found: Vec<Completion>, current: &str, before: &[OsString]) -> Vec<Completion> {
    let is_option = |candidate: &Completion| candidate.value.starts_with('-');
    let wants_options = current.starts_with('-') || found.iter().all(is_option);
    found
        .into_iter()
        .filter(|candidate| wants_options || !is_option(candidate))
        .filter(|candidate| !before.iter().any(|word| *word == *candidate.value))
        .collect()
}

/// Teaches the commands of `session` where their names come from.
fn with_names(command: Command, engines: &Arc<dyn Engines>) -> Command {
    command.mut_subcommands(|group| {
        group.mut_subcommands(|command| {
            let states = states(command.get_name());
            command.mut_args(|argument| completed(argument, states, engines))
        })
    })
}

/// The states of a session that a command can be about; empty: all.
fn states(command: &str) -> &'static [ContainerState] {
    match command {
        "pause" => &[ContainerState::Running],
        "resume" => &[ContainerState::Paused],
        _ => &[],
    }
}

fn completed(argument: Arg, states: &'static [ContainerState], engines: &Arc<dyn Engines>) -> Arg {
    let is_session =
        argument.is_positional() && matches!(argument.get_id().as_str(), "name" | "names");
    let completer = if is_session {
        let engines = Arc::clone(engines);
        ArgValueCompleter::new(move |typed: &OsStr| {
            matching(&names::sessions(states, engines.as_ref()), typed)
        })
    } else if argument.get_long() == Some("provider") {
        ArgValueCompleter::new(|typed: &OsStr| {
            let mut found = matching(&names::providers(), typed);
            found.push(CompletionCandidate::new(FILES));
            found
        })
    } else if argument.is_positional() && argument.get_id() == "key" {
        ArgValueCompleter::new(|typed: &OsStr| matching(&names::settings(), typed))
    } else if is_path(&argument) {
        ArgValueCompleter::new(|_: &OsStr| vec![CompletionCandidate::new(FILES)])
    } else {
        return argument;
    };
    argument.add(completer)
}

fn is_path(argument: &Arg) -> bool {
    matches!(
        argument.get_value_hint(),
        ValueHint::AnyPath | ValueHint::FilePath | ValueHint::DirPath | ValueHint::ExecutablePath
    )
}

/// The names that begin as typed, whatever the case; after `provider/` with it.
fn matching(names: &Names, typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_lowercase();
    let shown = names.iter().map(|name| match (&name.provider, typed.contains('/')) {
        (Some(provider), true) => (format!("{provider}/{}", name.name), &name.about),
        _ => (name.name.clone(), &name.about),
    });
    shown
        .filter(|(name, _)| name.to_lowercase().starts_with(&typed))
        .map(|(name, about)| CompletionCandidate::new(name).help(Some(about.clone().into())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use renku_session_choice::Installed;

    use crate::project::SettingKey;

    fn candidates(words: &[OsString]) -> Vec<Completion> {
        let engines: Arc<dyn Engines> = Arc::new(Installed::from_environment("renku".into()));
        of(words, &engines)
    }

    fn values(line: &str) -> Vec<String> {
        let words: Vec<_> = line.split(' ').map(OsString::from).collect();
        candidates(&words).into_iter().map(|candidate| candidate.value).collect()
    }

    #[test]
    fn commands_come_with_what_they_do() {
        let words = ["renku", "session", "resu"].map(OsString::from);
        let about = "Resume a paused session".into();
        assert_eq!(candidates(&words), [Completion { value: "resume".into(), about }]);
    }

    #[test]
    fn options_come_only_when_they_were_begun() {
        assert!(values("renku ").iter().all(|value| !value.starts_with('-')));
        assert_eq!(values("renku session ls --form"), ["--format"]);
        assert!(values("renku session ls ").contains(&"--format".to_owned()));
    }

    #[test]
    fn values_of_options_are_known_in_both_spellings() {
        assert_eq!(values("renku session ls --format js"), ["json"]);
        assert_eq!(values("renku session ls --format=js"), ["--format=json"]);
    }

    #[test]
    fn settings_are_known() {
        assert_eq!(values("renku config set cpu"), ["cpu_request"]);
        assert_eq!(values("renku config get ").len(), SettingKey::ALL.len());
    }

    #[test]
    fn options_of_the_provider_are_known() {
        assert_eq!(values("renku session start -p docker --defa"), ["--default-url"]);
    }

    #[test]
    fn files_are_left_to_the_shell() {
        assert_eq!(values("renku session start --config "), [FILES]);
        assert_eq!(values("renku session start --config=se"), [FILES]);
        assert_eq!(values("renku session ls -p doc"), ["docker", FILES]);
    }

    #[test]
    fn nonsense_does_no_harm() {
        assert_eq!(candidates(&[]), []);
        assert_eq!(values("renku session nonsense --nonsense=no"), Vec::<String>::new());
    }

    #[test]
    fn a_name_that_was_typed_is_not_offered_again() {
        let candidate = |value: &str| Completion { value: value.into(), about: String::new() };
        let found = vec![candidate("a"), candidate("b"), candidate("--all")];
        assert_eq!(tidy(found, "", &["a".into()]), [candidate("b")]);
    }

    #[test]
    fn a_name_is_found_whatever_the_case_and_with_its_provider() {
        let name = names::Name {
            provider: Some("docker".into()),
            name: "analysis-1".into(),
            about: "running".into(),
        };
        let found = |typed: &str| -> Vec<String> {
            matching(&vec![name.clone()], OsStr::new(typed))
                .iter()
                .map(|candidate| candidate.get_value().to_string_lossy().into_owned())
                .collect()
        };
        assert_eq!(found("ANA"), ["analysis-1"]);
        assert_eq!(found("docker/a"), ["docker/analysis-1"]);
        assert_eq!(found("b"), Vec::<String>::new());
    }
}
