//! What a project and its user have set once and for all, and which of them
//! wins.
//!
//! Read from the section `[interactive]` of `<root>/.renku/renku.ini` and of the
//! user's own file. The keys are those of the Python `renku`, and `provider`:
//! `default_url cpu_request mem_request disk_request gpu_request image`. `keys`
//! has them all, `store` changes them.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use super::error::ProjectError;
use super::{ini, keys};
use crate::files::{OwnFile, ProjectTree, directories};

/// Where a project's settings are, below its root.
pub(super) const PROJECT_FILE: &str = ".renku/renku.ini";

/// More than any settings file needs; a project's file is not to be trusted.
const FILE_BYTES: u64 = 1024 * 1024;

/// Where a value comes from, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Typed on the command line.
    Option,
    /// A variable `RENKU_SESSION_…`.
    Environment,
    /// The project's file.
    Project,
    /// The user's file.
    User,
    /// The file of the computer's administrator.
    System,
    /// Nobody set it.
    Default,
}

impl Level {
    /// One word for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Option => "option",
            Self::Environment => "environment",
            Self::Project => "project",
            Self::User => "user",
            Self::System => "system",
            Self::Default => "default",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Option => "the command line",
            Self::Environment => "the environment",
            Self::Project => "the project's settings",
            Self::User => "your settings",
            Self::System => "the settings of this computer",
            Self::Default => "the default",
        })
    }
}

/// A value, and who set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// As it stands in the file, without the blanks around it.
    pub value: String,
    /// [`Level::Project`], [`Level::User`] or [`Level::System`].
    pub level: Level,
    pub file: PathBuf,
}

/// The settings that apply to a project.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// By file, the strongest first.
    files: Vec<(Level, PathBuf, Vec<ini::IniSetting>)>,
}

impl Settings {
    /// Reads the settings of the project at `root`, if there is one, and of the
    /// user: `$RENKU_CONFIG_DIR/renku.ini`, else `$XDG_CONFIG_HOME/renku/renku.ini`
    /// (`~/.config` when that is not set), and behind it `~/.renku/renku.ini`. Last comes
    /// what the administrator of the computer set: `/etc/xdg/renku/renku.ini`. A file that
    /// does not exist is no error.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or understood.
    pub fn load(root: Option<&Path>) -> Result<Self, ProjectError> {
        Self::section(root, keys::SECTION)
    }

    /// The same for what was set for one provider: the section `[provider NAME]`.
    ///
    /// # Errors
    ///
    /// As [`Self::load`].
    pub fn of_provider(root: Option<&Path>, name: &str) -> Result<Self, ProjectError> {
        Self::section(root, &provider_section(name))
    }

    fn section(root: Option<&Path>, section: &str) -> Result<Self, ProjectError> {
        Self::read(root, own_files(), section)
    }

    fn read(
        root: Option<&Path>,
        own: Vec<(Level, PathBuf)>,
        section: &str,
    ) -> Result<Self, ProjectError> {
        let mut files = Vec::new();
        for (level, file, text) in texts(root, own) {
            if let Some(text) = text? {
                let layout = ini::layout(&text, section)
                    .map_err(|bad| ProjectError::bad_line(&file, &bad))?;
                files.push((level, file, layout.entries));
            }
        }
        Ok(Self { files })
    }

    /// Everything that is set here, the weakest first, so that a later one of the same key
    /// wins.
    pub fn all(&self) -> impl Iterator<Item = (&str, Setting)> {
        self.files.iter().rev().flat_map(|(level, file, entries)| {
            entries.iter().filter(|entry| !entry.value.is_empty()).map(|entry| {
                let (value, file) = (entry.value.clone(), file.clone());
                (entry.key.as_str(), Setting { value, level: *level, file })
            })
        })
    }

    /// The value of `key` that wins. An empty value is none, so that a file can
    /// list a key without setting it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Setting> {
        self.files.iter().find_map(|(level, file, entries)| {
            let entry = entries.iter().rev().find(|entry| entry.key == key)?;
            (!entry.value.is_empty()).then(|| Setting {
                value: entry.value.clone(),
                level: *level,
                file: file.clone(),
            })
        })
    }
}

/// The settings file of the project at `root`.
pub(super) fn project_file(root: &Path) -> PathBuf {
    root.join(PROJECT_FILE)
}

/// The names of the providers for which something is set.
///
/// # Errors
///
/// When a file cannot be read.
pub fn providers_with_settings(root: Option<&Path>) -> Result<BTreeSet<String>, ProjectError> {
    let mut names = BTreeSet::new();
    for (_, _, text) in texts(root, own_files()) {
        let text = text?.unwrap_or_default();
        let sections = ini::sections(&text);
        names.extend(
            sections.filter_map(|it| Some(it.strip_prefix("provider ")?.trim().to_owned())),
        );
    }
    Ok(names)
}

/// The section of what is set for a provider.
pub(super) fn provider_section(name: &str) -> String {
    format!("provider {name}")
}

/// What the files say, the strongest first.
fn texts(
    root: Option<&Path>,
    own: Vec<(Level, PathBuf)>,
) -> impl Iterator<Item = (Level, PathBuf, Result<Option<String>, ProjectError>)> {
    let project = root.map(|root| (Level::Project, project_file(root), read_project(root)));
    let own = own.into_iter().map(|(level, file)| {
        let read = read_users(&file);
        (level, file, read)
    });
    project.into_iter().chain(own)
}

/// The files that no project writes: those of the user, then those of the computer.
fn own_files() -> Vec<(Level, PathBuf)> {
    let system = directories::system_configuration().into_iter();
    let system = system.map(|folder| (Level::System, folder.join("renku.ini")));
    users().into_iter().map(|file| (Level::User, file)).chain(system).collect()
}

/// The files of this user, the strongest first.
pub(super) fn users() -> Vec<PathBuf> {
    let old = directories::home().map(|home| home.join(".renku"));
    let folders = directories::configuration().into_iter().chain(old);
    folders.map(|folder| folder.join("renku.ini")).collect()
}

/// A section of the settings of the user, and behind them of the computer, whatever the
/// project: key, value and file. A key that a stronger file has comes from there alone.
///
/// # Errors
///
/// When a file cannot be read or understood, or somebody else could have written it.
pub fn users_section(name: &str) -> Result<Vec<(String, String, PathBuf)>, ProjectError> {
    let mut found: Vec<(String, String, PathBuf)> = Vec::new();
    for (_, file) in own_files() {
        let Some(text) = read_users(&file)? else { continue };
        let layout = ini::layout(&text, name).map_err(|bad| ProjectError::bad_line(&file, &bad))?;
        let known: Vec<String> = found.iter().map(|(key, _, _)| key.clone()).collect();
        found.extend(
            layout
                .entries
                .into_iter()
                .filter(|entry| !known.contains(&entry.key) && !entry.value.is_empty())
                .map(|entry| (entry.key, entry.value, file.clone())),
        );
    }
    Ok(found)
}

/// The settings file of the project at `root`; none when there is none.
pub(super) fn read_project(root: &Path) -> Result<Option<String>, ProjectError> {
    Ok(ProjectTree::text_of(root, Path::new(PROJECT_FILE), FILE_BYTES)?)
}

/// A settings file of the user's; none when there is none. It can name a provider or
/// an image, so nobody else may have written it.
pub(super) fn read_users(path: &Path) -> Result<Option<String>, ProjectError> {
    Ok(OwnFile::settings(path.to_owned()).read()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Diagnostic as _;

    struct Files(tempfile::TempDir);

    impl Files {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn write(&self, name: &str, text: &str) -> &Self {
            let file = self.path(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
            self
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn settings(&self) -> Result<Settings, ProjectError> {
            let own =
                [(Level::User, "xdg.ini"), (Level::User, "old.ini"), (Level::System, "system.ini")];
            let own = own.map(|(level, file)| (level, self.path(file)));
            Settings::read(Some(&self.path("project")), own.into(), keys::SECTION)
        }
    }

    #[test]
    fn the_project_wins_over_the_user_key_by_key() {
        let files = Files::new();
        files
            .write("project/.renku/renku.ini", "[interactive]\ndefault_url = /rstudio\nimage =\n")
            .write("xdg.ini", "[interactive]\ndefault_url = /tree\nimage = mine\n")
            .write("old.ini", "[renku \"interactive\"]\nimage = older\ncpu_request = 2\n")
            .write("system.ini", "[interactive]\ncpu_request = 1\ngpu_request = 0\n");
        let settings = files.settings().unwrap();
        let setting = |value: &str, level, file: &str| {
            Some(Setting { value: value.to_owned(), level, file: files.path(file) })
        };
        assert_eq!(
            settings.get("default_url"),
            setting("/rstudio", Level::Project, "project/.renku/renku.ini")
        );
        assert_eq!(settings.get("image"), setting("mine", Level::User, "xdg.ini"));
        assert_eq!(settings.get("cpu_request"), setting("2", Level::User, "old.ini"));
        assert_eq!(settings.get("gpu_request"), setting("0", Level::System, "system.ini"));
        assert_eq!(settings.get("mem_request"), None);
    }

    #[test]
    fn without_files_nothing_is_set() {
        assert_eq!(Files::new().settings().unwrap().get("image"), None);
    }

    #[test]
    fn a_broken_file_is_named_with_its_line() {
        let files = Files::new();
        files.write("xdg.ini", "[interactive]\nimage\n");
        let error = files.settings().unwrap_err();
        let file = files.path("xdg.ini");
        assert_eq!(
            error.to_string(),
            format!("`{}`, line 2: this is not `key = value`", file.display())
        );
        assert_eq!(
            error.hint().unwrap(),
            format!("write `key = value` under `[interactive]` in `{}`", file.display())
        );
    }

    #[test]
    fn settings_of_the_user_that_others_can_write_are_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let files = Files::new();
        let open = |name: &str| {
            files.write(name, "[interactive]\nimage = a\n");
            let open = std::fs::Permissions::from_mode(0o666);
            std::fs::set_permissions(files.path(name), open).unwrap();
        };
        // A project is a stranger anyway.
        open("project/.renku/renku.ini");
        assert!(files.settings().is_ok());
        open("xdg.ini");
        let error = files.settings().unwrap_err();
        let path = files.path("xdg.ini");
        assert_eq!(
            error.hint().unwrap(),
            format!("check its contents, then run `chmod go-w {}`", path.display())
        );
    }

    #[test]
    fn a_folder_in_the_place_of_settings_is_named_as_that() {
        let files = Files::new();
        std::fs::create_dir_all(files.path("project/.renku/renku.ini")).unwrap();
        let error = files.settings().unwrap_err();
        assert!(error.to_string().ends_with("` is a folder, not a file"), "{error}");
        assert!(error.hint().unwrap().starts_with("`mv "), "{:?}", error.hint());
    }

    #[test]
    fn levels_are_ordered_by_strength() {
        let strongest_first = [
            Level::Option,
            Level::Environment,
            Level::Project,
            Level::User,
            Level::System,
            Level::Default,
        ];
        let mut levels = strongest_first;
        levels.reverse();
        levels.sort();
        assert_eq!(levels, strongest_first);
    }
}
