//! Sessions on RenkuLab, against a fake of it.

mod advice;
mod builds;
mod choices;
mod classes;
mod data;
mod doctor;
mod dropped;
mod dry_run;
mod existing;
mod faults;
mod ground;
mod groups;
mod life;
mod listing;
mod login;
mod new_launcher;
mod other_project;
mod outage;
mod proxy;
mod recordings;
mod repository;
mod speed;
mod terminal;
mod traps;
mod unheard;
mod version;
