//! Which image: options of `session start`, and `session image`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::CommonArgs;
use super::common::{General, ReadOnlyArgs};
use crate::contract::Pull;
use crate::sessions::{ImageWish, SecretSource};

/// What decides which image a session is started from.
#[derive(Debug, Default, Args)]
pub(crate) struct ImageArgs {
    /// Use this image instead of building the project's
    #[arg(long, value_name = "IMAGE")]
    pub(crate) image: Option<String>,
    /// The Dockerfile to build [default: Dockerfile or Containerfile in the root]
    #[arg(long, value_name = "PATH")]
    pub(crate) file: Option<PathBuf>,
    /// A build argument of the Dockerfile; without a value, that of the
    /// environment
    #[arg(
        long = "build-arg",
        value_name = "NAME[=VALUE]",
        value_parser = build_argument,
        conflicts_with = "image"
    )]
    pub(crate) build_arguments: Vec<(String, Option<String>)>,
    /// The stage of the Dockerfile to build [default: the last one]
    #[arg(long, value_name = "STAGE", conflicts_with = "image")]
    pub(crate) target: Option<String>,
    /// A file (`src=`) or variable (`env=`) that steps of the Dockerfile may read
    #[arg(
        long,
        value_name = "id=NAME,…",
        value_parser = secret,
        conflicts_with = "image"
    )]
    pub(crate) secret: Vec<(String, SecretSource)>,
}

/// `id=NAME,src=FILE`, as `docker build` has it. Without a source the name is that of a
/// variable if there is one, else of a file.
fn secret(text: &str) -> Result<(String, SecretSource), String> {
    let mut id = None;
    let mut source = None;
    let mut is_variable = false;
    for field in text.split(',') {
        match field.split_once('=') {
            Some(("id", value)) if !value.is_empty() => id = Some(value.to_owned()),
            Some(("src" | "source", value)) => source = Some(SecretSource::File(value.into())),
            Some(("env", value)) => source = Some(SecretSource::Variable(value.to_owned())),
            Some(("type", "file")) => {}
            Some(("type", "env")) => is_variable = true,
            _ => {
                return Err("it is written `id=NAME,src=FILE` or `id=NAME,env=VARIABLE`".to_owned());
            }
        }
    }
    let id = id.ok_or("it has no `id=NAME`")?;
    let source = match source {
        Some(SecretSource::File(name)) if is_variable => {
            SecretSource::Variable(name.to_string_lossy().into_owned())
        }
        Some(source) => source,
        None if is_variable || std::env::var_os(&id).is_some() => {
            SecretSource::Variable(id.clone())
        }
        None => SecretSource::File(id.clone().into()),
    };
    Ok((id, source))
}

impl ImageArgs {
    /// The same as a wish.
    pub(crate) fn wish(&self) -> ImageWish {
        ImageWish {
            image: self.image.clone(),
            file: self.file.clone(),
            build_arguments: self.build_arguments.clone(),
            target: self.target.clone(),
            secrets: self.secret.clone(),
            ..ImageWish::default()
        }
    }
}

/// When an image is pulled from its registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum PullArg {
    /// Never; an image that the engine does not have is an error
    Never,
    /// If the engine does not have it
    #[default]
    Missing,
    /// Even if the engine has it; a build looks for newer base images
    Always,
}

impl From<PullArg> for Pull {
    fn from(argument: PullArg) -> Self {
        match argument {
            PullArg::Never => Self::Never,
            PullArg::Missing => Self::Missing,
            PullArg::Always => Self::Always,
        }
    }
}

/// `session image`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ImageCommandArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    #[command(flatten)]
    pub(crate) changes: ReadOnlyArgs,
    #[command(flatten)]
    pub(crate) image: ImageArgs,
    #[command(subcommand)]
    pub(crate) command: Option<ImageCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImageCommand {
    /// Remove images built from this project that no session uses
    ///
    /// Keeps the image that `renku session start` would use now.
    Prune(PruneArgs),
    /// Load images from an archive, for sessions without a container engine
    ///
    /// FILE is an archive written by `docker save` or `podman save`, or an OCI layout,
    /// compressed or not. The images are checked and unpacked once.
    Load(LoadArgs),
}

#[derive(Debug, Args)]
pub(crate) struct LoadArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    #[command(flatten)]
    pub(crate) changes: ReadOnlyArgs,
    /// The archive, or the folder of an OCI layout; `-` reads from standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::AnyPath)]
    pub(crate) file: PathBuf,
    /// Name the image NAME instead of its name in the archive
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PruneArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    #[command(flatten)]
    pub(crate) changes: ReadOnlyArgs,
    /// Also remove the image that `renku session start` would use now
    #[arg(long)]
    pub(crate) all: bool,
}

impl ImageCommandArgs {
    /// How these commands print and ask.
    pub(crate) fn general(&self) -> General {
        match &self.command {
            Some(ImageCommand::Prune(args)) => args.changes.general(&args.common),
            Some(ImageCommand::Load(args)) => args.changes.general(&args.common),
            None => self.changes.general(&self.common),
        }
    }
}

fn build_argument(text: &str) -> Result<(String, Option<String>), String> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (text, None),
    };
    if name.is_empty() || name.contains(char::is_whitespace) {
        return Err("write it as NAME=VALUE, or NAME for a variable of the environment".into());
    }
    Ok((name.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_argument_has_a_name_and_perhaps_a_value() {
        assert_eq!(build_argument("A=b=c"), Ok(("A".into(), Some("b=c".into()))));
        assert_eq!(build_argument("A="), Ok(("A".into(), Some(String::new()))));
        assert_eq!(build_argument("A"), Ok(("A".into(), None)));
        assert!(build_argument("=b").is_err());
        assert!(build_argument("A b=c").is_err());
    }
}
