//! From what was typed, set and configured to one request.

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::args::{MountArg, StartArgs};
use crate::config;
use crate::contract::{ProjectCopy, ProjectFiles};
use crate::domain::Resources;
use crate::error::{CommandError, Failure};
use crate::image::Candidate;
use crate::project::{self, Project, SettingKey, Settings, Snapshot};
use crate::sandbox::Request;
use crate::start::origins::Origins;
use crate::start_provider::StartProvider;

/// How long to wait for an answer when nobody says: local, remote.
const WAIT_LOCAL: Duration = Duration::from_secs(2 * 60);
const WAIT_REMOTE: Duration = Duration::from_secs(15 * 60);

/// The settings of the project and of the user.
pub(super) fn settings(project: &Project) -> Result<Settings, Failure> {
    Ok(Settings::load(Some(project.root()))?)
}

/// The request of a start: option > environment > project > user > default.
pub(super) fn of(
    app: &App,
    args: &StartArgs,
    provider: &StartProvider,
    settings: &Settings,
    candidate: &Candidate,
) -> Result<Request, Failure> {
    let origins = Origins { levels: &provider.levels, settings };
    let _ = origins.value(SettingKey::Provider, args.common.provider.as_ref());
    let _ = origins.value(SettingKey::Image, args.image.image.as_ref());
    let mut request = app.project_request()?;
    request.resources = resources(args, &origins)?;
    request.config = configuration(args, provider, &origins)?;
    origins.tell_others();
    request.options = provider.options.clone();
    request.session_name = args.name.clone();
    request.image_is_users = candidate.is_users();
    request.images = candidate.options();
    let usual = if provider.package.manifest.remote { WAIT_REMOTE } else { WAIT_LOCAL };
    request.wait_timeout = (!args.no_wait).then(|| args.wait_timeout.unwrap_or(usual));
    Ok(request)
}

fn resources(args: &StartArgs, origins: &Origins<'_>) -> Result<Resources, Failure> {
    let mut resources = Resources::default();
    if let Some(value) = origins.value(SettingKey::Cpu, args.cpu.as_ref()) {
        resources.cpu = Some(value.parse(project::parse_cpu)?);
    }
    if let Some(value) = origins.value(SettingKey::Memory, args.memory.as_ref()) {
        resources.memory = Some(value.parse(project::parse_size)?);
    }
    if let Some(value) = origins.value(SettingKey::Disk, args.disk.as_ref()) {
        resources.disk = Some(value.parse(project::parse_size)?);
    }
    if let Some(value) = origins.value(SettingKey::Gpu, args.gpu.as_ref()) {
        resources.gpu = value.parse(project::parse_gpu)?;
    }
    Ok(resources)
}

/// The file, then the provider's options that stand for one of its keys, then
/// the settings of the project.
fn configuration(
    args: &StartArgs,
    provider: &StartProvider,
    origins: &Origins<'_>,
) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
    let manifest = &provider.package.manifest;
    let mut configuration = match &args.config {
        Some(file) => config::load_for(manifest.config.as_ref(), file)?,
        None => serde_json::Map::new(),
    };
    for option in manifest.options_of("start") {
        if let (Some(key), Some(value)) = (&option.config, provider.options.get(&option.name)) {
            let value = serde_json::Value::from(value.clone());
            config::check_value(
                manifest.config.as_ref(),
                key,
                &value,
                &format!("--{}", option.name),
            )?;
            configuration.insert(key.clone(), value);
        }
    }
    let has_default_url = manifest
        .config
        .as_ref()
        .and_then(|schema| schema.get("properties"))
        .is_some_and(|properties| properties.get("default_url").is_some());
    if has_default_url && !configuration.contains_key("default_url") {
        let setting = origins.value(SettingKey::DefaultUrl, None);
        configuration.extend(setting.map(|it| ("default_url".to_owned(), it.text.into())));
    } else if let Some(serde_json::Value::String(path)) = configuration.get("default_url") {
        tracing::info!(
            "default-url: `{path}`, from {}",
            match provider.options.contains_key("default-url") {
                true => "the command line or the environment",
                false => "the file after `--config`",
            }
        );
    }
    Ok(configuration)
}

/// How the session gets the project's files. A copy is decided on here, before
/// anything is asked of an engine.
pub(super) fn files(args: &StartArgs, project: &Project) -> Result<ProjectFiles, Failure> {
    Ok(match args.mount {
        MountArg::Project => ProjectFiles::Mounted,
        MountArg::None => ProjectFiles::Absent,
        MountArg::Volume => {
            let paths = project.copied_paths()?;
            let note = Snapshot::of_folder(project.root(), &paths)
                .and_then(|snapshot| Ok(serde_json::to_vec(&snapshot)?))
                .map_err(CommandError::Uncopied)?;
            ProjectFiles::Copied(Arc::new(ProjectCopy { paths, note }))
        }
    })
}
