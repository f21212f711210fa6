//! Logins to RenkuLab deployments.

mod environment;

pub use environment::Given;

/// The RenkuLab of who names none.
pub const DEFAULT_URL: &str = "https://renkulab.io";
