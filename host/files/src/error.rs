//! Why a file cannot be used, in words for the person at the terminal.

use std::io;
use std::path::{Path, PathBuf};

use crate::below::Kind;
use crate::domain::{Diagnostic, ErrorKind, quoted};

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}", in_words(path, reason))]
pub struct FileError {
    path: PathBuf,
    reason: Reason,
}

/// What is wrong with a file.
#[derive(Debug)]
pub enum Reason {
    /// It is not below the root of the project; `link` leads out, if a link does.
    Outside {
        /// Which link.
        link: Option<PathBuf>,
    },
    /// Links lead from one to the other without an end.
    Circle,
    /// It is something else than a file.
    NotAFile(Kind),
    /// It has more bytes than such a file can have.
    TooLarge {
        /// How many it can have.
        limit: u64,
    },
    /// It is not text.
    NotText,
    /// The system refuses to read it.
    Unreadable(io::Error),
    /// The system refuses to write it.
    Unwritable(io::Error),
}

impl FileError {
    /// `path` is shown: an absolute one, so that the command in the hint works.
    #[must_use]
    pub fn new(path: PathBuf, reason: Reason) -> Self {
        Self { path, reason }
    }

    /// The file.
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
            Reason::Unreadable(source) | Reason::Unwritable(source) => Some(source.kind()),
            _ => None,
        }
    }
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
        Reason::TooLarge { limit } => {
            format!("`{path_shown}` is larger than the {} KiB that it can have", limit / 1024)
        }
        Reason::NotText => format!("`{path_shown}` is not UTF-8 text"),
        Reason::Unreadable(_) => format!("`{path_shown}` cannot be read"),
        Reason::Unwritable(_) => format!("`{path_shown}` cannot be written"),
    }
}

impl Diagnostic for FileError {
    fn kind(&self) -> ErrorKind {
        match self.reason {
            Reason::Unreadable(_) | Reason::Unwritable(_) => ErrorKind::Other,
            _ => ErrorKind::InvalidInput,
        }
    }

    fn hint(&self) -> Option<String> {
        let path = quoted(&self.path);
        Some(match &self.reason {
            Reason::Outside { link: Some(link) } => format!(
                "put what it points to in its place; `rm {}` removes the link",
                quoted(link)
            ),
            Reason::Circle => format!("`rm {path}` removes the link"),
            Reason::NotAFile(Kind::Folder) => format!("`mv {path} {path}.old` moves it away"),
            Reason::NotAFile(_) => format!("`rm {path}` removes it"),
            Reason::TooLarge { .. } => "make it smaller, or move it away".to_owned(),
            Reason::NotText => "save it as UTF-8, or move it away".to_owned(),
            Reason::Outside { link: None } | Reason::Unreadable(_) | Reason::Unwritable(_) => {
                return None;
            }
        })
    }

    fn causes(&self) -> Vec<String> {
        match &self.reason {
            Reason::Unreadable(source) | Reason::Unwritable(source) => vec![source.to_string()],
            _ => Vec::new(),
        }
    }
}
