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
    /// List the providers there are, and what each may do
    #[command(name = "list", visible_alias = "ls")]
    List(ListArgs),
    /// Show what a provider is, what it wants and what it may do
    Info(InfoArgs),
    /// Install a provider, and ask whether it may do what it wants
    Add(AddArgs),
    /// Install the newest version from where a provider came from
    Update(UpdateArgs),
    /// Remove an installed provider
    Remove(RemoveArgs),
    /// Write the exact providers of this project into its lock
    Pin(PinArgs),
    /// Copy providers into a folder that others install them from, without a network
    Mirror(MirrorArgs),
    /// Check that installed and locked providers are what they were
    Verify(ListArgs),
    /// Allow a provider what it wants, or a part of it
    Grant(GrantArgs),
    /// Take back what a provider was allowed
    Revoke(RevokeArgs),
    /// Begin a provider of your own
    New(NewArgs),
    /// Make the file of a provider of yours from what the compiler left
    Pack(PackArgs),
    /// Sign a provider of yours
    Sign(SignArgs),
    /// Say whose signatures count
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Trust {
        #[command(subcommand)]
        command: TrustCommand,
    },
    /// Publish a provider of yours in a registry
    Push(PushArgs),
    /// Check whether a provider keeps the contract, without any engine
    Test(TestArgs),
}

/// Options of all of them.
#[derive(Debug, Args)]
pub(crate) struct ProviderArgs {
    /// How the result is printed
    #[arg(long, value_name = "FORMAT", value_parser = super::choice::format(), default_value = "table")]
    pub(crate) format: Format,
    /// Answer every yes-or-no question with yes
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Say more; twice for even more
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
    /// A name, a name with its version, or the path of a `.wasm` file
    #[arg(value_name = "NAME|FILE")]
    pub(crate) provider: String,
}

#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// A file, an https URL, or `oci://HOST/REPOSITORY[:VERSION]`; with `--from`, a name
    /// of the mirror (all of it when omitted)
    #[arg(value_name = "SOURCE", required_unless_present_any = ["locked", "from"])]
    pub(crate) source: Option<String>,
    /// Install it under this name instead of its own
    #[arg(long, value_name = "NAME", conflicts_with_all = ["locked", "from"])]
    pub(crate) name: Option<String>,
    /// Take it from this folder, which `provider mirror` made
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub(crate) from: Option<PathBuf>,
    /// Install what the lock of this project names. Whether it may take over a name that you know
    /// is asked all the same, and `--yes` does not answer that
    #[arg(long, conflicts_with = "source")]
    pub(crate) locked: bool,
    /// Install it although who signed the versions before did not sign it
    #[arg(long)]
    pub(crate) other_signer: bool,
    /// Ask nothing of the network
    #[arg(long)]
    pub(crate) offline: bool,
}

#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// Its name; all installed providers when omitted
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// This version, also when it is older
    #[arg(long, value_name = "VERSION", requires = "name")]
    pub(crate) to: Option<String>,
    /// Install it although who signed the versions before did not sign it
    #[arg(long)]
    pub(crate) other_signer: bool,
    /// Ask nothing of the network
    #[arg(long)]
    pub(crate) offline: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// Its name, with a version for that one alone
    #[arg(value_name = "NAME[@VERSION]")]
    pub(crate) provider: String,
}

#[derive(Debug, Args)]
pub(crate) struct PinArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// Names of installed providers, with versions where not the newest is meant
    #[arg(value_name = "NAME[@VERSION]", required = true)]
    pub(crate) providers: Vec<String>,
    /// Take them out of the lock
    #[arg(long)]
    pub(crate) remove: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MirrorArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// The folder; what it has already stays there
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub(crate) folder: PathBuf,
    /// Names of installed providers; those of this project's lock when omitted, else all
    #[arg(value_name = "NAME[@VERSION]")]
    pub(crate) providers: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct GrantArgs {
    #[command(flatten)]
    pub(crate) which: InfoArgs,
    /// Allow this alone; everything else that it wants is refused when it asks
    #[arg(long, value_name = "CAPABILITY", value_parser = super::choice::capability())]
    pub(crate) only: Vec<Capability>,
    /// Allow it to talk to this origin alone, by its name in `renku session origin list`
    #[arg(long, value_name = "NAME")]
    pub(crate) origin: Vec<String>,
    /// Allow it to start these images alone; `*` stands for anything
    #[arg(long, value_name = "PATTERN")]
    pub(crate) image: Vec<String>,
    /// The most CPUs of one container
    #[arg(long, value_name = "N")]
    pub(crate) max_cpu: Option<String>,
    /// The most memory of one container, such as 8Gi
    #[arg(long, value_name = "SIZE")]
    pub(crate) max_memory: Option<String>,
    /// Also with options that give a container power over this computer
    #[arg(long)]
    pub(crate) engine_flags: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    #[command(flatten)]
    pub(crate) which: InfoArgs,
    /// Take back this alone; everything when omitted
    #[arg(long, value_name = "CAPABILITY", value_parser = super::choice::capability())]
    pub(crate) only: Vec<Capability>,
}

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// Its name, such as `slurm`
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// What it is written in
    #[arg(long, value_name = "LANGUAGE", value_parser = super::choice::language(), default_value = "rust")]
    pub(crate) lang: Language,
    /// Where to make the project [default: NAME]
    #[arg(long, value_name = "DIRECTORY", value_hint = clap::ValueHint::DirPath)]
    pub(crate) directory: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(disable_version_flag = true)]
pub(crate) struct PackArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// What the compiler left: a core module made with the SDK, or a component
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Its manifest; `Cargo.toml` or `pyproject.toml` beside it says the rest
    #[arg(long, value_name = "FILE.json", default_value = "manifest.json")]
    pub(crate) manifest: PathBuf,
    /// Its name, instead of the one in `Cargo.toml` or `pyproject.toml`
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Its version, likewise
    #[arg(long, value_name = "VERSION")]
    pub(crate) version: Option<String>,
    /// What it is, one sentence, likewise
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// Where to [default: NAME.wasm]
    #[arg(short, long, value_name = "FILE.wasm", value_hint = clap::ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// The provider
    #[arg(value_name = "FILE", required_unless_present = "new_key")]
    pub(crate) file: Option<PathBuf>,
    /// The secret key, in minisign's format [default: signing.key in your configuration]
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Make the key first
    #[arg(long)]
    pub(crate) new_key: bool,
    /// The new key has no password
    #[arg(long, requires = "new_key")]
    pub(crate) no_password: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TrustCommand {
    /// Signatures of this key count from now on
    Add(TrustAddArgs),
    /// List the keys whose signatures count
    #[command(name = "list", visible_alias = "ls")]
    List(ListArgs),
    /// Signatures of this key count no more
    Remove(TrustRemoveArgs),
}

#[derive(Debug, Args)]
pub(crate) struct TrustAddArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// The public key, or its file
    #[arg(value_name = "KEY|FILE")]
    pub(crate) key: String,
    /// What you call its owner
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct TrustRemoveArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// Its name in the list, or the key itself
    #[arg(value_name = "NAME|KEY")]
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct PushArgs {
    #[command(flatten)]
    pub(crate) common: ProviderArgs,
    /// The provider; a signature beside it is published with it
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Where to
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
    /// Run this check alone
    #[arg(long, value_name = "ID", value_parser = clap::builder::PossibleValuesParser::new(conformance::ids()))]
    pub(crate) check: Option<String>,
    /// What the web service of the provider answers: a list of exchanges, JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) exchanges: Option<PathBuf>,
    /// A header that users let pass to the web service: `origin add --allow-header`
    #[arg(long = "allow-header", value_name = "HEADER", value_parser = header)]
    pub(crate) headers: Vec<String>,
    /// The configuration of an ordinary start: a YAML file
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

    /// What they say about printing and asking.
    pub(crate) fn general(&self) -> General {
        let args = self.args();
        General { format: args.format, verbose: args.verbose, yes: args.yes, ..General::default() }
    }
}
