//! The containers capability against the real engine: what cannot be seen
//! through the program alone.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod build;
mod fixture;
mod newer_engine;
mod one_request;
mod ownership;
mod readiness;
mod start;
mod visibility;
