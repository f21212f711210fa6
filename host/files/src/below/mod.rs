//! Files of a project, opened below its root.
//!
//! A project is somebody else's: whoever made the repository, and every session that
//! writes into it, can put a link in the place of a file or of one of its folders, also
//! while we look. So nothing of it is opened by a path that the system resolves. A path is
//! walked one name at a time, each name is opened in the folder that is held open already,
//! and no name is followed when it is a link: where a link leads is read and walked the same
//! way. One that leads out is an error. Why not `cap-std`: `docs/adr/0012-below-the-project.md`.

mod exact;
mod folder;
mod make;
#[cfg(target_os = "linux")]
mod pipe;
mod read;
mod remove;
mod resolve;
mod seen;
mod tree;
mod walk;
mod write;

#[cfg(test)]
mod tests;

pub use exact::Reach;
pub use folder::Folder;
pub(crate) use folder::{permissions, plain};
pub use seen::{Kind, Seen};
pub use tree::ProjectTree;
pub use walk::Entry;
