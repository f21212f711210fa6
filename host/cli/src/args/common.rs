//! Options that every command has.

use std::path::PathBuf;

use clap::Args;

use crate::output::Format;
use crate::sessions::Scope;

/// Options of every command: how it prints and which questions it asks.
#[derive(Debug, Default)]
pub(crate) struct General {
    pub(crate) format: Format,
    pub(crate) verbose: u8,
    pub(crate) yes: bool,
    pub(crate) answers: Vec<(String, String)>,
    pub(crate) locked: bool,
    pub(crate) offline: bool,
    /// The option that forbids changes, if it was typed.
    pub(crate) no_changes: Option<&'static str>,
    /// Whether changes are written down instead.
    pub(crate) dry_run: bool,
    /// Whether that shows the values of variables.
    pub(crate) show_values: bool,
}

/// Options of every command about sessions.
#[derive(Debug, Args)]
pub(crate) struct CommonArgs {
    /// The provider: a name, or the path of a `.wasm` file
    #[arg(short, long, value_name = "NAME")]
    pub(crate) provider: Option<String>,
    /// The format of the output
    #[arg(long, value_name = "FORMAT", value_parser = super::choice::format(), default_value = "table")]
    pub(crate) format: Format,
    /// Answer every yes-or-no question with yes
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Answer one question of a provider
    #[arg(long = "answer", value_name = "ID=VALUE", value_parser = answer)]
    pub(crate) answers: Vec<(String, String)>,
    /// Print more detail; twice for even more
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Use only providers in this project's lock file
    #[arg(long)]
    pub(crate) locked: bool,
    /// Do not contact web services, provider sources or git servers
    #[arg(long)]
    pub(crate) offline: bool,
}

impl CommonArgs {
    /// How these commands print and ask.
    pub(crate) fn general(&self) -> General {
        General {
            format: self.format,
            verbose: self.verbose,
            yes: self.yes,
            answers: self.answers.clone(),
            locked: self.locked,
            offline: self.offline,
            no_changes: None,
            dry_run: false,
            show_values: false,
        }
    }
}

/// Whether a command may change something. `start` has an option of another name:
/// there, `--read-only` is about the container, as with `docker run`.
#[derive(Debug, Default, Args)]
pub(crate) struct ReadOnlyArgs {
    /// Refuse to change anything
    #[arg(long)]
    pub(crate) read_only: bool,
}

impl ReadOnlyArgs {
    /// What both say.
    pub(crate) fn general(&self, common: &CommonArgs) -> General {
        General { no_changes: self.read_only.then_some("--read-only"), ..common.general() }
    }
}

/// Where a command looks for sessions that exist.
#[derive(Debug, Args)]
pub(crate) struct ScopeArgs {
    /// A YAML file with settings of the provider
    #[arg(short, long, value_name = "FILE.yaml", requires = "provider")]
    pub(crate) config: Option<PathBuf>,
    /// Include the sessions of all your projects, from any folder
    #[arg(long)]
    pub(crate) all_projects: bool,
}

impl ScopeArgs {
    /// Where to look.
    pub(crate) fn scope(&self, common: &CommonArgs) -> Scope {
        Scope {
            provider: common.provider.clone(),
            config: self.config.clone(),
            all_projects: self.all_projects,
            limit: None,
            details: false,
        }
    }
}

/// Options of commands that only print.
#[derive(Debug, Args)]
pub(crate) struct PrintArgs {
    /// The format of the output
    #[arg(long, value_name = "FORMAT", value_parser = super::choice::format(), default_value = "table")]
    pub(crate) format: Format,
    /// Print more detail; twice for even more
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

impl PrintArgs {
    /// They print, and ask nothing.
    pub(crate) fn general(&self) -> General {
        General { format: self.format, verbose: self.verbose, ..General::default() }
    }
}

fn answer(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((id, value)) if !id.is_empty() => Ok((id.into(), value.into())),
        _ => Err("write it as ID=VALUE".into()),
    }
}
