//! What project is this: its root, its name, the state git says it is in, its
//! Dockerfile, its settings, and the values people type about it.
//!
//! Locating a project starts no process, because `ls` has no time for one;
//! everything else is asked of git when it is first wanted, and once.
//!
//! Imports `domain` and `files`.

use renku_session_domain as domain;
use renku_session_files as files;

mod apart;
mod binding;
mod copy;
mod descriptor;
mod error;
#[doc(hidden)]
pub mod fuzzing;
mod git;
mod ini;
mod ini_edit;
mod keys;
mod locate;
mod name;
mod push;
mod remote;
mod repository;
mod settings;
mod sizes;
mod store;
mod tree;

#[cfg(test)]
mod testing;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use sha2::{Digest as _, Sha256};

use crate::domain::hexadecimal;

pub use binding::Binding;
pub use copy::{Archive, Brought, Changes, Snapshot, apply};
pub use error::ProjectError;
pub use keys::SettingKey;
pub use remote::{Asking, Remote, Upstream};
pub use repository::{Checkout, PushTarget};
pub use settings::{Level, Setting, Settings, providers_with_settings, users_section};
pub use sizes::{parse_cpu, parse_gpu, parse_size};
pub use store::{SettingsFile, Target};

use git::{Head, Identity, Repository};

/// How many hexadecimal digits of a commit (and of a dirty state) are in a tag.
const SHORT: usize = 7;

/// The identity of the project at `root`, a canonical path.
#[must_use]
pub fn id_of(root: &Path) -> String {
    hexadecimal(&Sha256::digest(root.as_os_str().as_encoded_bytes()))
}

/// A git project.
#[derive(Debug)]
pub struct Project {
    root: PathBuf,
    id: String,
    name: OnceLock<String>,
    repository: OnceLock<Repository>,
    head: OnceLock<Head>,
    identity: OnceLock<Identity>,
    dirty: OnceLock<bool>,
}

impl Project {
    /// The project that `start` is in: the nearest folder upwards with a `.git`.
    ///
    /// # Errors
    ///
    /// When there is none, when it is bare, or when its `.git` file points
    /// nowhere.
    pub fn locate(start: &Path) -> Result<Self, ProjectError> {
        let root = locate::root(start)?;
        let id = id_of(&root);
        Ok(Self {
            root,
            id,
            name: OnceLock::new(),
            repository: OnceLock::new(),
            head: OnceLock::new(),
            identity: OnceLock::new(),
            dirty: OnceLock::new(),
        })
    }

    /// The canonical path of the git root.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether its `.git` only names a repository that is somewhere else, as in a linked
    /// worktree (git-worktree(1)) and in a submodule.
    #[must_use]
    pub fn repository_is_elsewhere(&self) -> bool {
        self.root.join(".git").is_file()
    }

    /// What the project's containers are labelled with: the SHA-256 of the bytes
    /// of [`Self::root`], 64 hexadecimal digits. Two folders of the same name are
    /// two projects.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The readable name: the last part of the remote's URL without `.git`, else
    /// the name of the directory. Never empty.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.get_or_init(|| {
            let branch = || self.branch().ok().flatten();
            // Nothing in a repository is worth failing for here: whoever needs it for more
            // than a name hears of it there.
            let configuration = self.opened().ok().map(Repository::configuration);
            name::of(&self.root, configuration, branch)
        })
    }

    /// [`Self::name`] made safe for container and host names: lower-case letters,
    /// digits and single dashes, a letter first, at most 30 characters.
    #[must_use]
    pub fn slug(&self) -> String {
        name::slug(self.name())
    }

    /// The branch that is checked out; none when HEAD is detached.
    ///
    /// # Errors
    ///
    /// When git fails.
    pub fn branch(&self) -> Result<Option<String>, ProjectError> {
        Ok(self.head()?.branch.clone())
    }

    /// The commit that is checked out, in hexadecimal digits (40, or 64 in a
    /// SHA-256 repository); none before the first commit.
    ///
    /// # Errors
    ///
    /// When git fails.
    pub fn commit(&self) -> Result<Option<String>, ProjectError> {
        Ok(self.head()?.commit.clone())
    }

    /// Whether the working tree differs from the commit; ignored files do not
    /// count, untracked ones do.
    ///
    /// # Errors
    ///
    /// When git fails.
    pub fn dirty(&self) -> Result<bool, ProjectError> {
        if let Some(dirty) = self.dirty.get() {
            return Ok(*dirty);
        }
        let dirty = tree::uncommitted(self.opened()?)? > 0;
        Ok(*self.dirty.get_or_init(|| dirty))
    }

    /// How many files are not as committed. Nothing of them is read.
    ///
    /// # Errors
    ///
    /// When git fails.
    pub fn uncommitted(&self) -> Result<usize, ProjectError> {
        tree::uncommitted(self.opened()?)
    }

    /// What the project's images are called, before the tag.
    #[must_use]
    pub fn image_repository(&self) -> String {
        name::repository(self.name())
    }

    /// The image that belongs to the state of this tree: `<name>:<7 hex of the
    /// commit>`, and when the tree is dirty `-<7 hex of `built_from`>` behind it,
    /// the digest of what the image is built from: so a dirty tree is never
    /// mistaken for its commit, and what does not go into the image does not
    /// change its name. None before the first commit.
    ///
    /// # Errors
    ///
    /// When git fails.
    pub fn candidate_image(&self, built_from: &str) -> Result<Option<String>, ProjectError> {
        let Some(commit) = &self.head()?.commit else { return Ok(None) };
        let repository = self.image_repository();
        let commit = short(commit);
        Ok(Some(if self.dirty()? {
            format!("{repository}:{commit}-{}", short(built_from))
        } else {
            format!("{repository}:{commit}")
        }))
    }

    /// The name git gives the author of a commit made now, when one is set.
    #[must_use]
    pub fn author_name(&self) -> Option<String> {
        self.author("name")
    }

    /// The address git gives the author of a commit made now, when one is set.
    #[must_use]
    pub fn author_email(&self) -> Option<String> {
        self.author("email")
    }

    /// What a copy of the project on another machine consists of.
    ///
    /// # Errors
    ///
    /// When git fails, or a folder cannot be read.
    pub fn copied_paths(&self) -> Result<Vec<PathBuf>, ProjectError> {
        copy::paths(self.opened()?)
    }

    /// Checks that a session can be started from the state of this project.
    ///
    /// # Errors
    ///
    /// Before the first commit, on a detached HEAD, or when git fails.
    pub fn require_startable(&self) -> Result<(), ProjectError> {
        let head = self.head()?;
        match (&head.commit, &head.branch) {
            (None, _) => Err(ProjectError::NoCommit { root: self.root.clone() }),
            (Some(commit), None) => {
                Err(ProjectError::DetachedHead { commit: short(commit).to_owned() })
            }
            (Some(_), Some(_)) => Ok(()),
        }
    }

    /// Wants that the project can be given to a session: it is not the home, and holds
    /// nothing of ours.
    ///
    /// # Errors
    ///
    /// [`ProjectError::HoldsOurs`].
    pub fn require_apart(&self) -> Result<(), ProjectError> {
        apart::check(&self.root)
    }

    /// What to build: the path of a Dockerfile relative to the root, with `/`.
    /// `file` is as it was typed in the directory `here`; without it, the
    /// `Dockerfile` in the root.
    ///
    /// # Errors
    ///
    /// When it does not exist, is not a file, or is outside the project.
    pub fn descriptor(&self, file: Option<&Path>, here: &Path) -> Result<String, ProjectError> {
        descriptor::find(&self.root, file, here)
    }

    /// The project of a RenkuLab that this folder is bound to, as
    /// `.renku/config.toml` in the root says. Without that file one look at the
    /// file system.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or understood.
    pub fn binding(&self) -> Result<Option<Binding>, ProjectError> {
        binding::read(&self.root)
    }

    /// The state of the repository beside its upstream; asks no server.
    ///
    /// # Errors
    ///
    /// When git fails.
    pub fn repository(&self) -> Result<Checkout, ProjectError> {
        repository::read(self.opened()?)
    }

    /// What the remote of the branch says of itself, asked when `asking` says so.
    /// Dropping the future ends git.
    ///
    /// # Errors
    ///
    /// When git fails here; a remote that does not answer is none.
    pub async fn remote(&self, asking: Asking) -> Result<Remote, ProjectError> {
        remote::find(self.opened()?, self.head()?, asking).await
    }

    /// Pushes the branch that is checked out to its upstream, never by force.
    /// `may_ask`: git and ssh may ask for a passphrase on the terminal. Dropping
    /// the future ends git.
    ///
    /// # Errors
    ///
    /// When the server has other commits, or git fails otherwise.
    pub async fn push(&self, target: &PushTarget, may_ask: bool) -> Result<(), ProjectError> {
        push::push(self.opened()?, target, may_ask).await
    }

    /// Brings the commits of a session's copy.
    ///
    /// # Errors
    ///
    /// When git refuses them.
    pub fn bring_commits(&self, archive: &Archive, session: &str) -> Result<Brought, ProjectError> {
        copy::bring_commits(archive, self.opened()?, session)
    }

    /// The repository, as it was when it was first asked about.
    fn opened(&self) -> Result<&Repository, ProjectError> {
        if let Some(repository) = self.repository.get() {
            return Ok(repository);
        }
        let repository = Repository::open(&self.root)?;
        Ok(self.repository.get_or_init(|| repository))
    }

    fn head(&self) -> Result<&Head, ProjectError> {
        if let Some(head) = self.head.get() {
            return Ok(head);
        }
        let head = self.opened()?.head()?;
        Ok(self.head.get_or_init(|| head))
    }

    /// `name` or `email` of the author. The environment counts most, as for git.
    fn author(&self, what: &str) -> Option<String> {
        let variable = format!("GIT_AUTHOR_{}", what.to_uppercase());
        let given = std::env::var(variable).ok().filter(|value| !value.is_empty());
        given.or_else(|| {
            let asked = || self.opened().and_then(Repository::identity).unwrap_or_default();
            self.identity.get_or_init(asked).author(what).map(str::to_owned)
        })
    }
}

/// The first digits of a digest.
fn short(digest: &str) -> &str {
    digest.get(..SHORT).unwrap_or(digest)
}

#[cfg(test)]
mod tests;
