//! Why a file cannot be used, in words for the person at the terminal.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::below::Kind;
use crate::directories;
use crate::domain::{Advice, Diagnostic, ErrorKind, quoted};

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}", in_words(path, reason))]
pub struct FileError {
    path: PathBuf,
    reason: Reason,
    /// Whose it is, when that is somebody else and the system refuses.
    owner: Option<u32>,
    /// Whether it is one of ours, and not what somebody gave us to read.
    is_ours: bool,
}

/// What is wrong with a file.
#[derive(Debug)]
pub enum Reason {
    /// It is not below the root of the project; `link` leads out, if a link does.
    Outside {
        link: Option<PathBuf>,
    },
    /// Links lead from one to the other without an end.
    Circle,
    /// It is something else than a file.
    NotAFile(Kind),
    /// It is something else than a folder.
    NotAFolder,
    /// It has more bytes than such a file can have.
    TooLarge {
        /// How many it can have.
        limit: u64,
    },
    NotText,
    /// The system refuses to read it.
    Unreadable(io::Error),
    /// The system refuses to write it.
    Unwritable(io::Error),
    /// The system refuses a file of our own.
    Unusable(io::Error),
    /// Its owner could make us do something.
    Foreign {
        /// Whose it is.
        owner: u32,
        kind: Kind,
    },
    /// Others can write to it, and could make us do something.
    Open(Kind),
    /// Others can read it.
    Exposed,
    /// It is not what we wrote: what is wrong with it, without a value of it.
    Malformed(String),
    /// Somebody else is changing it, for longer than we wait.
    Busy {
        /// Who, where this computer knows it.
        holder: Option<Holder>,
        /// Seconds that we waited.
        waited: u64,
    },
    /// The file system has no locks, so two programs could destroy each other's
    /// changes.
    NoLocks(io::Error),
}

/// Who has a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The number of the process.
    pub process: u32,
    /// What was typed: the program and its commands, without their arguments.
    pub command: Option<String>,
}

impl fmt::Display for Holder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.command {
            Some(command) => write!(formatter, "`{command}` (process {})", self.process),
            None => write!(formatter, "process {}", self.process),
        }
    }
}

impl FileError {
    /// `path` is shown: an absolute one, so that the command in the hint works.
    #[must_use]
    pub fn new(path: PathBuf, reason: Reason) -> Self {
        let refused = |error: &io::Error| error.kind() == io::ErrorKind::PermissionDenied;
        let owner = match &reason {
            Reason::Unusable(error) if refused(error) => foreign_owner(&path),
            _ => None,
        };
        Self { path, reason, owner, is_ours: false }
    }

    /// The same of a file of our own: what is wrong with it is nobody's input.
    pub(crate) fn own(path: PathBuf, reason: Reason) -> Self {
        Self { is_ours: true, ..Self::new(path, reason) }
    }

    /// What the system says about a file of our own.
    pub(crate) fn unusable(path: &Path, error: impl Into<io::Error>) -> Self {
        Self::new(path.to_owned(), Reason::Unusable(error.into()))
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is wrong with it.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// What the system said, where it was asked.
    #[must_use]
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        match &self.reason {
            Reason::Unreadable(source)
            | Reason::Unwritable(source)
            | Reason::Unusable(source)
            | Reason::NoLocks(source) => Some(source.kind()),
            _ => None,
        }
    }

    /// Whether the disk is full, or what this user may have of it.
    fn is_full(&self) -> bool {
        matches!(&self.reason, Reason::Unwritable(error) | Reason::Unusable(error) if is_full(error))
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

fn is_read_only(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::ReadOnlyFilesystem
}

/// Whose the path is, or the folder that it is to be in, when that is not we.
fn foreign_owner(path: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    let owner = path.ancestors().find_map(|it| it.symlink_metadata().ok())?.uid();
    (owner != us()).then_some(owner)
}

fn us() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn in_words(path: &Path, reason: &Reason) -> String {
    let path_shown = path.display();
    match reason {
        Reason::Outside { link: None } => format!("`{path_shown}` is outside the project"),
        Reason::Outside { link: Some(link) } if link == path => {
            format!("`{path_shown}` is a link that leads out of the project")
        }
        Reason::Outside { link: Some(link) } => format!(
            "`{path_shown}` is outside the project: `{}` is a link that leads out of it",
            link.display()
        ),
        Reason::Circle => format!("`{path_shown}` is a link that leads in a circle"),
        Reason::NotAFile(kind) => format!("`{path_shown}` is {kind}, not a file"),
        Reason::NotAFolder => format!("cannot use `{path_shown}`: it is not a folder"),
        Reason::TooLarge { limit } => {
            format!("`{path_shown}` is larger than {} KiB, the most it may have", limit / 1024)
        }
        Reason::NotText => format!("`{path_shown}` is not UTF-8 text"),
        Reason::Unwritable(error) | Reason::Unusable(error) if is_full(error) => {
            format!("there is no room on the disk to write `{path_shown}`")
        }
        Reason::Unwritable(error) | Reason::Unusable(error) if is_read_only(error) => {
            format!("`{path_shown}` cannot be written: its file system is read-only")
        }
        Reason::Unreadable(_) => format!("`{path_shown}` cannot be read"),
        Reason::Unwritable(_) => format!("`{path_shown}` cannot be written"),
        Reason::Unusable(_) => format!("cannot use `{path_shown}`"),
        Reason::Foreign { owner, .. } => {
            format!("`{path_shown}` belongs to user {owner}, so it is not used")
        }
        Reason::Open(_) => {
            format!("others can write to `{path_shown}`, so it is not used")
        }
        Reason::Exposed => format!("`{path_shown}` holds secrets and can be read by others"),
        Reason::Malformed(_) => format!("`{path_shown}` is damaged"),
        Reason::Busy { .. } => format!("another program is changing `{path_shown}`"),
        Reason::NoLocks(_) => format!(
            "`{path_shown}` is on a file system without locks, so it cannot be changed safely"
        ),
    }
}

impl Diagnostic for FileError {
    fn advice(&self) -> Advice<'_> {
        let advice = self.advice_of_reason();
        match advice.kind {
            _ if self.is_full() => advice.kind(ErrorKind::ResourceExhausted),
            // It is none of the user's files that is not what it should be.
            ErrorKind::InvalidInput if self.is_ours => advice.kind(ErrorKind::Unavailable),
            _ => advice,
        }
    }
}

impl FileError {
    fn advice_of_reason(&self) -> Advice<'_> {
        let path = quoted(&self.path);
        let elsewhere = || {
            directories::variable_for(&self.path)
                .map(|variable| format!(", or name another folder with `{variable}`"))
                .unwrap_or_default()
        };
        match &self.reason {
            Reason::Outside { link: Some(link) } => ErrorKind::InvalidInput.hint(format!(
                "put what it points to in its place; `rm {}` removes the link",
                quoted(link)
            )),
            Reason::Outside { link: None } => ErrorKind::InvalidInput.alone(),
            Reason::Circle => ErrorKind::InvalidInput.hint(format!("`rm {path}` removes the link")),
            Reason::NotAFile(Kind::Folder) | Reason::NotAFolder => {
                ErrorKind::InvalidInput.hint(format!("`mv {path} {path}.old` moves it away"))
            }
            Reason::NotAFile(_) => ErrorKind::InvalidInput.hint(format!("`rm {path}` removes it")),
            Reason::TooLarge { .. } => {
                ErrorKind::InvalidInput.hint("make it smaller, or move it away")
            }
            Reason::NotText => ErrorKind::InvalidInput.hint("save it as UTF-8, or move it away"),
            Reason::Unreadable(source) => ErrorKind::Other.causes([source.to_string()]),
            Reason::Unwritable(source) => {
                let advice = ErrorKind::Other.causes([source.to_string()]);
                match self.disk(source) {
                    Some(hint) => advice.hint(hint),
                    None => advice,
                }
            }
            Reason::Unusable(source) => ErrorKind::Unavailable
                .hint(match self.disk(source) {
                    Some(hint) => hint,
                    None if self.owner.is_some() => format!("run `sudo chown {} {path}`", us()),
                    None => {
                        let folder = self.path.parent().unwrap_or(&self.path).display();
                        format!("make `{folder}` readable and writable for you")
                    }
                })
                .causes([source.to_string()]),
            // Nobody should take a home away from its user.
            Reason::Foreign { .. } if us() == 0 => ErrorKind::Denied.hint(format!(
                "run it without `sudo`, or with a home of root's own (`sudo -H`); \
                 if it should be root's, run `chown root {path}`"
            )),
            Reason::Foreign { kind, .. } => {
                let first = if *kind == Kind::File { "check its contents, then " } else { "" };
                let option = if *kind == Kind::Link { "-h " } else { "" };
                ErrorKind::Denied.hint(format!(
                    "{first}run `sudo chown {option}{} {path}`{}",
                    us(),
                    elsewhere()
                ))
            }
            Reason::Open(Kind::Folder) => ErrorKind::Denied.hint(format!("run `chmod o-w {path}`")),
            Reason::Open(_) => {
                ErrorKind::Denied.hint(format!("check its contents, then run `chmod go-w {path}`"))
            }
            Reason::Exposed => ErrorKind::Denied
                .hint(format!("run `chmod 600 {path}`; if others may have read it, log in again")),
            Reason::Malformed(reason) => {
                ErrorKind::Other.hint(format!("correct it, or run `rm {path}`")).causes([reason])
            }
            Reason::Busy { holder, waited } => {
                let who = holder.as_ref().map_or_else(|| "somebody".into(), ToString::to_string);
                ErrorKind::Unavailable
                    .hint(match holder {
                        Some(holder) => {
                            format!("wait for it, or end it with `kill {}`", holder.process)
                        }
                        None => {
                            "wait for it; it may run on another computer that has the same files"
                                .to_owned()
                        }
                    })
                    .causes([format!("{who} has held the lock for more than {waited} s")])
            }
            Reason::NoLocks(source) => ErrorKind::Unsupported
                .hint(format!("mount it with locks{}", elsewhere()))
                .causes([source.to_string()]),
        }
    }

    /// What helps against a disk that takes nothing.
    fn disk(&self, error: &std::io::Error) -> Option<String> {
        let first = match error {
            _ if is_full(error) => "free some space there",
            _ if is_read_only(error) => "make it writable",
            _ => return None,
        };
        let variable = directories::variable_for(&self.path)
            .map(|variable| format!(", or name another folder with `{variable}`"));
        Some(format!("{first}{}", variable.unwrap_or_default()))
    }
}
