//! Sessions on RenkuLab, against a fake of it.

mod choices;
mod existing;
mod faults;
mod ground;
mod life;
mod listing;
mod login;
mod recordings;
mod repository;
mod speed;
mod traps;
mod version;
