//! Everything that a person or a program reads: tables, JSON, YAML, progress,
//! errors with hints. Data goes to standard output, all else to standard error.

pub mod browser;
mod errors;
mod format;
mod logging;
mod printer;
mod progress;
mod questions;
mod sanitize;
mod sessions;
mod terminal;

pub use format::Format;
pub use logging::logging;
pub use printer::{Data, Printer};
pub use progress::Progress;
pub use questions::{QuestionError, Questions};
pub use sanitize::sanitize;
pub use sessions::Warning;
