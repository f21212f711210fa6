//! Runs components: engine, compiled-code cache, limits, cancellation, and one
//! adapter per API track.
//!
//! Least authority is by linking: a component's linker holds the interfaces
//! that were granted and nothing else.
//!
//! Imports `domain`, `files`, `web` and `contract`. Nobody else knows the engine of
//! components.

use renku_session_contract as containers;
use renku_session_domain as domain;
use renku_session_files as files;
use renku_session_web as web;

mod branching;
mod cancel;
mod clock;
mod compiled;
mod details;
mod engine;
mod error;
mod footprint;
mod functions;
mod gate;
mod grants;
mod handles;
mod invocation;
mod limiter;
pub mod limits;
mod sections;
mod shape;
mod v0_1;

pub use cancel::Cancel;
pub use compiled::{Code, CompiledState, compiled_state};
pub use engine::Sandbox;
pub use error::{CallError, SandboxError, WITHOUT_WASI};
pub use functions::{Ability, Access, Effect, Function, Permission, VERSION, permission};
pub use grants::{Capability, Grants};
pub use invocation::{Invocation, ProviderInfo, Request, Usage};
pub use sections::Sections;
pub use v0_1::{Instance, Loaded};
