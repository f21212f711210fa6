//! How programs of this computer are started: git, ssh, browsers, credential helpers.
//!
//! We stand in a project, and a project is a stranger. So a program is never looked for in
//! it, does not begin in it, and none gets what is secret in our own environment.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// How the variables begin that this program reads secrets from, and no other program gets:
/// `RENKU_CLI_ACCESS_TOKEN`, `RENKU_SIGNING_PASSWORD`, and every option that can be given in
/// the environment, such as `RENKU_SESSION_START_ENV`. (A variable that `origin add
/// --secret-env` names is read by a command that starts no program.)
const SECRETS: &str = "RENKU_";

/// A folder that only root could make, so that nothing is found there.
const NOWHERE: &str = "/nonexistent";

/// A program by its name, or by a path that the user chose. It begins in `/`, and what it
/// starts itself is not looked for in the project, either.
#[must_use]
pub fn program(name: &str) -> Command {
    let search = std::env::var_os("PATH").unwrap_or_default();
    let mut command = looked_for(name, &search, project_around().as_deref());
    for variable in secrets(std::env::vars_os().map(|(variable, _)| variable)) {
        command.env_remove(variable);
    }
    command.current_dir("/");
    command
}

/// Makes a command that somebody else put together one of ours.
#[must_use]
pub fn tamed(other: &Command) -> Command {
    let mut command = program(&other.get_program().to_string_lossy());
    command.args(other.get_args());
    for (variable, value) in other.get_envs() {
        match value {
            Some(value) => command.env(variable, value),
            None => command.env_remove(variable),
        };
    }
    command
}

/// Those of some variables that no other program gets.
fn secrets(variables: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    variables.filter(|variable| variable.as_encoded_bytes().starts_with(SECRETS.as_bytes()))
}

fn looked_for(name: &str, search: &OsStr, project: Option<&Path>) -> Command {
    let folders = trusted(search, project);
    let found = if name.contains('/') {
        std::path::absolute(name).ok()
    } else {
        folders.iter().map(|folder| folder.join(name)).find(|path| is_program(path, project))
    };
    match found {
        Some(path) => {
            let mut command = Command::new(path);
            // Only where it differs: a command with a path of its own starts slower.
            let joined = std::env::join_paths(&folders).unwrap_or_default();
            if joined != search {
                command.env("PATH", joined);
            }
            command
        }
        None => {
            let mut command = Command::new(name);
            command.env("PATH", NOWHERE);
            command
        }
    }
}

/// The folders of a `PATH` that the project does not write to: a relative one is a folder
/// of wherever we stand.
fn trusted(search: &OsStr, project: Option<&Path>) -> Vec<PathBuf> {
    let folders = std::env::split_paths(search).filter(|folder| folder.is_absolute());
    folders.filter(|folder| !is_inside(folder, project)).collect()
}

fn is_program(path: &Path, project: Option<&Path>) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let runs = |path: &Path| {
        path.metadata()
            .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
    };
    runs(path) && !is_inside(path, project)
}

/// Once links are followed; what is not there is nowhere.
fn is_inside(path: &Path, project: Option<&Path>) -> bool {
    project.is_some_and(|project| {
        path.canonicalize().is_ok_and(|path| path.starts_with(project)) || path.starts_with(project)
    })
}

/// The folder of the project that we stand in: the nearest one with a `.git`.
fn project_around() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?.canonicalize().ok()?;
    let found = here.ancestors().find(|folder| folder.join(".git").symlink_metadata().is_ok());
    found.map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    /// A project with a program in it, and one beside it.
    fn ground() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().canonicalize().unwrap();
        let (project, outside) = (real.join("project"), real.join("outside"));
        for bin in [project.join(".venv/bin"), outside.clone()] {
            std::fs::create_dir_all(&bin).unwrap();
            std::fs::write(bin.join("tool"), "#!/bin/sh\n").unwrap();
            std::fs::set_permissions(bin.join("tool"), std::fs::Permissions::from_mode(0o755))
                .unwrap();
        }
        (folder, project, outside)
    }

    fn path(folders: &[&Path]) -> OsString {
        std::env::join_paths(folders).unwrap()
    }

    #[test]
    fn a_program_of_the_project_is_passed_by() {
        let (_folder, project, outside) = ground();
        symlink(project.join(".venv/bin"), outside.join("linked")).unwrap();
        let inner = project.join(".venv/bin");
        let linked = outside.join("linked");
        let search = path(&[Path::new("."), Path::new(""), &inner, &linked, &outside]);
        let command = looked_for("tool", &search, Some(&project));
        assert_eq!(command.get_program(), outside.join("tool"));
        // Nor does what it starts find it there.
        let given: Vec<_> = command.get_envs().collect();
        assert_eq!(given, [(OsStr::new("PATH"), Some(outside.as_os_str()))]);
    }

    #[test]
    fn a_link_to_a_program_of_the_project_is_one() {
        let (_folder, project, outside) = ground();
        symlink(project.join(".venv/bin/tool"), outside.join("other")).unwrap();
        let mut command = looked_for("other", &path(&[&outside]), Some(&project));
        assert_eq!(command.spawn().unwrap_err().kind(), std::io::ErrorKind::NotFound);
        // Where there is no project it is a program like any other.
        let command = looked_for("other", &path(&[&outside]), None);
        assert_eq!(command.get_program(), outside.join("other"));
        assert_eq!(command.get_envs().count(), 0);
    }

    #[test]
    fn what_is_nowhere_is_not_found_where_we_stand() {
        let mut command = looked_for("tool-of-nobody", OsStr::new(""), None);
        assert_eq!(command.spawn().unwrap_err().kind(), std::io::ErrorKind::NotFound);
    }

    #[test]
    fn no_program_begins_in_the_project_or_gets_a_secret() {
        assert_eq!(program("sh").get_current_dir(), Some(Path::new("/")));
        let all = ["HOME", "RENKU_CLI_ACCESS_TOKEN", "GIT_ASKPASS", "RENKU_SIGNING_PASSWORD"];
        let kept: Vec<_> = secrets(all.into_iter().map(OsString::from)).collect();
        assert_eq!(kept, ["RENKU_CLI_ACCESS_TOKEN", "RENKU_SIGNING_PASSWORD"]);
    }

    #[test]
    fn a_command_of_somebody_else_keeps_its_arguments_and_variables() {
        let mut other = Command::new("sh");
        other.args(["-c", "exit 3"]).env("A", "1").env_remove("B");
        let tamed = tamed(&other);
        assert_eq!(tamed.get_args().collect::<Vec<_>>(), ["-c", "exit 3"]);
        let given: Vec<_> = tamed.get_envs().collect();
        assert!(given.contains(&(OsStr::new("A"), Some(OsStr::new("1")))), "{given:?}");
        assert!(given.contains(&(OsStr::new("B"), None)), "{given:?}");
    }
}
