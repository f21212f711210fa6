//! `renku config --provider NAME`: what a provider is configured with, whatever the command.

use super::files::{files, first, level};
use crate::app::App;
use crate::args::{ConfigGetArgs, ConfigSetArgs, ConfigUnsetArgs};
use crate::config;
use crate::error::{CommandError, Failure};
use crate::output::SettingRow;
use crate::project::{Level, Settings, providers_with_settings};

/// Everything that is set for providers.
pub(super) fn list(app: &App) -> Result<Vec<SettingRow>, Failure> {
    let project = app.context.project().ok();
    let root = project.as_ref().map(|project| project.root());
    let mut rows: Vec<SettingRow> = Vec::new();
    for name in providers_with_settings(root)? {
        for (key, setting) in Settings::of_provider(root, &name)?.all() {
            let row = SettingRow {
                key: shown(&name, key),
                value: Some(setting.value),
                level: setting.level.as_str(),
                place: Some(setting.file.display().to_string()),
            };
            // A stronger one comes later.
            rows.retain(|weaker| weaker.key != row.key);
            rows.push(row);
        }
    }
    Ok(rows)
}

/// What is in force, or with `--global` what the user's own files say.
pub(super) fn get(app: &App, provider: &str, args: &ConfigGetArgs) -> Result<(), Failure> {
    let project = app.context.project().ok().filter(|_| !args.global);
    let root = project.as_ref().map(|project| project.root());
    let settings = Settings::of_provider(root, provider)?;
    let found = settings.get(&args.key.to_lowercase());
    let found = found.filter(|it| !args.global || it.level == Level::User);
    let Some(setting) = found else { return Err(not_set(provider, &args.key, args.global)) };
    app.printer.setting(&SettingRow {
        key: shown(provider, &args.key),
        value: Some(setting.value),
        level: setting.level.as_str(),
        place: Some(setting.file.display().to_string()),
    });
    Ok(())
}

/// Sets a key that the provider knows to a value that it takes.
pub(super) fn set(app: &App, provider: &str, args: &ConfigSetArgs) -> Result<(), Failure> {
    let package = app.context.catalogue().find(provider)?;
    let schema = package.manifest.config.as_ref();
    let (key, _) = config::setting(schema, &args.key, args.value.trim(), &args.key)?;
    if !args.global && !package.manifest.project_keys.contains(&key) {
        let provider = provider.to_owned();
        return Err(CommandError::NotForAProject { provider, key }.into());
    }
    let file = first(files(app, args.global)?)?;
    file.set_of_provider(provider, &key, &args.value)?;
    let place = file.path().display().to_string();
    let value = args.value.trim();
    let message = format!("Set `{key}` of the provider `{provider}` to `{value}` in `{place}`");
    let row = SettingRow {
        key: shown(provider, &key),
        value: Some(value.to_owned()),
        level: level(args.global).as_str(),
        place: Some(place),
    };
    app.printer.setting_changed(&row, &message);
    Ok(())
}

/// Removes a key from the project's settings, or the user's.
pub(super) fn unset(app: &App, provider: &str, args: &ConfigUnsetArgs) -> Result<(), Failure> {
    let mut places = Vec::new();
    for file in files(app, args.global)? {
        if file.unset_of_provider(provider, &args.key)? {
            places.push(format!("`{}`", file.path().display()));
        }
    }
    if places.is_empty() {
        return Err(not_set(provider, &args.key, args.global));
    }
    let (key, places) = (&args.key, places.join(" and "));
    let message = format!("Removed `{key}` of the provider `{provider}` from {places}");
    let level = Level::Default.as_str();
    let row = SettingRow { key: shown(provider, key), value: None, level, place: None };
    app.printer.setting_changed(&row, &message);
    Ok(())
}

fn shown(provider: &str, key: &str) -> String {
    format!("{provider}: {key}")
}

fn not_set(provider: &str, key: &str, global: bool) -> Failure {
    let (provider, key) = (provider.to_owned(), key.to_owned());
    CommandError::NotSetForProvider { provider, key, global }.into()
}
