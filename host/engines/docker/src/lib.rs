//! The engine that speaks the API of Docker: Docker Engine, Podman and what is
//! compatible. Mechanism alone; what may be done with it is decided in `contract`.
//!
//! Imports `domain`, `files`, `web`, `registry`, `images`, `contract` and `ssh`. Nobody else
//! knows the client of the engine.

use renku_session_contract as contract;
use renku_session_domain as domain;
use renku_session_files as files;
use renku_session_images as images;
use renku_session_registry as registry;
use renku_session_ssh as ssh;
use renku_session_web as web;

mod archives;
mod body;
mod build;
mod builder_cache;
mod command;
mod connect;
mod containers;
mod convert;
mod create;
mod credentials;
mod docker_config;
mod docker_facts;
mod driver;
mod engine;
mod engine_commands;
mod engine_errors;
mod examine;
mod exchange;
mod exec;
mod frames;
#[doc(hidden)]
pub mod fuzzing;
mod inside;
mod life;
mod limits;
mod lines;
mod local_images;
mod message;
mod place;
mod pull;
mod pulse;
mod refusal;
mod registry_trouble;
mod settings;
mod volume;

pub use connect::names_a_remote_engine;
pub use engine::Docker;
pub use examine::examine;
pub use settings::EngineSettings;
