//! Options that every command has.

use clap::Args;

use crate::output::Format;

/// Options of every command.
#[derive(Debug, Args)]
pub(in crate::cli) struct CommonArgs {
    /// The provider: a name, or the path of a `.wasm` file
    #[arg(short, long, value_name = "NAME")]
    pub(in crate::cli) provider: Option<String>,
    /// How the result is printed
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
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
}

fn answer(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((id, value)) if !id.is_empty() => Ok((id.into(), value.into())),
        _ => Err("write it as ID=VALUE".into()),
    }
}
