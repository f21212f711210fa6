//! The engine without a daemon: a session is a program in a box that an unprivileged
//! runtime makes of an unpacked image.
//!
//! | file | knows |
//! |---|---|
//! | `driver`, `images`, `life` | what the host asks of an engine |
//! | `folder`, `record` | what is kept of a session: a folder each |
//! | `home`, `users`, `mounts`, `port`, `ports` | what its program sees: files, and where it listens |
//! | `runtime` | which programs make the box, and in which words |
//! | `supervisor` | the process that starts it, keeps its output and ends it |
//!
//! No process answers for all sessions. To learn whether a session runs, a command
//! looks whether its supervisor still holds a lock.
//!
//! Imports `domain`, `files`, `web`, `registry`, `images`, `store` and `contract`.

use renku_session_contract as contract;
use renku_session_domain as domain;
use renku_session_files as files;
use renku_session_images as images;
use renku_session_registry as registry;
use renku_session_store as store;
use renku_session_web as web;

mod driver;
mod error;
mod folder;
mod gaps;
mod home;
mod image;
mod life;
mod logs;
mod mounts;
mod port;
mod ports;
mod program;
mod record;
mod report;
mod rootless;
mod runtime;
mod supervisor;
mod users;

pub use report::examine;
pub use rootless::Rootless;
pub use supervisor::{SUPERVISE, supervise};
