//! What tests of several rooms stand on.

pub(crate) mod server;
