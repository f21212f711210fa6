//! Whole-program tests: one file per behaviour.

#[path = "abilities.rs"]
mod abilities;
#[path = "contract.rs"]
mod contract;
#[path = "failures.rs"]
mod failures;
#[path = "life.rs"]
mod life;
#[path = "provider_options.rs"]
mod provider_options;
