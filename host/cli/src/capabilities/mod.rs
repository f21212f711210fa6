//! What a provider may be granted. Policy stands beside mechanism; a capability
//! never knows who calls it.

pub(crate) use renku_session_docker as containers;
