//! Whole-program tests: one file per behaviour.

#[path = "abilities.rs"]
mod abilities;
#[path = "cancel.rs"]
mod cancel;
#[path = "compiled_code.rs"]
mod compiled_code;
#[path = "contract.rs"]
mod contract;
#[path = "failures.rs"]
mod failures;
#[path = "hostile_start.rs"]
mod hostile_start;
#[path = "isolation.rs"]
mod isolation;
#[path = "jupyter.rs"]
mod jupyter;
#[path = "life.rs"]
mod life;
#[path = "packages.rs"]
mod packages;
#[path = "permission.rs"]
mod permission;
#[path = "provider_options.rs"]
mod provider_options;
#[path = "python_renku.rs"]
mod python_renku;
#[path = "sandbox.rs"]
mod sandbox;
