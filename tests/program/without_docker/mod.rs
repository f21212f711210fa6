//! Sessions without a container engine: an ordinary user with an empty home, no engine,
//! and bubblewrap.

mod attacks;
mod choice;
mod copies;
mod crashes;
mod ground;
mod jupyter;
mod life;
mod many;
mod pause;
