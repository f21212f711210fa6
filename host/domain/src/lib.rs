//! The nouns of the program in plain Rust: what every room may speak about, and
//! how text from elsewhere is made harmless.
//!
//! Generated bindings stay inside `sandbox/v0_1`; everybody else uses these types.
//!
//! Imports no other room.

pub mod changes;
mod diagnostic;
mod digest;
mod engine_commands;
mod engine_kind;
mod hexadecimal;
mod host;
mod identity;
mod image;
mod nearest;
mod origin_name;
mod phase;
pub mod programs;
mod progress;
mod project_facts;
mod prompt;
mod repository;
mod resources;
mod sanitize;
mod secret;
mod session;
mod session_name;
mod shell;
mod size;
pub mod text;

pub use diagnostic::{
    Advice, Diagnostic, ErrorKind, ExitStatus, ProviderError, Speaker, innermost,
};
pub use digest::Digest;
pub use engine_commands::{EngineCommand, EngineCommands};
pub use engine_kind::EngineKind;
pub use hexadecimal::hexadecimal;
pub use host::{WebPlace, host_of, is_loopback, is_loopback_host, is_registry_host};
pub use identity::{Identity, file_digits, shown_label};
pub use image::ImageState;
pub use nearest::nearest;
pub use origin_name::is_origin_name;
pub use phase::Phase;
pub use progress::{Reporter, Said, Silent};
pub use project_facts::ProjectFacts;
pub use prompt::Asker;
pub use repository::{Repository, RepositoryStatus, Unpushed};
pub use resources::{Gpu, Resources};
pub use sanitize::{Sanitizer, sanitize, sanitize_lines};
pub use secret::Secret;
pub use session::{Port, Session, SessionDetails, SessionStatus, Transport};
pub use session_name::{MOST_NAME_CHARACTERS, is_plain_name, shown_name};
pub use shell::{quoted, shell_word};
pub use size::{parse_size, size_in_words};
