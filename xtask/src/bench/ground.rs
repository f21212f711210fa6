//! Where the bench takes place: a project, a configuration and a cache of its own,
//! which are gone from disk and engine when it ends, also by an error.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use super::recorded::{self, Recorded};
use crate::docker;
use crate::program::Program;
use crate::sample;

/// The label of the containers that `renku` is compared with.
pub(super) const LABEL: &str = "renku-test=bench";

/// A project in a folder of its own.
pub(super) struct Ground {
    folder: TempDir,
    program: Program,
}

impl Ground {
    /// Makes it from the sample project of the workspace at `root`, for a program that
    /// was built.
    ///
    /// # Errors
    ///
    /// When there is no room, no git or no program.
    pub(super) fn new(root: &Path, program: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("renku-bench-").tempdir()?;
        let project = folder.path().join("bench");
        sample::make(root, &project)?;
        let configuration = folder.path().join("config");
        write_key(&configuration)?;
        let program = Program::new(program, &project)
            .env("RENKU_CONFIG_DIR", configuration)
            .env("RENKU_CACHE_DIR", folder.path().join("cache"));
        Ok(Self { folder, program })
    }

    /// `renku` in the project, with a cache that stays.
    pub(super) fn program(&self) -> &Program {
        &self.program
    }

    /// The same as somebody uses it for the first time: with an empty cache, which
    /// is gone when the folder is dropped.
    ///
    /// # Errors
    ///
    /// When there is no room.
    pub(super) fn first_use(&self) -> Result<(Program, TempDir)> {
        let cache = tempfile::tempdir_in(self.folder.path()).context("an empty cache")?;
        Ok((self.program.clone().env("RENKU_CACHE_DIR", cache.path()), cache))
    }

    /// An engine with `count` sessions of the project, for one request.
    ///
    /// # Errors
    ///
    /// When there is no room.
    pub(super) fn recorded(&self, count: usize) -> Result<Recorded> {
        Recorded::new(self.folder.path(), &digest(&self.project()?), count)
    }

    /// A configuration for the small image whose session begins to answer after a
    /// second, and leaves [`Self::ready_file`] in the project right before.
    ///
    /// # Errors
    ///
    /// When there is no room.
    pub(super) fn readiness_config(&self) -> Result<PathBuf> {
        let file = self.folder.path().join("readiness.yaml");
        let shell = "sleep 1; touch /work/bench/.git/ready; exec httpd -f -p 8080 -h /www";
        std::fs::write(&file, format!("command: [sh, -c, '{shell}']\n"))?;
        Ok(file)
    }

    /// What such a session leaves, where git does not see it.
    ///
    /// # Errors
    ///
    /// When the path is not UTF-8.
    pub(super) fn ready_file(&self) -> Result<PathBuf> {
        Ok(Path::new(&self.project()?).join(".git/ready"))
    }

    /// The absolute path of the project, as mounts need it.
    ///
    /// # Errors
    ///
    /// When it is not UTF-8.
    pub(super) fn project(&self) -> Result<String> {
        let path = self.folder.path().canonicalize()?.join("bench");
        path.into_os_string().into_string().ok().context("the temporary folder is not UTF-8")
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        // As good as it goes: the first error is the one to tell.
        let _ = self.program.session(&["stop", "--all"]).output();
        docker::remove(docker::CONTAINERS, LABEL);
        if let Ok(path) = self.project() {
            let label = format!("io.renku.session.project={}", digest(&path));
            docker::remove(docker::CONTAINERS, &label);
            docker::remove(docker::IMAGES, &label);
        }
    }
}

/// Makes the user of the bench the one whose sessions the recorded engine has.
fn write_key(configuration: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::create_dir(configuration)?;
    let file = configuration.join("session.key");
    std::fs::write(&file, recorded::KEY)?;
    Ok(std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))?)
}

/// What the program calls a project by: the SHA-256 of its path, hexadecimal.
fn digest(path: &str) -> String {
    xtask_common::sha256(path.as_bytes())
}
