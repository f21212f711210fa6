//! What a start will do: decided whole, before anything is asked of an engine.

use std::path::Path;

use super::engine_options;
use super::options::{Mount, StartOptions};
use super::provider::StartProvider;
use super::request;
use crate::context::Context;
use crate::contract::{EngineOptions, Volume};
use crate::failure::Failure;
use crate::image::CandidateImage;
use crate::project::Settings;
use crate::sandbox::Request;

/// A start without anything left to decide.
pub struct StartPlan {
    pub(super) provider: StartProvider,
    pub(super) candidate: CandidateImage,
    pub(super) request: Request,
    pub(super) engine_options: EngineOptions,
    pub(super) mount: Mount,
    pub(super) may_push: bool,
    pub(super) keep_failed: bool,
}

impl StartPlan {
    /// From what the user wants, the settings and the state of the project.
    ///
    /// # Errors
    ///
    /// Everything that can be wrong with what was typed and set.
    pub fn of(context: &Context, options: StartOptions) -> Result<Self, Failure> {
        let project = context.project()?;
        project.require_startable()?;
        let is_remote = options.provider.file.manifest.remote;
        let gets_files = options.mount != Mount::None || options.image.image.is_none();
        if gets_files && !is_remote {
            project.require_apart()?;
        }
        let settings = Settings::load(Some(project.root()))?;
        let file = &options.provider.file;
        let candidate = CandidateImage::of(context, &options.image, &settings, Some(file))?;
        let request = request::of(context, &options, &settings, &candidate)?;
        let mut engine_options = engine_options::read(context, &options, &request.resources)?;
        for warning in &engine_options.warnings {
            context.reporter().message(&format!("warning: {warning}"));
        }
        let is_mounted = options.mount == Mount::Project && !is_remote;
        if is_mounted && project.repository_is_elsewhere() {
            match project.repository_of_worktree()?.filter(|path| may_be_mounted(path)) {
                Some(repository) => {
                    let path = repository.to_string_lossy().into_owned();
                    engine_options.run.volume.push(Volume {
                        source: path.clone(),
                        target: path,
                        mode: None,
                    });
                }
                None => context.reporter().message(
                    "warning: the repository of this folder is elsewhere (a submodule, or a \
                     worktree with relative paths), where a session does not reach it: git will \
                     not work there",
                ),
            }
        }
        let StartOptions { provider, mount, push: may_push, keep_failed, .. } = options;
        Ok(Self { provider, candidate, request, engine_options, mount, may_push, keep_failed })
    }
}

/// Engines take a mount of this kind as one line with colons.
fn may_be_mounted(path: &Path) -> bool {
    path.to_str().is_some_and(|path| !path.contains(':'))
}
