//! What an engine says about itself.

use crate::EngineUsers;

/// What an engine says about itself, as far as a start depends on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EngineFacts {
    /// How many CPUs it has; none when it does not say.
    pub cpus: Option<u64>,
    /// Where it stores containers, in words.
    pub storage: String,
    /// Whether it can limit their disk space.
    pub limits_disk: bool,
    /// Why containers get no GPU, where that is known beforehand.
    pub no_gpu: Option<String>,
    /// Whether the network of the engine's machine is that of the user.
    pub shares_network: bool,
    /// What users of containers are on this machine.
    pub users: EngineUsers,
    /// The same where no file sharing is between the container and its files.
    pub users_of_copies: EngineUsers,
}
