//! What the author of a provider depends on.
//!
//! A provider is a type that implements [`Provider`] (and, where its engine can,
//! [`Hibernation`], [`Logs`] and [`Details`]) and one line that exports it:
//!
//! ```text
//! use renku_session_sdk::{Provider, ProviderInfo, Request, Result, Session};
//!
//! struct Slurm;
//! impl Provider for Slurm { /* … */ }
//! renku_session_sdk::export!(Slurm with hibernation logs);
//! ```
//!
//! What the provider may call stands in [`containers`], [`http`], [`prompt`],
//! [`repository`] and [`invocation`]; its meaning is documented in `wit/v0.1`. A function that is
//! never called does not appear among the imports of the finished component, so
//! the user is asked for nothing that is not used.
//!
//! There is no file system, no network, no clock and no standard output: use
//! [`invocation::now`], [`invocation::log`] and the capabilities. A panic is
//! logged as an error of the provider, then the component is ended.

#![warn(missing_docs)]

#[doc(hidden)]
pub mod bindings;
mod config;
mod error;
#[doc(hidden)]
pub mod export;
mod name;
mod panic;
mod planned;
mod provider;
mod session;
mod time;

pub use bindings::provider::renku::session::{
    containers, http, invocation, prompt, repository, types,
};
pub use config::config;
pub use invocation::{DetailsSink, LogSink, Project, Request};
pub use name::readable_name;
pub use planned::{PlannedStart, check_planned, start_planned};
pub use provider::{Details, Hibernation, Logs, Provider, Result};
pub use time::{now, rfc3339};
pub use types::{
    Error, ErrorKind, GpuRequest, ImageState, Port, ProviderInfo, Resources, Session,
    SessionStatus, Transport,
};
