//! The store with whole images: archives of every format, a real registry, several
//! commands at once.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod archives;
mod hostile;
mod image;
mod keeping;
mod pulls;
mod registry;
