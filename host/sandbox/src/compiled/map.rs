//! The one place with `unsafe`: gives compiled code to the engine.
//!
//! Whoever writes such a file decides what this process runs, and the compiler
//! cannot see who that was. Keep this file as small as it is; see
//! `docs/adr/0005-mapped-code.md`.

use wasmtime::Engine;
use wasmtime::component::Component;

use super::sealed_file::Sound;

/// Maps the code of an entry into memory, without reading it first.
///
/// # Errors
///
/// When the code is of another engine or another machine.
#[allow(unsafe_code, reason = "loading compiled code is running it; `Sound` says why we may")]
pub(super) fn component(engine: &Engine, entry: &Sound) -> wasmtime::Result<Component> {
    // SAFETY: the file must hold what `Component::serialize` gave, and must not
    // change while it is mapped. `Sound` exists only for a file that we alone can
    // write, in a directory that we alone can write, with the seal that `sealed_file`
    // puts on what `serialize` gave; and the path names that very open file. We
    // never write into a file once it has its name: a new one replaces it.
    unsafe { Component::deserialize_file(engine, entry.path()) }
}
