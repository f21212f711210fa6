//! Apptainer, from 1.2 on: `apptainer exec` on an unpacked tree, apptainer(1). It lays
//! what is mounted over the tree by itself.
//!
//! Variables of the session are in its environment, with a name of its own: everybody on
//! the machine can read arguments.

use std::io;
use std::path::Path;

use super::begun::{Begun, Way, command, tried};
use crate::files::below::Folder;
use crate::mounts::Content;
use crate::program::Program;

pub(super) const NAME: &str = "apptainer";
const PROGRAM: &str = "apptainer";
/// What a variable of the session begins with in the environment of Apptainer.
const VARIABLE: &str = "APPTAINERENV_";
/// The oldest that runs trees without being root.
const OLDEST: (u32, u32) = (1, 2);

/// Its version, when it works here.
///
/// # Errors
///
/// In words, why it does not.
pub(super) async fn version() -> Result<String, String> {
    let line = tried(command(PROGRAM).arg("--version")).await?;
    let version = line.rsplit(' ').next().unwrap_or_default().to_owned();
    if !is_new_enough(&version) {
        return Err(format!("version {version} is older than {}.{}", OLDEST.0, OLDEST.1));
    }
    let tree = trial_tree().map_err(|error| error.to_string())?;
    let mut trial = command(PROGRAM);
    trial.args(["--silent", "exec"]).args(BOX).args(["--bind", SYSTEM]).arg(tree.path());
    tried(trial.args(["/bin/sh", "-c", ":"])).await?;
    Ok(version)
}

/// What a program of this machine needs to run in a tree without files.
const SYSTEM: &str = "/usr,/bin,/lib,/lib64";

/// A tree to be tried with: the root of the machine is none that Apptainer takes.
fn trial_tree() -> io::Result<tempfile::TempDir> {
    let tree = tempfile::tempdir()?;
    let folder = Folder::at(tree.path())?;
    for name in ["bin", "dev", "etc", "lib", "lib64", "proc", "tmp", "usr", "var"] {
        folder.make_folder(name.as_ref(), 0o755)?;
    }
    folder.folder("var".as_ref())?.make_folder("tmp".as_ref(), 0o755)?;
    Ok(tree)
}

fn is_new_enough(version: &str) -> bool {
    let mut parts = version.split(['.', '-', '+', '~']).map(|part| part.parse::<u32>());
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= OLDEST,
        _ => false,
    }
}

/// What a box is. Files of the machine come in by name alone.
const BOX: [&str; 5] = ["--containall", "--no-home", "--no-eval", "--no-mount", "sys"];

/// Starts a program in a box. Apptainer keeps files of its own in `scratch`.
pub(super) fn start(
    program: &Program,
    scratch: &Path,
    output: io::PipeWriter,
) -> io::Result<Begun> {
    let mut command = command(PROGRAM);
    command.args(["--silent", "exec"]).args(words(program, scratch));
    for (name, value) in &program.environment {
        // It sets these itself.
        if name != "HOME" {
            command.env(format!("{VARIABLE}{name}"), value);
        }
    }
    Begun::spawn(command, output, Way::Below)
}

fn words(program: &Program, scratch: &Path) -> Vec<String> {
    let mut words: Vec<String> = BOX.map(str::to_owned).into();
    if program.is_offline {
        words.extend(["--net", "--network", "none"].map(str::to_owned));
    }
    words.extend(["--workdir".to_owned(), scratch.display().to_string()]);
    let home = program.environment.get("HOME");
    for mount in &program.files.mounts {
        let target = &mount.target;
        match &mount.content {
            Content::Writable(source) if Some(target) == home => {
                words.retain(|word| word != "--no-home");
                words.extend(["--home".to_owned(), format!("{}:{target}", source.display())]);
            }
            Content::Writable(source) => {
                words.extend(["--bind".to_owned(), format!("{}:{target}", source.display())]);
            }
            Content::ReadOnly(source) => {
                words.extend(["--bind".to_owned(), format!("{}:{target}:ro", source.display())]);
            }
            Content::Temporary if target != "/tmp" => {
                words.extend(["--scratch".to_owned(), target.clone()]);
            }
            // It makes these in every box.
            Content::Temporary | Content::Devices | Content::Processes => {}
        }
    }
    words.extend(["--pwd".to_owned(), program.directory.clone()]);
    words.push(program.files.root.display().to_string());
    words.extend(program.words.iter().cloned());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mounts::Files;

    #[test]
    fn versions_before_1_2_are_too_old() {
        for (version, expected) in
            [("1.2.0", true), ("1.4.5-1", true), ("2.0", true), ("1.1.9", false), ("3", false)]
        {
            assert_eq!(is_new_enough(version), expected, "{version}");
        }
    }

    #[test]
    fn files_are_bound_by_name_and_no_variable_is_an_argument() {
        let mut files = Files::of(Path::new("/image"));
        files.mount("/home/jovyan", Content::Writable("/state/home".into()));
        files.mount("/work/x", Content::Writable("/project".into()));
        files.mount("/etc/hosts", Content::ReadOnly("/etc/hosts".into()));
        let environment = [("HOME", "/home/jovyan"), ("JUPYTER_TOKEN", "s3cret")];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let words = vec!["jupyter".to_owned(), "lab".to_owned()];
        let program = Program {
            files,
            environment: environment.into(),
            directory: "/work/x".to_owned(),
            words,
            is_offline: false,
        };
        assert_eq!(
            super::words(&program, Path::new("/state/scratch")).join(" "),
            "--containall --no-eval --no-mount sys --workdir /state/scratch --bind /etc/hosts:/etc/hosts:ro \
             --home /state/home:/home/jovyan --bind /project:/work/x --pwd /work/x /image \
             jupyter lab"
        );
    }
}
