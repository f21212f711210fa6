//! An engine that refuses, hangs, floods, or answers something else after it did what it
//! was asked: no command hangs, nothing is left behind, nothing fills memory.

mod floods;
mod hangs;
mod left_copies;
mod signals;
mod unclear;
