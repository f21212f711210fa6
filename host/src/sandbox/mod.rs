//! x
pub mod v0_1;
