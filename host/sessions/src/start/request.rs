//! From what was typed, set and configured to one request.

use std::time::Duration;

use super::options::{StartOptions, Wait};
use super::start_values::StartValues;
use crate::config;
use crate::context::Context;
use crate::domain::Resources;
use crate::failure::Failure;
use crate::image::CandidateImage;
use crate::project::{self, SettingKey, Settings};
use crate::sandbox::Request;

/// How long to wait for an answer when nobody says: local, remote.
const WAIT_LOCAL: Duration = Duration::from_secs(2 * 60);
const WAIT_REMOTE: Duration = Duration::from_secs(15 * 60);

/// The request of a start: option > environment > project > user > default.
pub(super) fn of(
    context: &Context,
    options: &StartOptions,
    settings: &Settings,
    candidate: &CandidateImage,
) -> Result<Request, Failure> {
    let provider = &options.provider;
    let values = StartValues { levels: &provider.levels, settings };
    let _ = values.value(SettingKey::Provider, provider.named.as_ref());
    let _ = values.value(SettingKey::Image, options.image.image.as_ref());
    let mut request = context.project_request()?;
    request.resources = resources(options, &values)?;
    request.config = configuration(context, options, &values)?;
    values.tell_others();
    request.options = provider.options.clone();
    request.session_name = options.name.clone();
    request.image_is_users = candidate.is_users();
    request.images = candidate.options();
    let usual = if provider.file.manifest.remote { WAIT_REMOTE } else { WAIT_LOCAL };
    request.wait_timeout = match options.wait {
        Wait::Usual => Some(usual),
        Wait::For(time) => Some(time),
        Wait::Not => None,
    };
    Ok(request)
}

fn resources(options: &StartOptions, values: &StartValues<'_>) -> Result<Resources, Failure> {
    let mut resources = Resources::default();
    if let Some(value) = values.value(SettingKey::Cpu, options.cpu.as_ref()) {
        resources.cpu = Some(value.parse(project::parse_cpu)?);
    }
    if let Some(value) = values.value(SettingKey::Memory, options.memory.as_ref()) {
        resources.memory = Some(value.parse(project::parse_size)?);
    }
    if let Some(value) = values.value(SettingKey::Disk, options.disk.as_ref()) {
        resources.disk = Some(value.parse(project::parse_size)?);
    }
    if let Some(value) = values.value(SettingKey::Gpu, options.gpu.as_ref()) {
        resources.gpu = value.parse(project::parse_gpu)?;
    }
    Ok(resources)
}

/// What was set for the provider and the file, then the provider's options that stand for
/// one of its keys, then the settings of the project.
fn configuration(
    context: &Context,
    options: &StartOptions,
    values: &StartValues<'_>,
) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
    let provider = &options.provider;
    let manifest = &provider.file.manifest;
    let mut configuration = context.configuration_of(&provider.file, options.config.as_deref())?;
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
        let setting = values.value(SettingKey::DefaultUrl, None);
        configuration.extend(setting.map(|it| ("default_url".to_owned(), it.text.into())));
    } else if let Some(serde_json::Value::String(path)) = configuration.get("default_url") {
        tracing::info!(
            "default-url: `{path}`, from {}",
            match provider.options.contains_key("default-url") {
                true => "the command line or the environment",
                false => "the file after `--config`, or the settings of the provider",
            }
        );
    }
    Ok(configuration)
}
