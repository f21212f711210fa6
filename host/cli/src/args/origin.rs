//! Options of `session origin`.

use clap::{Args, Subcommand};

use super::common::General;
use super::login::AccountArgs;
use crate::web::http::allowable_header;
use crate::web::origins::CredentialKind;

/// A header that may be allowed, in lower case.
pub(super) fn header(text: &str) -> Result<String, &'static str> {
    allowable_header(text).map(|name| name.as_str().to_owned())
}

#[derive(Debug, Subcommand)]
pub(crate) enum OriginCommand {
    /// Add a web service that providers may use, or change it
    ///
    /// A provider knows only NAME; the address and the credential stay here. The
    /// command prompts for the secret; in a script, use `--secret-stdin` or
    /// `--secret-env`.
    Add(AddOriginArgs),
    /// List web services, without their secrets
    #[command(visible_alias = "ls")]
    List(ListOriginsArgs),
    /// Remove a web service and its secret
    #[command(visible_alias = "rm")]
    Remove(RemoveOriginArgs),
}

#[derive(Debug, Args)]
pub(crate) struct AddOriginArgs {
    /// The name that providers use
    pub(crate) name: String,
    /// The address, such as https://cluster.example.org/api
    pub(crate) url: String,
    /// How to authenticate: none, bearer, basic:USER, header:NAME or renku
    /// [default: none, or unchanged]
    #[arg(long, value_name = "KIND")]
    pub(crate) credential: Option<CredentialKind>,
    /// Read the secret from standard input
    #[arg(long, conflicts_with = "secret_env")]
    pub(crate) secret_stdin: bool,
    /// Read the secret from this environment variable
    #[arg(long, value_name = "VARIABLE")]
    pub(crate) secret_env: Option<String>,
    /// A provider that may use it: a name or the path of a `.wasm` file
    #[arg(long = "for", value_name = "PROVIDER")]
    pub(crate) providers: Vec<String>,
    /// Also let providers send this header
    #[arg(long = "allow-header", value_name = "HEADER", value_parser = header)]
    pub(crate) headers: Vec<String>,
    #[command(flatten)]
    pub(crate) print: AccountArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ListOriginsArgs {
    #[command(flatten)]
    pub(crate) print: AccountArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RemoveOriginArgs {
    /// The name of the web service
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) print: AccountArgs,
}

impl OriginCommand {
    /// How the command prints and asks.
    pub(crate) fn general(&self) -> General {
        match self {
            Self::Add(args) => args.print.general(),
            Self::List(args) => args.print.general(),
            Self::Remove(args) => args.print.general(),
        }
    }
}
