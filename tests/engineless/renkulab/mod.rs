//! Sessions on RenkuLab, against a fake of it.

mod choices;
mod dry_run;
mod existing;
mod faults;
mod ground;
mod life;
mod listing;
mod login;
mod proxy;
mod recordings;
mod repository;
mod speed;
mod terminal;
mod traps;
mod unheard;
mod version;
