//! What tests of several rooms stand on. Nothing of it is in the program.
//!
//! Imports no other room, and is a dependency for development alone.

pub mod server;
