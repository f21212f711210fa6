//! git, asked about a project without obeying it.
//!
//! A repository is written by sessions and by whoever made the project, and what git is set
//! to there runs programs: monitors of files, filters, hooks, helpers, an ssh of its own.
//! So no git that we run sees that configuration. `layout` finds the repository and
//! checks that it leads nowhere else, `configuration` takes a closed list of values from it,
//! `copy` fills a `private` git directory for one question, `run` starts git over that, and
//! `publish` brings back what git made. See
//! `docs/adr/0011-git-without-the-configuration-of-a-repository.md`.

mod address;
mod configuration;
mod copy;
mod folder;
pub(crate) mod fuzzing;
mod identity;
mod layout;
mod network;
mod ownership;
mod place;
mod private;
mod publish;
mod reference;
mod run;
mod status;
mod syntax;
mod user;

pub(crate) use address::without_credentials;
pub(crate) use configuration::Configuration;
pub(crate) use identity::Identity;
pub(crate) use layout::Repository;
pub(crate) use network::REMOTE;
pub(crate) use private::Private;
pub(crate) use reference::Head;
pub(crate) use run::{failure, wait};
pub(crate) use status::{Status, Untracked};
