//! From what was typed, set and configured to one request.

use std::time::Duration;

use crate::cli::app::App;
use crate::cli::args::StartArgs;
use crate::cli::error::Failure;
use crate::cli::parse::StartProvider;
use crate::cli::start::image::Candidate;
use crate::config;
use crate::domain::Resources;
use crate::project::{self, Project, Settings};
use crate::sandbox::Request;

/// How long to wait for an answer when nobody says: local, remote.
const WAIT_LOCAL: Duration = Duration::from_secs(2 * 60);
const WAIT_REMOTE: Duration = Duration::from_secs(15 * 60);

/// The settings of the project and of the user.
pub(super) fn settings(app: &App, project: &Project) -> Result<Settings, Failure> {
    let _ = app;
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
    let mut request = app.project_request()?;
    request.resources = resources(args, settings)?;
    request.config = configuration(args, provider, settings)?;
    request.options = provider.options.clone();
    request.image_is_users = candidate.is_users;
    let usual = if provider.package.manifest.remote { WAIT_REMOTE } else { WAIT_LOCAL };
    request.wait_timeout = (!args.no_wait).then(|| args.wait_timeout.unwrap_or(usual));
    Ok(request)
}

fn resources(args: &StartArgs, settings: &Settings) -> Result<Resources, Failure> {
    let value = |typed: &Option<String>, flag: &str, key: &str| match typed {
        Some(text) => Some((text.clone(), format!("--{flag}"))),
        None => settings.get(key).map(|setting| (setting.value, key.to_owned())),
    };
    let mut resources = Resources::default();
    if let Some((text, origin)) = value(&args.cpu, "cpu", "cpu_request") {
        resources.cpu = Some(project::parse_cpu(&origin, &text)?);
    }
    if let Some((text, origin)) = value(&args.memory, "memory", "mem_request") {
        resources.memory = Some(project::parse_size(&origin, &text)?);
    }
    if let Some((text, origin)) = value(&args.disk, "disk", "disk_request") {
        resources.disk = Some(project::parse_size(&origin, &text)?);
    }
    if let Some((text, origin)) = value(&args.gpu, "gpu", "gpu_request") {
        resources.gpu = project::parse_gpu(&origin, &text)?;
    }
    Ok(resources)
}

/// The file, then the provider's options that stand for one of its keys, then
/// the settings of the project.
fn configuration(
    args: &StartArgs,
    provider: &StartProvider,
    settings: &Settings,
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
    if has_default_url
        && !configuration.contains_key("default_url")
        && let Some(setting) = settings.get("default_url")
    {
        configuration.insert("default_url".into(), setting.value.into());
    }
    Ok(configuration)
}
