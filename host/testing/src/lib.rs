//! What tests of several rooms stand on. Nothing of it is in the program.
//!
//! Imports no other room, and is a dependency for development alone.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

pub mod server;
