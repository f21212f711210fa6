//! All engine options, in the order of the help.

use super::option::EngineOption;
use super::{limits, network, process, security, storage};

/// Every option of providers that start containers.
pub fn all() -> impl Iterator<Item = &'static EngineOption> {
    [process::ROWS, storage::ROWS, network::ROWS, limits::ROWS, security::ROWS]
        .into_iter()
        .flatten()
}

/// The option of this name or spelling.
#[must_use]
pub fn find(name: &str) -> Option<&'static EngineOption> {
    all().find(|option| option.name == name || option.aliases.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the Python `renku` passed to the engine, but for what every provider
    /// has (`--name --image --cpu --memory --disk --gpu --force-build`).
    const PYTHON_RENKU: &str = "blkio-weight cpu-count cpu-percent cpu-period cpu-quota \
        cpu-rt-period cpu-rt-runtime cpu-shares kernel-memory memory-reservation \
        memory-swappiness oom-score-adj pids-limit shm-size port cgroup-parent cpuset-cpus \
        cpuset-mems dns-opt dns-option domainname entrypoint hostname isolation mac-address \
        memory-swap network platform rm runtime stop-signal user volume-driver cap-add cap-drop \
        device-cgroup-rule device dns dns-search env group-add security-opt volume volumes-from \
        init oom-kill-disable privileged publish-all read-only interactive tty";

    #[test]
    fn every_option_of_the_python_renku_is_there() {
        let missing: Vec<&str> =
            PYTHON_RENKU.split_whitespace().filter(|name| find(name).is_none()).collect();
        assert_eq!(missing, Vec::<&str>::new());
    }

    #[test]
    fn no_spelling_is_used_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for option in all() {
            for name in option.aliases.iter().chain([&option.name]) {
                assert!(seen.insert(*name), "{name}");
            }
        }
    }
}
