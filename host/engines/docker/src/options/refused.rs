//! Which option an engine means when it refuses a request. Its own words are
//! shown as well; without the option they are hard to place.

use super::EngineOptions;

/// Words of Docker's and Podman's answers, and the options they are about. The
/// first one that was typed is meant.
const WORDS: &[(&str, &[&str])] = &[
    ("kernel memory", &["kernel-memory"]),
    ("MAC address", &["mac-address"]),
    ("device information", &["device"]),
    ("Duplicate mount point", &["volume", "tmpfs"]),
    ("volume plugin", &["volume-driver"]),
    ("bind source path", &["volume"]),
    ("mount path", &["volume", "tmpfs"]),
    ("o such container", &["volumes-from", "network"]),
    ("network", &["network"]),
    ("untime", &["runtime"]),
    ("find user", &["user"]),
    ("find group", &["group-add", "user"]),
    ("CapAdd", &["cap-add"]),
    ("CapDrop", &["cap-drop"]),
    ("capability", &["cap-add", "cap-drop"]),
    ("security-opt", &["security-opt"]),
    ("seccomp", &["security-opt"]),
    ("apparmor", &["security-opt"]),
    ("apply caps", &["privileged", "cap-add"]),
    ("rt_", &["cpu-rt-runtime", "cpu-rt-period"]),
    ("real-time", &["cpu-rt-runtime", "cpu-rt-period"]),
    ("CPUs are not available", &["cpuset-cpus"]),
    ("emory nodes are not available", &["cpuset-mems"]),
    ("swappiness", &["memory-swappiness"]),
    ("sysctl", &["sysctl"]),
    ("ulimit", &["ulimit"]),
    ("rlimit", &["ulimit"]),
    ("signal", &["stop-signal"]),
    ("solation", &["isolation"]),
    ("platform", &["platform"]),
    ("cgroup", &["cgroup-parent"]),
    ("IPC", &["ipc"]),
    ("ipc", &["ipc"]),
    ("executable file not found", &["entrypoint"]),
    ("exec:", &["entrypoint"]),
    ("mount", &["volume", "tmpfs", "device"]),
];

impl EngineOptions {
    /// The typed option that the engine's answer is about.
    pub(crate) fn refused(&self, message: &str) -> Option<String> {
        WORDS
            .iter()
            .filter(|(words, _)| message.contains(words))
            .flat_map(|(_, options)| options.iter())
            .find_map(|option| self.as_typed(option))
    }
}
