//! Whole-program tests that need no container engine and no images: on the engine in
//! memory (`Context::in_memory`), or where nobody answers (`Context::without_engine`).
//! One file for each behaviour. What is about Docker itself is in `tests/program/`.

mod abilities;
mod attacks;
mod authority;
mod bad_input;
mod cancel;
mod comments;
mod compiled_code;
mod completion;
mod contract;
mod doctor;
mod documents;
mod dry_run;
mod early_end;
mod exec;
mod failures;
mod host_of_0_1_0;
mod hostile_repository;
mod http;
mod life;
mod listing;
mod login;
mod origins;
mod output;
mod packages;
mod permission;
mod provider_options;
mod provider_settings;
mod providers;
mod questions;
mod queue;
mod read_only;
mod released;
mod renkulab;
mod repository;
mod rooms;
mod sandbox;
mod settings;
mod spoken;
mod together;
mod windows;
