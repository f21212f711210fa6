//! `session provider`: its commands and their options.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::General;
use super::origin::header;
use crate::conformance;
use crate::output::Format;
use crate::providers::Language;
use crate::sandbox::Capability;

#[derive(Debug, Subcommand)]
pub(crate) enum ProviderCommand {
    /// List the providers and their permissions
    #[command(name = "list", visible_alias = "ls")]
    List(ListArgs),
    /// Show a provider, the permissions it requests and those it has
    Info(InfoArgs),
    /// Install a provider and ask for the permissions it requests
    Add(AddArgs),
    /// Install the newest version from a provider's source
    Update(UpdateArgs),
    /// Remove an installed provider
    Remove(RemoveArgs),
    /// Write the exact providers of this project into its lock file
    Pin(PinArgs),
    /// Copy providers into a folder, to install them from there without a network
    Mirror(MirrorArgs),
    /// Check that installed and locked providers are unchanged
    Verify(ListArgs),
    /// Grant a provider the permissions it requests, or some of them
    Grant(GrantArgs),
    /// Revoke permissions of a provider
    Revoke(RevokeArgs),
    /// Create a new provider project
    New(NewArgs),
    /// Package a compiled provider
    Pack(PackArgs),
    /// Sign a provider
    Sign(SignArgs),
    /// Manage the keys whose signatures you trust
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Trust {
        #[command(subcommand)]
        command: TrustCommand,
    },
    /// Publish a provider in a registry
    Push(PushArgs),
    /// Check a provider against the contract, without an engine
    Test(TestArgs),
}

/// Options of all of them.
#[derive(Debug, Args)]
pub(crate) struct ProviderArgs {
    /// The format of the output
    #[arg(long, value_name = "FORMAT", value_parser = super::choice::format(), default_value = "table")]
    pub(crate) format: Format,
    /// Answer every yes-or-no question with yes
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Print more detail; twice for even more
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// Of commands that are about all there is.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
}

/// Which provider a command is about.
#[derive(Debug, Args)]
pub(crate) struct InfoArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// A name, a name with a version, or the path of a `.wasm` file
    #[arg(value_name = "NAME|FILE")]
    pub(crate) provider: String,
}

#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// A file, an https URL, or `oci://HOST/REPOSITORY[:VERSION]`; with `--from`, a name
    /// in the mirror [default: all of them]
    #[arg(value_name = "SOURCE", required_unless_present_any = ["locked", "from"])]
    pub(crate) source: Option<String>,
    /// Install it under this name instead of its own
    #[arg(long, value_name = "NAME", conflicts_with_all = ["locked", "from"])]
    pub(crate) name: Option<String>,
    /// Install from this folder, made by `provider mirror`
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub(crate) from: Option<PathBuf>,
    /// Install the providers in this project's lock file. Asks before a provider takes over a
    /// name that you know; `--yes` does not answer that question
    #[arg(long, conflicts_with = "source")]
    pub(crate) locked: bool,
    /// Accept a version without the signature of earlier versions
    #[arg(long)]
    pub(crate) other_signer: bool,
    /// Do not contact the network
    #[arg(long)]
    pub(crate) offline: bool,
}

#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// The provider's name [default: all installed providers]
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Install this version, even if it is older
    #[arg(long, value_name = "VERSION", requires = "name")]
    pub(crate) to: Option<String>,
    /// Accept a version without the signature of earlier versions
    #[arg(long)]
    pub(crate) other_signer: bool,
    /// Do not contact the network
    #[arg(long)]
    pub(crate) offline: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// The provider's name, with a version to remove only that one
    #[arg(value_name = "NAME[@VERSION]")]
    pub(crate) provider: String,
}

#[derive(Debug, Args)]
pub(crate) struct PinArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// Names of installed providers, with a version unless you mean the newest
    #[arg(value_name = "NAME[@VERSION]", required = true)]
    pub(crate) providers: Vec<String>,
    /// Remove them from the lock file
    #[arg(long)]
    pub(crate) remove: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MirrorArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// The folder; existing files stay there
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub(crate) folder: PathBuf,
    /// Names of installed providers [default: those in this project's lock file, else all]
    #[arg(value_name = "NAME[@VERSION]")]
    pub(crate) providers: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct GrantArgs {
    #[command(flatten)]
    pub(crate) which: InfoArgs,
    /// Grant only this capability and refuse the others
    #[arg(long, value_name = "CAPABILITY", value_parser = super::choice::capability())]
    pub(crate) only: Vec<Capability>,
    /// Allow only this web service, by its name in `renku session origin list`
    #[arg(long, value_name = "NAME")]
    pub(crate) origin: Vec<String>,
    /// Allow only these images; `*` matches anything
    #[arg(long, value_name = "PATTERN")]
    pub(crate) image: Vec<String>,
    /// Limit the CPUs of each container
    #[arg(long, value_name = "N")]
    pub(crate) max_cpu: Option<String>,
    /// Limit the memory of each container, such as 8Gi
    #[arg(long, value_name = "SIZE")]
    pub(crate) max_memory: Option<String>,
    /// Also allow engine options that give a container power over this computer
    #[arg(long)]
    pub(crate) engine_flags: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    #[command(flatten)]
    pub(crate) which: InfoArgs,
    /// Revoke only this capability [default: all of them]
    #[arg(long, value_name = "CAPABILITY", value_parser = super::choice::capability())]
    pub(crate) only: Vec<Capability>,
}

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// The provider's name, such as `slurm`
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// The programming language
    #[arg(long, value_name = "LANGUAGE", value_parser = super::choice::language(), default_value = "rust")]
    pub(crate) lang: Language,
    /// The folder of the project [default: NAME]
    #[arg(long, value_name = "DIRECTORY", value_hint = clap::ValueHint::DirPath)]
    pub(crate) directory: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(disable_version_flag = true)]
pub(crate) struct PackArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// The compiled file: a core module made with the SDK, or a component
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// The manifest; the rest comes from the `Cargo.toml` or `pyproject.toml` beside it
    #[arg(long, value_name = "FILE.json", default_value = "manifest.json")]
    pub(crate) manifest: PathBuf,
    /// The name, instead of the one in `Cargo.toml` or `pyproject.toml`
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The version, instead of the one there
    #[arg(long, value_name = "VERSION")]
    pub(crate) version: Option<String>,
    /// A description in one sentence, instead of the one there
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// The file to write [default: NAME.wasm]
    #[arg(short, long, value_name = "FILE.wasm", value_hint = clap::ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// The `.wasm` file to sign
    #[arg(value_name = "FILE", required_unless_present = "new_key")]
    pub(crate) file: Option<PathBuf>,
    /// The secret key in minisign's format [default: signing.key in your configuration]
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Create the key first
    #[arg(long)]
    pub(crate) new_key: bool,
    /// Create the key without a password
    #[arg(long, requires = "new_key")]
    pub(crate) no_password: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TrustCommand {
    /// Trust signatures of this key
    Add(TrustAddArgs),
    /// List the trusted keys
    #[command(name = "list", visible_alias = "ls")]
    List(ListArgs),
    /// Stop trusting signatures of this key
    Remove(TrustRemoveArgs),
}

#[derive(Debug, Args)]
pub(crate) struct TrustAddArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// The public key or its file
    #[arg(value_name = "KEY|FILE")]
    pub(crate) key: String,
    /// Your name for its owner
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct TrustRemoveArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// The name in the list, or the key itself
    #[arg(value_name = "NAME|KEY")]
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct PushArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// The provider, published together with a signature beside it
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The address to publish at
    #[arg(value_name = "oci://HOST/REPOSITORY:VERSION")]
    pub(crate) to: String,
}

#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// The path of a `.wasm` file, or a name
    #[arg(value_name = "FILE|NAME")]
    pub(crate) provider: String,
    /// Run only this check
    #[arg(long, value_name = "ID", value_parser = clap::builder::PossibleValuesParser::new(conformance::ids()))]
    pub(crate) check: Option<String>,
    /// A JSON file with the answers of the provider's web service
    #[arg(long, value_name = "FILE")]
    pub(crate) exchanges: Option<PathBuf>,
    /// A header that users allow with `origin add --allow-header`
    #[arg(long = "allow-header", value_name = "HEADER", value_parser = header)]
    pub(crate) headers: Vec<String>,
    /// A YAML file with the configuration of an ordinary start
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

impl ProviderCommand {
    fn args(&self) -> &ProviderArgs {
        match self {
            Self::List(args) => &args.common,
            Self::Info(args) => &args.common,
            Self::Add(args) => &args.common,
            Self::Update(args) => &args.common,
            Self::Remove(args) => &args.common,
            Self::Pin(args) => &args.common,
            Self::Mirror(args) => &args.common,
            Self::Verify(args) => &args.common,
            Self::Grant(args) => &args.which.common,
            Self::Revoke(args) => &args.which.common,
            Self::New(args) => &args.common,
            Self::Pack(args) => &args.common,
            Self::Sign(args) => &args.common,
            Self::Trust { command: TrustCommand::Add(args) } => &args.common,
            Self::Trust { command: TrustCommand::List(args) } => &args.common,
            Self::Trust { command: TrustCommand::Remove(args) } => &args.common,
            Self::Push(args) => &args.common,
            Self::Test(args) => &args.common,
        }
    }

    /// How these commands print and ask.
    pub(crate) fn general(&self) -> General {
        let args = self.args();
        General { format: args.format, verbose: args.verbose, yes: args.yes, ..General::default() }
    }
}
