//! What a provider may be granted. Policy stands beside mechanism; a capability
//! never knows who calls it.

pub mod changes;
pub mod containers;
pub mod http;
pub mod invocation;
pub mod prompt;
pub mod repository;
