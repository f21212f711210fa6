//! Whole-program tests: one file per behaviour.

mod abilities;
mod bad_input;
mod broken_surroundings;
mod builds;
mod cancel;
mod compiled_code;
mod completion;
mod contract;
mod failures;
mod hostile_start;
mod images;
mod isolation;
mod jupyter;
mod life;
mod listing;
mod output;
mod own_images;
mod packages;
mod permission;
mod provider_options;
mod python_renku;
mod questions;
mod registries;
mod renkulab;
mod sandbox;
mod settings;
