//! Written elsewhere.
use std::path::Path;
#[derive(Debug, clap::Args)]
pub(crate) struct BenchArgs {}
pub(crate) fn run(_root: &Path, _arguments: &BenchArgs) -> anyhow::Result<()> { anyhow::bail!("not here yet") }
