//! Where the repository of a project is, and that it stays there.
//!
//! A project can say that its repository is somewhere else: by a file `.git` (linked
//! worktrees, submodules), by `commondir`, by `objects/info/alternates`, by links. What leads
//! out of the project is believed only when the place that it leads to names the project in
//! turn: that place is the user's own, and a session cannot write to it. Else a session
//! could have another repository of its user shown, pushed or changed.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::configuration::{Configuration, Format};
use super::folder::{Folder, Kind};
use super::ownership;
use super::reference::References;
use crate::domain::quoted;
use crate::error::ProjectError;

/// More than any file of settings holds.
const SETTINGS_BYTES: u64 = 1024 * 1024;
/// More than any file holds that names a folder.
const PATH_BYTES: u64 = 64 * 1024;
/// How many stores of objects may name one another (as git allows).
const DEEPEST: usize = 5;

/// The repository of a project.
#[derive(Debug)]
pub(crate) struct Repository {
    root: PathBuf,
    /// What belongs to this worktree: `HEAD`, the index.
    own: Arc<Folder>,
    own_path: PathBuf,
    /// What belongs to all of them: settings, objects, references.
    common: Arc<Folder>,
    common_path: PathBuf,
    configuration: Configuration,
    format: Format,
}

/// A folder with where it is.
type Place = (Arc<Folder>, PathBuf);

impl Repository {
    /// The repository of the project at `root`, a canonical path.
    ///
    /// # Errors
    ///
    /// When it leads out of the project, belongs to somebody else, or cannot be read.
    pub(crate) fn open(root: &Path) -> Result<Self, ProjectError> {
        Self::find(root, true)
    }

    /// The repository of the submodule at `path` of this project; none when it is not here.
    /// As for git, it belongs to whom the project belongs to.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub(super) fn submodule(&self, path: &Path) -> Result<Option<Self>, ProjectError> {
        let root = self.root.join(path);
        let reading = |source| ProjectError::Unreadable { path: root.clone(), source };
        let folder = Folder::at(&self.root).map_err(reading)?;
        match folder.kind(&path.join(".git")) {
            Ok(None) => Ok(None),
            Ok(Some(_)) => Self::find(&root, false).map(Some),
            // A link is on the way: what is behind it is no submodule.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(None),
            Err(error) => Err(reading(error)),
        }
    }

    fn find(root: &Path, must_be_ours: bool) -> Result<Self, ProjectError> {
        let reading = |path: PathBuf| move |source| ProjectError::Unreadable { path, source };
        let folder = Folder::at(root).map_err(reading(root.to_owned()))?;
        let entry = root.join(".git");
        let kind = folder.kind(".git".as_ref()).map_err(reading(entry.clone()))?;
        let (own, own_path) = match kind {
            Some(Kind::Folder) => {
                let own = folder.folder(".git".as_ref()).map_err(reading(entry.clone()))?;
                (Arc::new(own), entry.clone())
            }
            Some(Kind::Link) => below(root, &folder, &entry, &entry)?,
            _ => below(root, &folder, &entry, &named_by(&folder, root)?)?,
        };
        if must_be_ours {
            ownership::check(root, &folder, &own)?;
        }
        let is_elsewhere = own_path != entry;
        let named = own.text("commondir", PATH_BYTES).map_err(reading(own_path.clone()))?;
        let (common, common_path) = match named {
            None => (Arc::clone(&own), own_path.clone()),
            Some(text) => {
                let file = own_path.join("commondir");
                let target = own_path.join(line(&text));
                if !is_elsewhere {
                    return Err(leads_out(file, &target));
                }
                let common = below(root, &folder, &file, &target)?;
                check_worktree(root, (&own, &own_path), &common.1)?;
                common
            }
        };
        let mut configuration = settings(&common, &common_path, "config")?;
        if configuration.has_settings_of_worktrees() {
            configuration =
                configuration.followed_by(settings(&own, &own_path, "config.worktree")?);
        }
        if is_elsewhere && Arc::ptr_eq(&own, &common) && !own_path.starts_with(root) {
            check_named(root, &own_path, configuration.worktree())?;
        }
        configuration = submodules(&folder).followed_by(configuration);
        let format = configuration.format()?;
        check_objects(&[root, &common_path], &common, &common_path.join("objects"), 0)?;
        let root = root.to_owned();
        Ok(Self { root, own, own_path, common, common_path, configuration, format })
    }

    /// The root of the project.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// What it is set to, as far as that counts.
    pub(crate) fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// How it is stored.
    pub(super) fn format(&self) -> &Format {
        &self.format
    }

    pub(super) fn references(&self) -> References<'_> {
        References { own: &self.own, common: &self.common }
    }

    /// The folder of this worktree, and where it is.
    pub(super) fn own(&self) -> (&Folder, &Path) {
        (&self.own, &self.own_path)
    }

    /// The folder of all worktrees, and where it is.
    pub(super) fn common(&self) -> (&Folder, &Path) {
        (&self.common, &self.common_path)
    }

    /// The folder of all worktrees, of one that names it by its path from the root of the
    /// file system. It was checked that it names this one in turn.
    pub(crate) fn of_worktree(&self) -> Option<PathBuf> {
        let is_worktree = !Arc::ptr_eq(&self.own, &self.common);
        let folder = Folder::at(&self.root).ok()?;
        let text = folder.text(".git", PATH_BYTES).ok()??;
        let named = line(&text).strip_prefix("gitdir:")?.trim_start();
        let is_outside = !self.common_path.starts_with(&self.root);
        let is_as_named = Path::new(named) == self.own_path;
        (is_worktree && is_outside && is_as_named).then(|| self.common_path.clone())
    }

    /// Where its objects are.
    pub(crate) fn objects(&self) -> PathBuf {
        self.common_path.join("objects")
    }
}

/// The path that the file `.git` of a linked worktree or a submodule names.
fn named_by(folder: &Folder, root: &Path) -> Result<PathBuf, ProjectError> {
    let file = root.join(".git");
    let text = folder.text(".git", PATH_BYTES);
    let text = text.map_err(|source| ProjectError::Unreadable { path: file.clone(), source })?;
    let text = text.unwrap_or_default();
    match line(&text).strip_prefix("gitdir:").map(str::trim_start) {
        Some(target) if !target.is_empty() => Ok(root.join(target)),
        _ => Err(ProjectError::BrokenLink {
            file,
            target: format!("its content is `{}`", line(&text)),
        }),
    }
}

/// The folder that `file` leads to. One of the project is opened below its root: nothing
/// there is what it was a moment ago.
fn below(root: &Path, folder: &Folder, file: &Path, target: &Path) -> Result<Place, ProjectError> {
    let broken = |_| ProjectError::BrokenLink {
        file: file.to_owned(),
        target: format!("it leads to `{}`", target.display()),
    };
    let path = target.canonicalize().map_err(broken)?;
    let found = match path.strip_prefix(root) {
        Ok(inner) => folder.folder(inner),
        Err(_) => Folder::at(&path),
    };
    Ok((Arc::new(found.map_err(broken)?), path))
}

/// Whether the repository at `common` knows this worktree: its folder is among those of
/// its worktrees, and that names the project.
fn check_worktree(
    root: &Path,
    (own, own_path): (&Folder, &Path),
    common: &Path,
) -> Result<(), ProjectError> {
    let listed = own_path.parent() == Some(&common.join("worktrees"));
    let as_inside = common.starts_with(root) || !own_path.starts_with(root);
    let file = own_path.join("gitdir");
    let text = own.text("gitdir", PATH_BYTES);
    let text = text.map_err(|source| ProjectError::Unreadable { path: file.clone(), source })?;
    let entry = own_path.join(line(&text.unwrap_or_default()));
    let names_us = entry.file_name() == Some(".git".as_ref())
        && entry.parent().and_then(|folder| folder.canonicalize().ok()).as_deref() == Some(root);
    if listed && as_inside && names_us {
        return Ok(());
    }
    Err(ProjectError::NotNamedBack {
        file: root.join(".git"),
        target: own_path.to_owned(),
        remedy: "git worktree repair".to_owned(),
    })
}

/// Whether a repository that is not in the project says that it belongs to it.
fn check_named(root: &Path, own: &Path, worktree: Option<&str>) -> Result<(), ProjectError> {
    let named = worktree.and_then(|worktree| own.join(worktree).canonicalize().ok());
    if named.as_deref() == Some(root) {
        return Ok(());
    }
    Err(ProjectError::NotNamedBack {
        file: root.join(".git"),
        target: own.to_owned(),
        remedy: format!("git config core.worktree {}", quoted(root)),
    })
}

/// That no object comes from somewhere else: neither through a link nor from another
/// store that is neither in the project nor in its repository.
fn check_objects(
    inside: &[&Path],
    folder: &Folder,
    path: &Path,
    depth: usize,
) -> Result<(), ProjectError> {
    let unreadable = |source| ProjectError::Unreadable { path: path.to_owned(), source };
    if folder.kind("objects".as_ref()).map_err(unreadable)? == Some(Kind::Link) {
        let target = folder.target("objects").map_err(unreadable)?;
        return Err(leads_out(path.to_owned(), Path::new(&target)));
    }
    let objects = folder.folder("objects".as_ref()).map_err(unreadable)?;
    let mut folders = vec![(PathBuf::new(), None)];
    for name in ["pack", "info"] {
        match objects.folder(name.as_ref()) {
            Ok(folder) => folders.push((name.into(), Some(folder))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            // A link among them is found below.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
    for (name, folder) in &folders {
        let folder = folder.as_ref().unwrap_or(&objects);
        if let Some(link) = folder.link().map_err(unreadable)? {
            let target = folder.target(&link).map_err(unreadable)?;
            return Err(leads_out(path.join(name).join(&link), Path::new(&target)));
        }
    }
    let file = path.join("info/alternates");
    let Some(text) = objects.text("info/alternates", PATH_BYTES).map_err(unreadable)? else {
        return Ok(());
    };
    for other in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let out = || ProjectError::LeadsOut {
            file: file.clone(),
            target: other.to_owned(),
            remedy: format!("git repack -a -d && rm {}", quoted(&file)),
        };
        let store = path.join(other).canonicalize().map_err(|_| out())?;
        let is_inside = inside.iter().any(|place| store.starts_with(place));
        let (true, true, Some(parent)) =
            (is_inside, store.ends_with("objects") && depth < DEEPEST, store.parent())
        else {
            return Err(out());
        };
        let folder = Folder::at(parent).map_err(unreadable)?;
        check_objects(inside, &folder, &store, depth + 1)?;
    }
    Ok(())
}

fn leads_out(file: PathBuf, target: &Path) -> ProjectError {
    let remedy = format!("rm {}", quoted(&file));
    ProjectError::LeadsOut { file, target: target.display().to_string(), remedy }
}

fn settings(folder: &Folder, path: &Path, name: &str) -> Result<Configuration, ProjectError> {
    let path = path.join(name);
    let text = folder.text(name, SETTINGS_BYTES);
    let text = text.map_err(|source| ProjectError::Unreadable { path: path.clone(), source })?;
    Configuration::parse(path, &text.unwrap_or_default())
}

/// What the project says of its submodules; a file that makes no sense says nothing.
fn submodules(project: &Folder) -> Configuration {
    let text = project.text(".gitmodules", SETTINGS_BYTES).ok().flatten().unwrap_or_default();
    Configuration::parse(".gitmodules".into(), &text).unwrap_or_default().of_submodules()
}

/// The line of a file that holds one.
fn line(text: &str) -> &str {
    text.lines().next().unwrap_or_default().trim_end()
}
