//! What `cargo xtask torture` hands over.

use std::time::Duration;

/// What is asked for.
pub struct Arguments {
    /// What decides everything that is left to chance.
    pub seed: u64,
    /// How long all of it may take.
    pub minutes: u64,
    only: Option<String>,
}

impl Arguments {
    /// Of the environment.
    pub fn read() -> Self {
        let number = |name: &str, usual: u64| {
            let text = std::env::var(name).ok();
            text.map_or(usual, |text| text.parse().expect("a number"))
        };
        Self {
            seed: number("RENKU_TORTURE_SEED", 1),
            minutes: number("RENKU_TORTURE_MINUTES", 3),
            only: std::env::var("RENKU_TORTURE_ONLY").ok(),
        }
    }

    /// All of the time.
    pub fn time(&self) -> Duration {
        Duration::from_secs(self.minutes * 60)
    }

    /// Whether a phase of this name runs.
    pub fn wants(&self, name: &str) -> bool {
        self.only.as_deref().is_none_or(|only| name.starts_with(only))
    }
}
