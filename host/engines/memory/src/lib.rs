//! An engine in memory: it has containers, images and volumes, and runs nothing. It
//! implements the narrow [`Driver`](renku_session_contract::Driver), so that everything
//! above engines can be tried without one, and what goes wrong can be ordered.
//!
//! | file | what |
//! |---|---|
//! | `state`, `container`, `image` | what the engine has |
//! | `kept` | where that is kept: in this process, or in a folder that processes share |
//! | `programs` | what stands in for the programs of containers |
//! | `fault` | what goes wrong, to order |
//! | `engine`, `driver`, and a file for each kind of call | the driver |
//! | `engines` | the same for a whole program |
//!
//! Imports `domain`, `files`, `registry`, `images` and `contract`.

use renku_session_contract as contract;
use renku_session_domain as domain;
use renku_session_files as files;
use renku_session_images as images;
use renku_session_registry as registry;

mod archives;
mod build;
mod call;
mod container;
mod driver;
mod engine;
mod engines;
mod fault;
mod image;
mod kept;
mod life;
mod local_images;
mod place;
mod programs;
mod recipe;
mod report;
mod state;
#[cfg(test)]
mod tests;
mod unreachable;

pub use call::Call;
pub use container::{Container, PublishedPort, Stage};
pub use engine::Memory;
pub use engines::MemoryEngines;
pub use fault::{Effect, Fault};
pub use image::{Access, Image, RemoteImage};
pub use kept::Kept;
pub use place::Place;
pub use programs::{Played, Programs, Signal};
pub use state::State;
