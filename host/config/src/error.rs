//! Why a configuration cannot be used.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::domain::{Advice, Diagnostic, ErrorKind};

/// A place in a text file. Both count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// One thing that is wrong in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where, if that is known.
    pub position: Option<Position>,
    pub message: String,
}

impl Problem {
    /// `FILE:LINE:COLUMN: message`, which editors can follow.
    fn in_file(&self, file: &Path) -> String {
        let Self { position, message } = self;
        let file = file.display();
        match position {
            Some(Position { line, column }) => format!("{file}:{line}:{column}: {message}"),
            None => format!("{file}: {message}"),
        }
    }
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file `{}`", file.display())]
    Unreadable { file: PathBuf, source: std::io::Error },
    /// The file is too large.
    #[error("the configuration file `{}` is larger than 1 MiB", file.display())]
    TooLarge { file: PathBuf },
    /// The file is not text.
    #[error("the configuration file `{}` is not text in UTF-8", file.display())]
    NotText { file: PathBuf },
    /// The file says something that the provider does not understand.
    #[error("{}", InFile { file, problems, total: *total })]
    InvalidFile {
        file: PathBuf,
        /// What is wrong, in the order of the file; never empty.
        problems: Vec<Problem>,
        /// How many problems there are; more than `problems` if those are too
        /// many to be shown.
        total: usize,
        /// What could be written instead.
        hint: Option<String>,
    },
    /// An option has a value that the provider does not understand.
    #[error("{}", problems.join("; "))]
    InvalidValue {
        /// What is wrong; never empty.
        problems: Vec<String>,
        /// What could be written instead.
        hint: Option<String>,
    },
    /// The provider's description of its configuration is not right.
    #[error("the provider's description of its configuration is not valid")]
    Schema {
        /// Where and why.
        reason: String,
    },
}

/// The message of several problems or of the only one.
struct InFile<'a> {
    file: &'a Path,
    problems: &'a [Problem],
    total: usize,
}

impl fmt::Display for InFile<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems {
            [only] => formatter.write_str(&only.in_file(self.file)),
            _ => {
                let file = self.file.display();
                write!(formatter, "the configuration file `{file}` has {} problems", self.total)
            }
        }
    }
}

impl Diagnostic for ConfigError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::Unreadable { source, .. } => {
                let kind = match source.kind() {
                    std::io::ErrorKind::NotFound => ErrorKind::NotFound,
                    _ => ErrorKind::InvalidInput,
                };
                kind.hint("check the path after `--config`").causes([source.to_string()])
            }
            Self::TooLarge { .. } | Self::NotText { .. } => {
                ErrorKind::InvalidInput.hint("give `--config` a YAML file of keys and values")
            }
            Self::InvalidFile { file, problems, total, hint } => {
                let hidden = total.saturating_sub(problems.len());
                let all = problems
                    .iter()
                    .map(|problem| problem.in_file(file))
                    .chain((hidden > 0).then(|| format!("and {hidden} more")));
                // A single one is the message.
                let causes = if problems.len() > 1 { all.collect() } else { Vec::new() };
                Advice { hint: hint.clone(), ..ErrorKind::InvalidInput.causes(causes) }
            }
            Self::InvalidValue { hint, .. } => {
                Advice { hint: hint.clone(), ..ErrorKind::InvalidInput.alone() }
            }
            Self::Schema { reason } => ErrorKind::InvalidInput
                .hint("report it to the provider's author; see `docs/provider-guide.md`")
                .causes([reason]),
        }
    }
}
