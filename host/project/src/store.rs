//! Changes settings files: whole or not at all, and never more than one key.

use std::fs::{self, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::error::ProjectError;
use super::keys::{SECTION, SettingKey};
use super::settings::{PROJECT_FILE, project_file, read_file, read_project, users};
use super::{ini, ini_edit};
use crate::files::ProjectTree;

/// Whose settings are changed.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    /// Those of the project at this root.
    Project(&'a Path),
    /// Those of the user.
    User,
}

/// A file of settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsFile {
    path: PathBuf,
    /// The root of the project that it belongs to: it is read and written below that.
    project: Option<PathBuf>,
}

impl SettingsFile {
    /// The files of a target, the strongest first; values are set in that one.
    #[must_use]
    pub fn of(target: Target<'_>) -> Vec<Self> {
        match target {
            Target::Project(root) => {
                vec![Self { path: project_file(root), project: Some(root.to_owned()) }]
            }
            Target::User => users().into_iter().map(|path| Self { path, project: None }).collect(),
        }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Sets a value, which was checked. Makes the file and its folder.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, understood or written.
    pub fn set(&self, key: SettingKey, value: &str) -> Result<(), ProjectError> {
        let text = self.read()?.unwrap_or_default();
        let changed = ini_edit::set(&text, SECTION, key.name(), value.trim());
        self.write(&changed.map_err(|bad| ProjectError::bad_line(&self.path, &bad))?)
    }

    /// Removes a value; whether there was one.
    ///
    /// # Errors
    ///
    /// As [`Self::set`].
    pub fn unset(&self, key: SettingKey) -> Result<bool, ProjectError> {
        let Some(text) = self.read()? else { return Ok(false) };
        let changed = ini_edit::unset(&text, SECTION, key.name());
        match changed.map_err(|bad| ProjectError::bad_line(&self.path, &bad))? {
            Some(text) => self.write(&text).map(|()| true),
            None => Ok(false),
        }
    }

    /// What it says about a key; none when it does not, or is not there.
    ///
    /// # Errors
    ///
    /// When it cannot be read or understood.
    pub fn get(&self, key: SettingKey) -> Result<Option<String>, ProjectError> {
        let Some(text) = self.read()? else { return Ok(None) };
        let layout =
            ini::layout(&text, SECTION).map_err(|bad| ProjectError::bad_line(&self.path, &bad))?;
        let entry = layout.entries.into_iter().rev().find(|entry| entry.key == key.name());
        Ok(entry.map(|entry| entry.value).filter(|value| !value.is_empty()))
    }

    fn read(&self) -> Result<Option<String>, ProjectError> {
        self.project.as_deref().map_or_else(|| read_file(&self.path), read_project)
    }

    /// A new file in the place of the old one, so that nobody ever sees a part
    /// of it. Permissions stay; a link stays a link.
    fn write(&self, text: &str) -> Result<(), ProjectError> {
        if let Some(root) = &self.project {
            return Ok(ProjectTree::open(root)?.replace(Path::new(PROJECT_FILE), text.as_bytes())?);
        }
        let attempt = || -> io::Result<()> {
            if let Some(folder) = self.path.parent() {
                fs::create_dir_all(folder)?;
            }
            let file = real(&self.path)?;
            let folder = file.parent().ok_or(io::ErrorKind::NotFound)?;
            let mut new = tempfile::NamedTempFile::new_in(folder)?;
            new.write_all(text.as_bytes())?;
            new.as_file().set_permissions(permissions(&file)?)?;
            new.as_file().sync_all()?;
            new.persist(&file).map_err(|error| error.error)?;
            Ok(())
        };
        attempt().map_err(|source| ProjectError::Unwritable { file: self.path.clone(), source })
    }
}

/// The file without links; its folder exists.
fn real(path: &Path) -> io::Result<PathBuf> {
    match (fs::canonicalize(path), path.parent(), path.file_name()) {
        (Err(error), Some(folder), Some(name)) if error.kind() == io::ErrorKind::NotFound => {
            Ok(fs::canonicalize(folder)?.join(name))
        }
        (found, _, _) => found,
    }
}

/// Those of the file, or of any new one.
fn permissions(file: &Path) -> io::Result<Permissions> {
    match fs::metadata(file) {
        Ok(metadata) => Ok(metadata.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => usual(),
        Err(error) => Err(error),
    }
}

/// Temporary files are made for their owner alone; settings may be read.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
fn usual() -> io::Result<Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn usual() -> io::Result<Permissions> {
    Ok(fs::metadata(std::env::temp_dir())?.permissions())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_with_its_folder_and_changed_in_place() {
        let folder = tempfile::tempdir().unwrap();
        let [file] = SettingsFile::of(Target::Project(folder.path())).try_into().unwrap();
        assert_eq!(file.get(SettingKey::Image).unwrap(), None);
        assert!(!file.unset(SettingKey::Image).unwrap());
        file.set(SettingKey::Image, " a ").unwrap();
        assert_eq!(file.get(SettingKey::Image).unwrap().as_deref(), Some("a"));
        file.set(SettingKey::Cpu, "2").unwrap();
        assert!(file.unset(SettingKey::Image).unwrap());
        assert_eq!(fs::read_to_string(file.path()).unwrap(), "[interactive]\ncpu_request = 2\n");
        // Nothing else is left in the folder.
        assert_eq!(fs::read_dir(file.path().parent().unwrap()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("dotfiles.ini");
        fs::write(&real, "[http]\nexample.org = secret\n").unwrap();
        fs::set_permissions(&real, Permissions::from_mode(0o600)).unwrap();
        let link = folder.path().join("renku.ini");
        std::os::unix::fs::symlink(&real, &link).unwrap();
        SettingsFile { path: link.clone(), project: None }.set(SettingKey::Image, "a").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(
            fs::read_to_string(&real).unwrap(),
            "[http]\nexample.org = secret\n\n[interactive]\nimage = a\n"
        );
        // The same link in a project changes nothing.
        let project = folder.path().join("project");
        fs::create_dir_all(project.join(".renku")).unwrap();
        std::os::unix::fs::symlink(&real, project.join(".renku/renku.ini")).unwrap();
        let [inside] = SettingsFile::of(Target::Project(&project)).try_into().unwrap();
        assert!(inside.get(SettingKey::Image).is_err());
        assert!(inside.set(SettingKey::Image, "b").is_err());
        assert!(fs::read_to_string(&real).unwrap().contains("image = a"));
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".renku"), "").unwrap();
        let [file] = SettingsFile::of(Target::Project(folder.path())).try_into().unwrap();
        let error = file.set(SettingKey::Image, "a").unwrap_err();
        assert!(error.to_string().ends_with("/.renku/renku.ini` cannot be written"), "{error}");
    }
}
