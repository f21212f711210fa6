//! What values can refer to: the folder the user stands in, their environment
//! and home. Handed in, so that tests need not change the process.

use std::path::{Path, PathBuf};

/// Where a command was typed.
pub struct Caller<'a> {
    /// The current directory.
    pub directory: PathBuf,
    /// The home directory.
    pub home: Option<PathBuf>,
    /// The value of an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// Whether the engine sees the same files. Paths for an engine elsewhere
    /// cannot be checked here.
    pub local_engine: bool,
}

impl Caller<'_> {
    /// An absolute path out of what was typed: `./data`, `../data`, `~/data`.
    pub(super) fn path(&self, text: &str) -> PathBuf {
        match (text.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            (None, Some(home)) if text == "~" => home.clone(),
            _ => self.directory.join(text),
        }
    }

    /// The path that the engine gets, without links: what was checked is
    /// what is mounted.
    ///
    /// # Errors
    ///
    /// In words, when there is nothing. Engines would create a directory of
    /// root in its place.
    pub(super) fn existing(&self, text: &str) -> Result<PathBuf, String> {
        let path = self.path(text);
        if !self.local_engine {
            return Ok(path);
        }
        path.canonicalize().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => format!("there is no `{}`", shown(&path)),
            _ => format!("`{}` cannot be used: {error}", shown(&path)),
        })
    }

    /// The text of a file that an option names.
    ///
    /// # Errors
    ///
    /// In words, when it cannot be read.
    pub(super) fn read(&self, text: &str) -> Result<String, String> {
        let path = self.path(text);
        let bytes = std::fs::read(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => format!("there is no file `{}`", shown(&path)),
            _ => format!("`{}` cannot be read: {error}", shown(&path)),
        })?;
        String::from_utf8(bytes).map_err(|_| format!("`{}` is not text", shown(&path)))
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
