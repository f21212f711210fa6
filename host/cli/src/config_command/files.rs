//! Which files of settings a command changes.

use crate::app::App;
use crate::error::{CommandError, Failure};
use crate::files::directories::NoHome;
use crate::project::{Level, SettingsFile, Target};
use crate::sessions::with_a_way_out;

pub(super) fn level(global: bool) -> Level {
    if global { Level::User } else { Level::Project }
}

pub(super) fn files(app: &App, global: bool) -> Result<Vec<SettingsFile>, Failure> {
    if global {
        return Ok(SettingsFile::of(Target::User));
    }
    let project = app.context.project().map_err(|failure| with_a_way_out(failure, "--global"))?;
    Ok(SettingsFile::of(Target::Project(project.root())))
}

pub(super) fn first(files: Vec<SettingsFile>) -> Result<SettingsFile, Failure> {
    files.into_iter().next().ok_or_else(|| CommandError::NoHome(NoHome::reason()).into())
}
