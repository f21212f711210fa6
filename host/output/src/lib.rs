//! What people and programs get to see.
//!
//! Results go to standard output, everything else to standard error; colour and
//! drawing only where a person looks. Nothing from outside reaches a terminal
//! before it was made harmless.
//!
//! Imports `domain` alone.

use renku_session_domain as domain;

mod amount;
pub mod browser;
mod columns;
mod data;
mod document;
mod errors;
mod findings;
mod format;
mod grid;
mod live;
mod logging;
mod passed;
mod printer;
mod progress;
mod pulled;
mod questions;
pub mod raw_terminal;
mod screen;
mod secret;
mod sessions;
mod settings;
mod style;
mod table;
#[cfg(test)]
mod testing;
mod time_zone;
mod view;
mod voice;
mod warning;
mod watch;

pub use columns::Columns;
pub use data::Data;
pub use document::Yaml;
pub use findings::{Finding, Health};
pub use format::Format;
pub use logging::logging;
pub use passed::PassedOn;
pub use printer::Printer;
pub use progress::Progress;
pub use pulled::Pulled;
pub use questions::{QuestionError, Questions};
pub use settings::SettingRow;
pub use table::table;
pub use view::View;
pub use warning::Warning;
pub use watch::Watch;
