//! What the commands do, across providers: start, list, stop, open and more. Values in,
//! values out: an editor or a script can use it as a library. Whoever calls hears of
//! progress through [`Reporter`](domain::Reporter) and [`Notices`], and answers questions
//! through [`Confirmer`] and [`Asker`](domain::Asker).
//!
//! Imports `domain`, `files`, `config`, `project`, `web`, `registry`, `store`, `contract`,
//! `sandbox` and `providers`; neither arguments nor a terminal.

use renku_session_config as config;
use renku_session_contract as contract;
use renku_session_domain as domain;
use renku_session_files as files;
use renku_session_project as project;
use renku_session_providers as providers;
use renku_session_registry as registry;
use renku_session_sandbox as sandbox;
use renku_session_store as store;
use renku_session_web as web;

mod context;
mod error;
mod exec;
mod failure;
mod image;
mod left_behind;
mod left_copies;
mod list;
mod location;
mod logs;
mod notices;
mod open;
mod pause;
mod pull;
mod questions;
mod select;
mod start;
mod stop;

pub use context::{Asking, Changes, Context, Permissions, Setting, or_nothing, provenance};
pub use error::SessionsError;
pub use exec::{Attachable, attachable, exec};
pub use failure::Failure;
pub use image::{ImageOfStart, ImageWish, NoImageError, Pruned, image, load_images, prune};
pub use left_behind::{LeftBehind, NotShown, in_words, removal};
pub use left_copies::StillThere;
pub use list::{Listing, Providers, Remark, Scope, with_a_way_out};
pub use location::{End, Forwarded, Location};
pub use logs::{LogEnd, LogPart, logs};
pub use notices::{Notices, Unnoticed};
pub use open::{Opened, open};
pub use pause::{pause, resume};
pub use pull::{CopyError, Pulled, pull};
pub use questions::{Confirmer, Nobody, Question};
pub use select::SelectError;
pub use start::{
    Mount, Start, StartError, StartOptions, StartPlan, StartProvider, Started, TypedOption, Wait,
    WouldChange, start,
};
pub use stop::{StopError, Stopped, Which, stop};
pub use store::Loaded;

#[cfg(test)]
mod tests;
