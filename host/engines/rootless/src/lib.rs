//! The engine without a daemon: a session is a program in a box that an unprivileged
//! runtime makes of an unpacked image.
//!
//! | file | knows |
//! |---|---|
//! | `driver`, `gaps`, `image`, `create`, `life`, `found`, `logs` | what the host asks of an engine |
//! | `folder`, `record` | what is kept of a session: a folder each |
//! | `home`, `copies`, `users`, `mounts`, `layout`, `port`, `ports` | what its program sees: files, and where it listens |
//! | `runtime` | which programs make the box, and in which words |
//! | `scope`, `group` | what keeps its processes together, within limits |
//! | `supervisor` | the process that starts it, keeps its output and ends it |
//!
//! There is no process that everybody asks. Who wants to know whether a session runs
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

mod copies;
mod create;
mod driver;
mod error;
mod folder;
mod found;
mod gaps;
mod group;
mod home;
mod image;
mod layout;
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
mod scope;
mod supervisor;
mod users;

pub use report::examine;
pub use rootless::Rootless;
pub use supervisor::{SUPERVISE, supervise};
