//! What was typed for the engine, in `docker run`'s words, and what the user set for all
//! projects.

use super::error::StartError;
use super::options::StartOptions;
use super::provider::TypedOption;
use crate::context::Context;
use crate::contract::{Caller, EngineOptions, GivenIn, engine_option};
use crate::domain::Resources;
use crate::failure::Failure;
use crate::project;
use crate::providers::ProviderFile;
use crate::sandbox::Capability;

/// The section of the user's own settings that holds them.
const SECTION: &str = "containers";

/// Reads and checks what was typed, before anything runs.
///
/// # Errors
///
/// Which option is wrong and how it is written; an option for a provider that
/// starts no containers.
pub(super) fn read(
    context: &Context,
    wanted: &StartOptions,
    resources: &Resources,
) -> Result<EngineOptions, Failure> {
    let provider = &wanted.provider;
    let file = &provider.file;
    let mut options = EngineOptions::new(wanted.best_effort, wanted.image.image.clone());
    if let (Some(typed), false) = (provider.engine.first(), starts_containers(file)) {
        let option = typed.option.name;
        let (provider, instead) = (file.shown(), instead(file, option));
        return Err(StartError::NoEngine { option, provider, instead }.into());
    }
    let variable = |name: &str| std::env::var(name).ok();
    let around = Caller {
        directory: context.directory()?,
        home: crate::files::directories::home(),
        variable: &variable,
        local_engine: context.engines().sees_our_files(),
    };
    if starts_containers(file) {
        set_from_settings(&mut options, &provider.engine, &around)?;
    }
    for TypedOption { option, value, variable } in &provider.engine {
        let given_in = variable.as_deref().map_or(GivenIn::CommandLine, GivenIn::Variable);
        options.set(option, value, given_in, &around)?;
    }
    options.check_together(resources)?;
    Ok(options)
}

/// What the user set for all projects in their own settings, and did not type:
/// `shm_size = 2g` for `--shm-size 2g`, several values as lines.
fn set_from_settings(
    options: &mut EngineOptions,
    typed: &[TypedOption],
    around: &Caller<'_>,
) -> Result<(), Failure> {
    for (key, value, file) in project::users_section(SECTION)? {
        let file = file.display().to_string();
        let Some(option) = engine_option(&key.replace('_', "-")) else {
            return Err(StartError::UnknownEngineSetting { key, file }.into());
        };
        if typed.iter().any(|typed| typed.option.name == option.name) {
            continue;
        }
        match option.value {
            None if ["false", "no", "off", "0"].contains(&value.as_str()) => {}
            None => options.set(option, "", GivenIn::File(&file), around)?,
            Some(_) => {
                for value in value.lines().filter(|line| !line.trim().is_empty()) {
                    options.set(option, value, GivenIn::File(&file), around)?;
                }
            }
        }
    }
    Ok(())
}

/// Where a provider without containers has variables: as a key of its configuration.
fn instead(file: &ProviderFile, option: &str) -> Option<String> {
    let schema = file.manifest.config.as_ref()?;
    let has_variables = schema.pointer("/properties/environment").is_some();
    (has_variables && ["env", "env-file"].contains(&option)).then(|| {
        format!("write the variable below `environment:` in a file, and name it with `--config` instead of `--{option}`")
    })
}

fn starts_containers(file: &ProviderFile) -> bool {
    file.sections.capabilities().contains(&Capability::Containers)
}
