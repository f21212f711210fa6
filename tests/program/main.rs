//! Whole-program tests: one file per behaviour.

#[path = "life.rs"]
mod life;
