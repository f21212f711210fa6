//! Options that every command has.

use std::path::PathBuf;

use clap::Args;

use crate::output::Format;

/// What every command says about printing and asking, whatever it is about.
#[derive(Debug, Default)]
pub(in crate::cli) struct General {
    pub(in crate::cli) format: Format,
    pub(in crate::cli) verbose: u8,
    pub(in crate::cli) yes: bool,
    pub(in crate::cli) answers: Vec<(String, String)>,
    pub(in crate::cli) locked: bool,
    pub(in crate::cli) offline: bool,
    /// The option after which nothing may be changed, when it was typed.
    pub(in crate::cli) no_changes: Option<&'static str>,
}

/// Options of every command about sessions.
#[derive(Debug, Args)]
pub(in crate::cli) struct CommonArgs {
    /// The provider: a name, or the path of a `.wasm` file
    #[arg(short, long, value_name = "NAME")]
    pub(in crate::cli) provider: Option<String>,
    /// How the result is printed
    #[arg(long, value_name = "FORMAT", value_parser = super::choice::format(), default_value = "table")]
    pub(in crate::cli) format: Format,
    /// Answer every yes-or-no question with yes
    #[arg(short, long)]
    pub(in crate::cli) yes: bool,
    /// Answer one question of a provider
    #[arg(long = "answer", value_name = "ID=VALUE", value_parser = answer)]
    pub(in crate::cli) answers: Vec<(String, String)>,
    /// Say more; twice for even more
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(in crate::cli) verbose: u8,
    /// Use only providers that are in the lock of this project
    #[arg(long)]
    pub(in crate::cli) locked: bool,
    /// Nothing of the network: no web services, no providers from elsewhere
    #[arg(long)]
    pub(in crate::cli) offline: bool,
}

impl CommonArgs {
    /// What they say about printing and asking.
    pub(in crate::cli) fn general(&self) -> General {
        General {
            format: self.format,
            verbose: self.verbose,
            yes: self.yes,
            answers: self.answers.clone(),
            locked: self.locked,
            offline: self.offline,
            no_changes: None,
        }
    }
}

/// Whether a command may change something. `start` has an option of another name:
/// there, `--read-only` is about the container, as with `docker run`.
#[derive(Debug, Default, Args)]
pub(in crate::cli) struct ReadOnlyArgs {
    /// Refuse whatever would change something
    #[arg(long)]
    pub(in crate::cli) read_only: bool,
}

impl ReadOnlyArgs {
    /// What both say.
    pub(in crate::cli) fn general(&self, common: &CommonArgs) -> General {
        General { no_changes: self.read_only.then_some("--read-only"), ..common.general() }
    }
}

/// Where a command looks for sessions that exist.
#[derive(Debug, Args)]
pub(in crate::cli) struct ScopeArgs {
    /// Settings of the provider, YAML
    #[arg(short, long, value_name = "FILE.yaml", requires = "provider")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Sessions of all your projects; works anywhere
    #[arg(long)]
    pub(in crate::cli) all_projects: bool,
}

/// Options of commands that only print.
#[derive(Debug, Args)]
pub(in crate::cli) struct PrintArgs {
    /// How the result is printed
    #[arg(long, value_name = "FORMAT", value_parser = super::choice::format(), default_value = "table")]
    pub(in crate::cli) format: Format,
    /// Say more; twice for even more
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(in crate::cli) verbose: u8,
}

impl PrintArgs {
    /// They print, and ask nothing.
    pub(in crate::cli) fn general(&self) -> General {
        General { format: self.format, verbose: self.verbose, ..General::default() }
    }
}

fn answer(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((id, value)) if !id.is_empty() => Ok((id.into(), value.into())),
        _ => Err("write it as ID=VALUE".into()),
    }
}
