//! Which image belongs to the project as it is now, and what would be built
//! into it: decided from what was typed and set, before anybody is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::PathBuf;

use super::error::NoImageError;
use crate::context::Context;
use crate::contract::{BuildSecret, ImageOptions, Inputs, Pull, built_from};
use crate::failure::Failure;
use crate::files;
use crate::project::{ProjectError, Settings};
use crate::providers::ProviderFile;
use crate::sandbox::Capability;

/// The registry that the project's own images are in, when there is one.
const REGISTRY: &str = "RENKU_IMAGE_REGISTRY";

/// The largest secret, as `docker build` has it.
const SECRET_BYTES: u64 = 500 * 1024;

/// What the user wants of the image.
#[derive(Debug, Clone, Default)]
pub struct ImageWish {
    /// This one, by name.
    pub image: Option<String>,
    /// The Dockerfile to build; none: the one in the project's root.
    pub file: Option<PathBuf>,
    /// Build arguments; one without a value has that of the environment.
    pub build_arguments: Vec<(String, Option<String>)>,
    /// The stage of the Dockerfile to build; none: the last one.
    pub target: Option<String>,
    /// What its steps may read, by name.
    pub secrets: Vec<(String, SecretSource)>,
    /// When it is pulled.
    pub pull: Pull,
    /// Whether the project's image is built in any case.
    pub force_build: bool,
}

/// Where a secret for a build is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    File(PathBuf),
    /// A variable of the environment.
    Variable(String),
}

/// The image to start from, before the provider was asked about it.
pub(crate) struct CandidateImage {
    pub(crate) name: Option<String>,
    /// How the image is built when it is the project's own; none when the user
    /// named it: then it is never built.
    pub(crate) own: Option<Own>,
    /// When it is pulled.
    pub(crate) pull: Pull,
}

/// An image that belongs to the project.
pub(crate) struct Own {
    /// The Dockerfile, relative to the root.
    pub(crate) descriptor: String,
    /// The digest of what it is built from.
    pub(crate) built_from: String,
    /// Whether a registry may have it.
    pub(crate) in_registry: bool,
    /// Build it in any case.
    pub(crate) force: bool,
    arguments: BTreeMap<String, String>,
    target: Option<String>,
    secrets: BTreeMap<String, BuildSecret>,
    bases: BTreeSet<String>,
}

impl CandidateImage {
    /// `--image`, else the pinned image, else the project's own. To build by
    /// `force` is a wish of the user's, which goes before a pinned image.
    pub(crate) fn of(
        context: &Context,
        wish: &ImageWish,
        settings: &Settings,
        provider: Option<&ProviderFile>,
    ) -> Result<Self, Failure> {
        let (pull, force) = (wish.pull, wish.force_build);
        let pinned = || settings.get("image").map(|setting| setting.value);
        let named = wish.image.clone().or_else(|| if force { None } else { pinned() });
        // A provider whose sessions run elsewhere says it itself: what only this
        // machine has is no candidate there. Who types how to build one hears from
        // the provider whether it can.
        let elsewhere = provider.is_some_and(|provider| {
            provider.manifest.remote
                && !provider.sections.capabilities().contains(&Capability::Containers)
        });
        let is_usual =
            wish.file.is_none() && wish.build_arguments.is_empty() && wish.target.is_none();
        let builds = force || !is_usual;
        if named.is_some() || (elsewhere && !builds) {
            return Ok(Self { name: named, own: None, pull });
        }
        let here = context.directory()?;
        let project = context.project()?;
        let arguments = arguments(&wish.build_arguments);
        let commit = project.commit()?;
        let (descriptor, built_from) = match project.descriptor(wish.file.as_deref(), &here) {
            // Nobody should write one for a provider that does not build.
            Err(ProjectError::NoDockerfile { .. } | ProjectError::FileMissing { .. })
                if elsewhere =>
            {
                ("Dockerfile".to_owned(), commit.unwrap_or_default())
            }
            descriptor => {
                let descriptor = descriptor?;
                let commit = commit.as_deref();
                let built_from =
                    built_from(project.root(), &descriptor, &counted(wish, &arguments), commit)?;
                (descriptor, built_from)
            }
        };
        let registry = registry();
        let name = project.candidate_image(&built_from, is_usual)?.map(|name| match &registry {
            Some(registry) => format!("{registry}/{name}"),
            None => name,
        });
        let in_registry = registry.is_some();
        let force = force || elsewhere;
        let inputs = match elsewhere {
            true => Inputs::default(),
            false => Inputs::of(project.root(), &descriptor, &arguments)?,
        };
        let own = Own {
            descriptor,
            built_from,
            in_registry,
            force,
            arguments,
            target: wish.target.clone(),
            secrets: secrets(&wish.secrets)?,
            bases: inputs.bases,
        };
        Ok(Self { name, own: Some(own), pull })
    }

    /// Whether the user named it.
    pub(crate) fn is_users(&self) -> bool {
        self.own.is_none() && self.name.is_some()
    }

    /// What the containers capability has to know about it.
    pub(crate) fn options(&self) -> ImageOptions {
        let own = self.own.as_ref();
        ImageOptions {
            pull: self.pull,
            arguments: own.map(|own| own.arguments.clone()).unwrap_or_default(),
            target: own.and_then(|own| own.target.clone()),
            secrets: own.map(|own| own.secrets.clone()).unwrap_or_default(),
            descriptor: own.map(|own| own.descriptor.clone()),
            bases: own.map(|own| own.bases.clone()).unwrap_or_default(),
            built_from: own.map(|own| own.built_from.clone()),
            only_here: own.filter(|own| !own.in_registry).and(self.name.clone()),
        }
    }
}

/// The host, and perhaps a path, that goes before the name of an image.
fn registry() -> Option<String> {
    let value = std::env::var(REGISTRY).ok()?;
    let host = value.trim().split_once("://").map_or(value.trim(), |(_, rest)| rest);
    let host = host.trim_end_matches('/');
    (!host.is_empty()).then(|| host.to_owned())
}

/// What makes another image of the same files.
fn counted(wish: &ImageWish, arguments: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut counted = arguments.clone();
    // No argument is called so.
    counted.extend(wish.target.clone().map(|target| ("--target".to_owned(), target)));
    counted
}

/// The secrets, read.
fn secrets(
    wanted: &[(String, SecretSource)],
) -> Result<BTreeMap<String, BuildSecret>, NoImageError> {
    let read = |id: &str, source: &SecretSource| match source {
        SecretSource::File(path) => files::open(path)
            .and_then(|file| {
                let mut bytes = Vec::new();
                file.take(SECRET_BYTES).read_to_end(&mut bytes)?;
                Ok(bytes)
            })
            .map_err(|error| NoImageError::Secret { id: id.to_owned(), why: error.to_string() }),
        SecretSource::Variable(name) => std::env::var(name).map(String::into_bytes).map_err(|_| {
            let why = format!("the environment variable `{name}` is not set");
            NoImageError::Secret { id: id.to_owned(), why }
        }),
    };
    let all = wanted.iter().map(|(id, source)| Ok((id.clone(), BuildSecret(read(id, source)?))));
    all.collect()
}

/// A name without a value has that of the environment; the last of several wins.
fn arguments(typed: &[(String, Option<String>)]) -> BTreeMap<String, String> {
    let mut arguments = BTreeMap::new();
    for (name, value) in typed {
        match value.clone().or_else(|| std::env::var(name).ok()) {
            Some(value) => {
                arguments.insert(name.clone(), value);
            }
            None => tracing::warn!(
                "`--build-arg {name}` has no effect: the environment variable `{name}` is not set"
            ),
        }
    }
    arguments
}
