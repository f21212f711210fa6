//! `renku config`: the settings of a project and of its user.

mod files;
mod of_providers;

use files::{files, first, level};

use crate::app::App;
use crate::args::{ConfigCommand, ConfigGetArgs, ConfigSetArgs, ConfigUnsetArgs};
use crate::contract::check_image_name;
use crate::error::{CommandError, Failure};
use crate::output::SettingRow;
use crate::project::{Level, SettingKey, Settings, SettingsFile, Target};
use crate::providers::{self, ProvidersError};

/// Shows or changes settings.
pub(super) fn config(app: &App, command: &ConfigCommand) -> Result<(), Failure> {
    match command {
        ConfigCommand::List(_) => list(app),
        ConfigCommand::Get(args) => get(app, args),
        ConfigCommand::Set(args) => set(app, args),
        ConfigCommand::Unset(args) => unset(app, args),
    }
}

fn list(app: &App) -> Result<(), Failure> {
    // Outside of a project there are the user's own.
    let project = app.context.project().ok();
    let settings = Settings::load(project.as_ref().map(|project| project.root()))?;
    let mut rows: Vec<SettingRow> =
        SettingKey::ALL.into_iter().map(|key| effective(&settings, key)).collect();
    rows.extend(of_providers::list(app)?);
    app.printer.settings(&rows);
    Ok(())
}

fn get(app: &App, args: &ConfigGetArgs) -> Result<(), Failure> {
    if let Some(provider) = &args.provider {
        return of_providers::get(app, provider, args);
    }
    let key = SettingKey::find(&args.key)?;
    let row = if args.global {
        users(key)?
    } else {
        let project = app.context.project().ok();
        effective(&Settings::load(project.as_ref().map(|project| project.root()))?, key)
    };
    if row.value.is_none() {
        return Err(CommandError::NotSet { key: key.name(), global: args.global }.into());
    }
    app.printer.setting(&row);
    Ok(())
}

fn set(app: &App, args: &ConfigSetArgs) -> Result<(), Failure> {
    if let Some(provider) = &args.provider {
        return of_providers::set(app, provider, args);
    }
    let key = SettingKey::find(&args.key)?;
    check(app, key, &args.value, args.global)?;
    let file = first(files(app, args.global)?)?;
    file.set(key, &args.value)?;
    let row = row(key, Some(args.value.trim().to_owned()), level(args.global), Some(&file));
    let share = if args.global { "" } else { "; commit that file to share it" };
    let message = format!(
        "Set `{}` to `{}` in `{}`{share}",
        key.name(),
        args.value.trim(),
        file.path().display()
    );
    app.printer.setting_changed(&row, &message);
    Ok(())
}

fn unset(app: &App, args: &ConfigUnsetArgs) -> Result<(), Failure> {
    if let Some(provider) = &args.provider {
        return of_providers::unset(app, provider, args);
    }
    let key = SettingKey::find(&args.key)?;
    let mut places = Vec::new();
    for file in files(app, args.global)? {
        if file.unset(key)? {
            places.push(format!("`{}`", file.path().display()));
        }
    }
    if places.is_empty() {
        return Err(CommandError::NotSet { key: key.name(), global: args.global }.into());
    }
    let message = format!("Removed `{}` from {}", key.name(), places.join(" and "));
    app.printer.setting_changed(&row(key, None, Level::Default, None), &message);
    Ok(())
}

/// What `start` would refuse later is refused now.
fn check(app: &App, key: SettingKey, value: &str, global: bool) -> Result<(), Failure> {
    key.check(value)?;
    match key {
        SettingKey::Image => check_image_name(value.trim())?,
        SettingKey::Provider => {
            if !global && providers::is_path(value) {
                return Err(ProvidersError::PathFromProject { path: value.into() }.into());
            }
            app.context.catalogue().find(value.trim())?;
        }
        _ => {}
    }
    Ok(())
}

/// The value that `start` would take, and who says so.
fn effective(settings: &Settings, key: SettingKey) -> SettingRow {
    let variable = key.variable();
    let from_environment = std::env::var(&variable).ok().filter(|value| !value.is_empty());
    let (value, level, place) = match (from_environment, settings.get(key.name())) {
        (Some(value), _) => (Some(value), Level::Environment, Some(variable)),
        (None, Some(it)) => (Some(it.value), it.level, Some(it.file.display().to_string())),
        (None, None) => (None, Level::Default, None),
    };
    SettingRow { key: key.name().to_owned(), value, level: level.as_str(), place }
}

/// The value of the user's own files.
fn users(key: SettingKey) -> Result<SettingRow, Failure> {
    for file in SettingsFile::of(Target::User) {
        if let Some(value) = file.get(key)? {
            return Ok(row(key, Some(value), Level::User, Some(&file)));
        }
    }
    Ok(row(key, None, Level::Default, None))
}

fn row(
    key: SettingKey,
    value: Option<String>,
    level: Level,
    file: Option<&SettingsFile>,
) -> SettingRow {
    let place = file.map(|file| file.path().display().to_string());
    SettingRow { key: key.name().to_owned(), value, level: level.as_str(), place }
}
