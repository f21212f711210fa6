//! What the user typed for the engine, in the words of `docker run`: one field for
//! each option that goes to the engine as it is. An engine translates these; the
//! options that `decide` merges into a [`RunSpec`](super::super::RunSpec), such as
//! `--env` or `--port`, are not among them.

use std::collections::BTreeMap;

use serde::Serialize;

/// The options. Nothing typed is the default.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(default)]
#[allow(clippy::struct_excessive_bools, reason = "the flags of `docker run`")]
pub struct RunOptions {
    // How the program runs.
    /// `--init`: something above the program reaps its children.
    #[serde(skip_serializing_if = "is_off")]
    pub init: bool,
    /// `--interactive`: standard input stays open.
    #[serde(skip_serializing_if = "is_off")]
    pub interactive: bool,
    /// `--tty`: the program has a terminal.
    #[serde(skip_serializing_if = "is_off")]
    pub tty: bool,
    /// `--rm`: the engine removes the container when it ends.
    #[serde(skip_serializing_if = "is_off")]
    pub rm: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group_add: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_signal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runtime: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cgroup_parent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub isolation: Option<Isolation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipc: Option<String>,

    // What is mounted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volume: Vec<Volume>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volumes_from: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume_driver: Option<String>,
    /// `--tmpfs`: folders, and how each is mounted.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tmpfs: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "is_off")]
    pub read_only: bool,

    // Networks and names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domainname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac_address: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dns: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dns_search: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dns_option: Vec<String>,
    /// `--add-host`: lines such as `db:192.0.2.7`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_host: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sysctl: BTreeMap<String, String>,

    // Limits that are finer than `--cpu` and `--memory`.
    /// `--shm-size`, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shm_size: Option<i64>,
    /// `--memory-reservation`, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_reservation: Option<i64>,
    /// `--memory-swap`, in bytes; -1: as much as there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_swap: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_swappiness: Option<i64>,
    /// `--kernel-memory`, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kernel_memory: Option<i64>,
    #[serde(skip_serializing_if = "is_off")]
    pub oom_kill_disable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oom_score_adj: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_shares: Option<i64>,
    /// `--cpu-period`, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_period: Option<i64>,
    /// `--cpu-quota`, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_quota: Option<i64>,
    /// `--cpu-rt-period`, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_rt_period: Option<i64>,
    /// `--cpu-rt-runtime`, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_rt_runtime: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpuset_cpus: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpuset_mems: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_percent: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blkio_weight: Option<u16>,
    /// `--pids-limit`; -1: any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pids_limit: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ulimit: Vec<Ulimit>,

    // Rights and devices.
    #[serde(skip_serializing_if = "is_off")]
    pub privileged: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cap_add: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cap_drop: Vec<String>,
    /// `--security-opt`; of `seccomp=FILE` the profile itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub security_opt: Vec<String>,
    /// `--security-opt systempaths=unconfined`.
    #[serde(skip_serializing_if = "is_off")]
    pub system_paths_unconfined: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub device: Vec<Device>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub device_cgroup_rule: Vec<String>,
}

fn is_off(flag: &bool) -> bool {
    !flag
}

/// `--volume`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// An absolute path, or the name of a volume.
    pub source: String,
    /// Where it is in the container.
    pub target: String,
    /// How it is mounted, such as `ro,z`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
}

/// `--ulimit`; -1: no limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ulimit {
    /// The limit of setrlimit(2), such as `nofile`.
    pub name: String,
    pub soft: i64,
    pub hard: i64,
}

/// `--device`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Device {
    /// Its path on the engine's machine.
    pub host: String,
    /// Its path in the container.
    pub container: String,
    /// Some of `r`, `w` and `m`.
    pub rights: String,
}

/// `--isolation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Isolation {
    /// As the engine does it.
    Default,
    /// Processes of the host.
    Process,
    /// A virtual machine of Hyper-V.
    Hyperv,
}
