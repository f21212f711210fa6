//! Sessions on RenkuLab, against a fake of it.

mod recordings;
