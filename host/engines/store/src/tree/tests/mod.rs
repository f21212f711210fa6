//! Layers as their makers write them, and as nobody should: each hostile one ends with an
//! error or does nothing, and nothing outside of the tree is touched.

mod bounds;
mod hostile;
mod layers;
mod made;
