//! The adapter of API track 0.1: turns generated bindings into our own types.
//!
//! The next track gets a folder beside this one; nothing outside sees the
//! generated types.

mod abilities;
mod bindings;
mod calls;
mod containers;
mod convert;
mod exports;
mod http;
mod invocation;
mod link;
mod prompt;
mod repository;
mod state;

pub use calls::Instance;
pub use link::Loaded;
