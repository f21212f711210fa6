//! What a provider may be granted. Policy stands beside mechanism; a capability
//! never knows who calls it.

pub mod containers;
