//! Whole-program tests of what authors of providers do, with the compilers that they use:
//! cargo and componentize-py. On the engine in memory, but not part of
//! `cargo xtask test --fast`: compiling takes most of a minute.

mod python;
mod rust;
mod whole_way;
