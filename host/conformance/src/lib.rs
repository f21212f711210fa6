//! `renku session provider test`: does a provider keep the contract?
//!
//! The provider is a black box, so it may be written in any language: only what the
//! contract exports is called. Its engine is the one in memory and its web service on
//! loopback; both fail when a check wants them to. It reaches nothing real.
//!
//! Imports `domain`, `files`, `web`, `contract`, `memory` and `sandbox`.

use renku_session_contract as containers;
use renku_session_domain as domain;
use renku_session_files as files;
use renku_session_sandbox as sandbox;
use renku_session_web as web;

mod checks;
mod engine;
mod fault;
mod kit;
mod origin;
mod project;
mod report;
mod run;
mod subject;
mod values;
mod world;

pub use checks::ids;
pub use origin::{Script, ScriptError};
pub use report::{Outcome, Report, Verdict};
pub use run::run;
pub use subject::{Answers, Subject};
