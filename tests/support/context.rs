//! One test's world: a home directory, and what must be cleaned when it ends.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::engine::{Engine, MemoryEngine};
use crate::project::Project;
use crate::run::Renku;

/// A home of its own. Dropping it removes everything its projects left in the
/// engine, also when the test failed.
pub struct Context {
    // First: its sessions end before their files go.
    pub(crate) engine: Engine,
    folder: TempDir,
}

impl Context {
    /// A fresh home, and the Docker Engine of this machine; only compiled code is shared
    /// with other tests.
    ///
    /// # Panics
    ///
    /// Here and below: when the machine cannot run tests at all.
    #[must_use]
    pub fn docker() -> Self {
        Self::with(|_| Engine::docker())
    }

    /// The same, and the Docker Engine at this address.
    #[must_use]
    pub fn docker_at(address: &str) -> Self {
        Self::with(|_| Engine::docker_at(address))
    }

    /// The same, and an engine in memory of its own.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::with(Engine::in_memory)
    }

    /// The same where no engine answers.
    #[must_use]
    pub fn without_engine() -> Self {
        Self::with(|_| Engine::Nowhere)
    }

    fn with(engine: impl FnOnce(&Path) -> Engine) -> Self {
        let folder = tempfile::Builder::new().prefix("renku-test-").tempdir().unwrap();
        // Containers that run as another user must be able to reach the project.
        open_to_all(folder.path());
        std::fs::create_dir(folder.path().join("home")).unwrap();
        Self { engine: engine(folder.path()), folder }
    }

    /// The engine in memory of this test.
    ///
    /// # Panics
    ///
    /// When it has another one.
    #[must_use]
    #[track_caller]
    pub fn memory(&self) -> &MemoryEngine {
        match &self.engine {
            Engine::Memory(engine) => engine,
            Engine::Docker(_) | Engine::Nowhere => panic!("`Context::in_memory` makes one"),
        }
    }

    /// The engine of this test.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The program under test.
    #[must_use]
    pub fn program(&self) -> PathBuf {
        self.engine.program()
    }

    /// The home directory of this test's user.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A folder that is not a project.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A git project with a Dockerfile on the Jupyter image and one commit.
    #[must_use]
    pub fn project(&self, name: &str) -> Project<'_> {
        Project::new(self, name)
    }

    /// A file for `--config`, outside of every project so that their trees stay
    /// clean.
    #[must_use]
    pub fn config(&self, yaml: &str) -> String {
        let file = tempfile::Builder::new().suffix(".yaml").tempfile_in(&self.folder).unwrap();
        let (_, path) = file.keep().unwrap();
        std::fs::write(&path, yaml).unwrap();
        path.display().to_string()
    }

    /// `renku` in a folder, as a user types it.
    #[must_use]
    pub fn renku<'a>(&'a self, folder: &Path, arguments: &[&str]) -> Renku<'a> {
        Renku::new(self, folder, arguments)
    }

    /// A line of `sh` in a folder, with `renku` in the path.
    #[must_use]
    pub fn shell<'a>(&'a self, folder: &Path, line: &str) -> Renku<'a> {
        Renku::shell(self, folder, line)
    }
}

#[cfg(unix)]
pub(crate) fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Makes a file a program.
///
/// # Panics
///
/// When it cannot be changed.
#[cfg(unix)]
pub fn executable(file: &Path) {
    open_to_all(file);
}
