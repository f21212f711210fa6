//! Changes settings files: whole or not at all, and never more than one key.

use std::path::{Path, PathBuf};

use super::error::ProjectError;
use super::keys::{SECTION, SettingKey};
use super::settings::{PROJECT_FILE, project_file, provider_section, read_project, users};
use super::{ini, ini_edit};
use crate::files::{Lock, Locked, OwnFile, ProjectTree, lock_project};

/// Whose settings are changed.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    /// Those of the project at this root.
    Project(&'a Path),
    User,
}

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
        self.set_in(SECTION, key.name(), value)
    }

    /// Sets a key of what a provider is given, which was checked.
    ///
    /// # Errors
    ///
    /// As [`Self::set`].
    pub fn set_of_provider(&self, name: &str, key: &str, value: &str) -> Result<(), ProjectError> {
        self.set_in(&provider_section(name), key, value)
    }

    fn set_in(&self, section: &str, key: &str, value: &str) -> Result<(), ProjectError> {
        let changing = self.lock()?;
        let text = changing.read()?.unwrap_or_default();
        let changed = ini_edit::set(&text, section, &key.to_lowercase(), value.trim());
        changing.write(&changed.map_err(|bad| ProjectError::bad_line(&self.path, &bad))?)
    }

    /// Removes a value; whether there was one.
    ///
    /// # Errors
    ///
    /// As [`Self::set`].
    pub fn unset(&self, key: SettingKey) -> Result<bool, ProjectError> {
        self.unset_in(SECTION, key.name())
    }

    /// Removes a key of what a provider is given; whether there was one.
    ///
    /// # Errors
    ///
    /// As [`Self::set`].
    pub fn unset_of_provider(&self, name: &str, key: &str) -> Result<bool, ProjectError> {
        self.unset_in(&provider_section(name), key)
    }

    fn unset_in(&self, section: &str, key: &str) -> Result<bool, ProjectError> {
        // Nothing is made where there is nothing.
        if self.read()?.is_none() {
            return Ok(false);
        }
        let changing = self.lock()?;
        let Some(text) = changing.read()? else { return Ok(false) };
        let changed = ini_edit::unset(&text, section, &key.to_lowercase());
        match changed.map_err(|bad| ProjectError::bad_line(&self.path, &bad))? {
            Some(text) => changing.write(&text).map(|()| true),
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
        match &self.project {
            Some(root) => read_project(root),
            None => Ok(self.users().read()?),
        }
    }

    fn users(&self) -> OwnFile {
        OwnFile::settings(self.path.clone())
    }

    /// Waits until no other command changes it.
    fn lock(&self) -> Result<Changing, ProjectError> {
        let Some(root) = &self.project else { return Ok(Changing::Users(self.users().lock()?)) };
        let project = ProjectTree::open(root)?;
        let _lock = lock_project(&project)?;
        Ok(Changing::Projects { project, _lock })
    }
}

/// A file of settings, from reading it to writing it.
enum Changing {
    Users(Locked),
    Projects { project: ProjectTree, _lock: Lock },
}

impl Changing {
    fn read(&self) -> Result<Option<String>, ProjectError> {
        match self {
            Self::Users(file) => Ok(file.read()?),
            Self::Projects { project, .. } => read_project(project.path()),
        }
    }

    /// A new file in the place of the old one, so that nobody ever sees a part
    /// of it. Permissions stay; a link stays a link.
    fn write(&self, text: &str) -> Result<(), ProjectError> {
        match self {
            Self::Users(file) => Ok(file.write(text)?),
            Self::Projects { project, .. } => {
                Ok(project.replace(Path::new(PROJECT_FILE), text.as_bytes())?)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

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

    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("dotfiles.ini");
        fs::write(&real, "[http]\nexample.org = secret\n").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o600)).unwrap();
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
