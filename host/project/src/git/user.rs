//! What the user has set for all their repositories. That stays as it is: git reads it
//! itself. Only what is set for *some* repositories, by where they are (`includeIf "gitdir:…"`),
//! would not count for a copy that is elsewhere: it is asked for by the real place, and
//! written down for the copy.

use std::path::{Path, PathBuf};

use super::layout::Repository;
use super::private::Private;
use super::run;
use super::syntax::{self, GitSetting};
use crate::error::ProjectError;

/// More than any file of settings holds.
const SETTINGS_BYTES: u64 = 1024 * 1024;

/// What counts for a repository when it is more than what counts everywhere: a file in its
/// copy, to be read instead of the user's own.
///
/// # Errors
///
/// When it cannot be asked for.
pub(super) fn settings_of(
    repository: &Repository,
    private: &Private,
) -> Result<Option<PathBuf>, ProjectError> {
    if !files().iter().any(|file| has_conditions(file)) {
        return Ok(None);
    }
    // Conditions are about the folder of the repository; its settings are of the copy.
    let mut command = run::command(repository.root());
    command.env("GIT_DIR", repository.own().1).env("GIT_COMMON_DIR", private.path());
    command.env("GIT_OBJECT_DIRECTORY", repository.objects());
    command.args(["config", "--list", "--null", "--show-scope"]);
    let answer = run::run(&mut command)?;
    if !answer.success {
        tracing::debug!("git does not report its user's settings for this repository");
        return Ok(None);
    }
    let mut text = String::new();
    let listed = String::from_utf8_lossy(&answer.stdout);
    let mut fields = listed.split_terminator('\0');
    while let (Some(scope), Some(setting)) = (fields.next(), fields.next()) {
        // What was included is in the list itself.
        if let Some(entry) = entry(setting).filter(|entry| !entry.section.starts_with("include"))
            && matches!(scope, "system" | "global")
        {
            syntax::write(&mut text, &entry);
        }
    }
    private.write("user", text.as_bytes())?;
    Ok(Some(private.path().join("user")))
}

/// `section.sub.section.name LF value`, or without a value.
fn entry(setting: &str) -> Option<GitSetting> {
    let (key, value) = match setting.split_once('\n') {
        Some((key, value)) => (key, Some(value.to_owned())),
        None => (setting, None),
    };
    let (section, rest) = key.split_once('.')?;
    let (subsection, name) = match rest.rsplit_once('.') {
        Some((sub, name)) => (Some(sub.to_owned()), name),
        None => (None, rest),
    };
    Some(GitSetting { section: section.to_owned(), subsection, name: name.to_owned(), value })
}

/// The files of the user and of this computer (git-config(1), FILES).
fn files() -> Vec<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let mut files = vec![variable("GIT_CONFIG_SYSTEM").unwrap_or("/etc/gitconfig".into()).into()];
    if let Some(own) = variable("GIT_CONFIG_GLOBAL") {
        files.push(own.into());
        return files;
    }
    if let Some(home) = crate::files::directories::home() {
        let folder =
            variable("XDG_CONFIG_HOME").map_or_else(|| home.join(".config"), PathBuf::from);
        files.extend([folder.join("git/config"), home.join(".gitconfig")]);
    }
    files
}

/// Whether a file takes in another one, perhaps on a condition. Almost none does, and then
/// git need not be asked.
fn has_conditions(file: &Path) -> bool {
    let text = crate::files::read(file, SETTINGS_BYTES).ok().flatten().unwrap_or_default();
    text.to_ascii_lowercase().windows(8).any(|word| word == b"[include")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_taken_apart_as_git_puts_them_together() {
        let parts = |setting: &str| {
            let entry = entry(setting).unwrap();
            (entry.section, entry.subsection, entry.name, entry.value)
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            parts("url.https://a.b/.insteadof\nx\ny"),
            ("url".into(), text("https://a.b/"), "insteadof".into(), text("x\ny"))
        );
        assert_eq!(parts("user.name\nJane"), ("user".into(), None, "name".into(), text("Jane")));
        assert_eq!(parts("core.bare"), ("core".into(), None, "bare".into(), None));
        assert_eq!(entry("none"), None);
    }

    #[test]
    fn only_who_takes_in_other_files_is_asked() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let write = |text: &str| std::fs::write(file.path(), text).unwrap();
        write("[user]\nname = include\n");
        assert!(!has_conditions(file.path()));
        write("[IncludeIf \"gitdir:~/work/\"]\npath = x\n");
        assert!(has_conditions(file.path()));
        assert!(!has_conditions(Path::new("/does/not/exist")));
    }
}
