//! Providers and images in a real registry: Debian's `docker-registry` (distribution 2.8),
//! with and without encryption and logins, and a registry that misbehaves.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod broken;
mod fake;
mod hostile;
mod images;
mod life;
mod lists;
mod logins;
mod real;
mod token;
