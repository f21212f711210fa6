//! A tree of files as layers are laid on it, one over the other (OCI image
//! specification, layer.md).
//!
//! The tree is a root of its own: a link in it that is absolute or goes up ends at the
//! root of the tree, as it would in a container. Every name is opened in the folder that
//! is held open already, none is followed by the system, and what is written is new: so
//! whatever links an archive has, nothing is written, linked or removed outside.

mod below;
mod names;
mod new;
mod times;
mod whiteout;
mod writer;

pub(crate) use writer::Writer;

#[cfg(test)]
mod tests;
