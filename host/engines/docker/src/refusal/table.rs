//! The messages with which engines refuse a container, whole and by engine, and what
//! they mean. What is not here is shown as it is.
//!
//! Taken from the engines themselves: Docker Engine 20.10.24 (API 1.41), Podman 4.3.1
//! (as root and rootless), runc 1.1 under both. Of GPUs: from reports to
//! NVIDIA/nvidia-container-toolkit.

use crate::message::fits;

/// What a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// One of these options; the first one that was typed.
    Options(&'static [&'static str]),
    /// A port of the machine that somebody listens on.
    Port,
    /// The source of a mount.
    Source,
    /// An image that is not there.
    Image,
    /// The name, which another container has.
    Name,
    Gpu,
    /// A limit of disk space.
    Disk,
}

type Row = (&'static str, Meaning);

use Meaning::{Disk, Gpu, Image, Name, Options, Port, Source};

const DOCKER: &[Row] = &[
    ("No such image: {}", Image),
    (
        "Conflict. The container name {} is already in use by container {}. You have to remove \
         (or rename) that container to be able to reuse that name.",
        Name,
    ),
    (
        "driver failed programming external connectivity on endpoint {} ({}): Bind for {} failed: \
         port is already allocated",
        Port,
    ),
    (
        "driver failed programming external connectivity on endpoint {} ({}): Error starting \
         userland proxy: listen {}: bind: address already in use",
        Port,
    ),
    (
        "driver failed programming external connectivity on endpoint {} ({}): Error starting \
         userland proxy: listen {}: bind: cannot assign requested address",
        Options(&["port", "publish"]),
    ),
    ("invalid mount config for type \"bind\": bind source path does not exist: {}", Source),
    ("Mounts denied: {}", Source),
    ("could not select device driver {} with capabilities: {}", Gpu),
    ("--storage-opt is supported only for overlay over xfs with 'pquota' mount option", Disk),
    ("network {} not found", Options(&["network"])),
    ("No such container: {}", Options(&["volumes-from", "network", "ipc"])),
    ("Unknown runtime specified {}", Options(&["runtime"])),
    ("invalid mode: {}", Options(&["volumes-from", "volume"])),
    ("invalid CapAdd: unknown capability: {}", Options(&["cap-add"])),
    ("invalid CapDrop: unknown capability: {}", Options(&["cap-drop"])),
    ("invalid --security-opt {}: {}", Options(&["security-opt"])),
    ("Requested CPUs are not available - requested {}", Options(&["cpuset-cpus"])),
    ("Invalid value {} for cpuset cpus: {}", Options(&["cpuset-cpus"])),
    ("Requested memory nodes are not available - requested {}", Options(&["cpuset-mems"])),
    ("Invalid value {} for cpuset mems: {}", Options(&["cpuset-mems"])),
    ("Unable to find group {}: no matching entries in group file", Options(&["group-add"])),
    ("Invalid signal: {}", Options(&["stop-signal"])),
    ("error gathering device information while adding custom device {}: {}", Options(&["device"])),
    ("invalid device cgroup rule format: {}", Options(&["device-cgroup-rule"])),
    ("Duplicate mount point: {}", Options(&["volume", "tmpfs"])),
    ("invalid volume specification: {}", Options(&["volume"])),
    ("create {}: volume name is too short, {}", Options(&["volume"])),
    ("create {} includes invalid characters for a local volume name, {}", Options(&["volume"])),
    (
        "create {}: error looking up volume plugin {}: plugin {} not found",
        Options(&["volume-driver"]),
    ),
    ("invalid tmpfs option {}", Options(&["tmpfs"])),
    ("Invalid value: {}, valid memory swappiness range is 0-100", Options(&["memory-swappiness"])),
    ("Invalid isolation: {} - linux only supports 'default'", Options(&["isolation"])),
    (
        "image with reference {} was found but does not match the specified platform: {}",
        Options(&["platform"]),
    ),
    ("Invalid IPC mode: {}", Options(&["ipc"])),
    ("address {}: invalid MAC address", Options(&["mac-address"])),
    ("bad format for add-host: {}", Options(&["add-host"])),
    (
        "You should always set the Memory limit when using Memoryswap limit, see usage",
        Options(&["memory-swap"]),
    ),
    (
        "Minimum memory limit can not be less than memory reservation limit, see usage",
        Options(&["memory-reservation"]),
    ),
    ("Minimum kernel memory limit allowed is {}", Options(&["kernel-memory"])),
    ("SHM size can not be less than 0", Options(&["shm-size"])),
    ("Invalid value {}, range for oom score adj is {}", Options(&["oom-score-adj"])),
    ("CPU cfs period can not be less than {}", Options(&["cpu-period"])),
    ("CPU cfs quota can not be less than {}", Options(&["cpu-quota"])),
];

const PODMAN: &[Row] = &[
    ("no such image: {}: image not known", Image),
    (
        "container create: creating container storage: the container name {} is already in use by \
         {}. You have to remove that container to be able to reuse that name: that name is already \
         in use",
        Name,
    ),
    ("container create: statfs {}: no such file or directory", Source),
    ("cannot listen on the TCP port: listen {}: bind: address already in use", Port),
    ("rootlessport listen {}: bind: address already in use", Port),
    (
        "cannot listen on the TCP port: listen {}: bind: cannot assign requested address",
        Options(&["port", "publish"]),
    ),
    (
        "rootlessport listen {}: bind: cannot assign requested address",
        Options(&["port", "publish"]),
    ),
    (
        "container create: creating container storage: creating read-write layer with ID {}: \
         --storage-opt is not supported for {}",
        Disk,
    ),
    (
        "container create: unable to find network with name or ID {}: network not found",
        Options(&["network"]),
    ),
    (
        "container create: looking up container to share net namespace with: {}",
        Options(&["network"]),
    ),
    ("container create: looking up container {} for volumes-from: {}", Options(&["volumes-from"])),
    (
        "container create: invalid option {} specified - volumes from another container can only \
         use {}",
        Options(&["volumes-from"]),
    ),
    ("container create: {}: unknown capability", Options(&["cap-add", "cap-drop"])),
    ("fill out specgen: invalid --security-opt {}: {}", Options(&["security-opt"])),
    ("container create: opening seccomp profile failed: {}", Options(&["security-opt"])),
    ("container create: apparmor profile {} specified, but {}", Options(&["security-opt"])),
    (
        "container create: requested CPUs are not available - requested {}",
        Options(&["cpuset-cpus"]),
    ),
    ("container create: invalid value {} for cpuset cpus", Options(&["cpuset-cpus"])),
    (
        "container create: requested memory nodes are not available - requested {}",
        Options(&["cpuset-mems"]),
    ),
    ("container create: invalid value {} for cpuset mems", Options(&["cpuset-mems"])),
    (
        "looking up supplemental groups for container {}: Unable to find group {}: no matching \
         entries in group file",
        Options(&["group-add"]),
    ),
    ("fill out specgen: invalid signal: {}", Options(&["stop-signal"])),
    ("container create: stat {}: no such file or directory", Options(&["device"])),
    ("container create: {} is not a valid device: not a device node", Options(&["device"])),
    ("fill out specgen: {}: duplicate mount destination", Options(&["volume", "tmpfs"])),
    ("fill out specgen: invalid option type {}", Options(&["volume"])),
    ("container create: creating named volume {}: {}", Options(&["volume"])),
    ("container create: unknown mount option {}: invalid mount option", Options(&["tmpfs"])),
    (
        "container create: invalid value: {}, valid memory swappiness range is 0-100",
        Options(&["memory-swappiness"]),
    ),
    ("fill out specgen: sysctl {} is not allowed", Options(&["sysctl"])),
    ("container create: sysctl {} can't be set since {}", Options(&["sysctl"])),
    ("fill out specgen: ulimit option {} requires name=SOFT:HARD, {}", Options(&["ulimit"])),
    ("container create: looking up container to share ipc namespace with: {}", Options(&["ipc"])),
    ("fill out specgen: unrecognized namespace mode {} passed", Options(&["ipc"])),
    (
        "creating hosts file for container {}: failed to create new hosts file: unable to parse \
         host entry {}",
        Options(&["add-host"]),
    ),
    (
        "container create: you should always set a memory limit when using a memoryswap limit, see \
         usage",
        Options(&["memory-swap"]),
    ),
    (
        "container create: minimum memory limit cannot be less than memory reservation limit, see \
         usage",
        Options(&["memory-reservation"]),
    ),
    ("container create: CPU cfs period cannot be less than {}", Options(&["cpu-period"])),
    ("container create: CPU cfs quota cannot be less than {}", Options(&["cpu-quota"])),
];

/// Both have them from one library.
const BOTH: &[Row] = &[
    ("unable to find user {}: no matching entries in passwd file", Options(&["user"])),
    ("unable to find group {}: no matching entries in group file", Options(&["user"])),
];

/// How each engine passes on what runc says, and older ones did.
const FRAMES: &[(&str, &str)] = &[
    ("failed to create shim task: OCI runtime create failed: runc create failed: ", ": unknown"),
    ("runc: runc create failed: ", ": OCI runtime error"),
    ("runc: runc create failed: ", ": OCI permission denied"),
    (
        "runc: runc create failed: ",
        ": OCI runtime attempted to invoke a command that was not found",
    ),
];
/// What Docker adds to a mount that failed.
const ADVICE: &str = ": Are you trying to mount a directory onto a file (or vice-versa)? Check if \
                      the specified host path exists and is the expected type";

const RUNC: &[Row] = &[
    ("string {} is not a valid action for seccomp", Options(&["security-opt"])),
    (
        "unable to start container process: error during container init: error mounting {}",
        Options(&["volume", "tmpfs", "device"]),
    ),
    (
        "unable to start container process: unable to apply caps: operation not permitted",
        Options(&["privileged", "cap-add"]),
    ),
    (
        "unable to start container process: unable to apply cgroup configuration: failed to write \
         {}/cpu.rt_runtime_us: {}",
        Options(&["cpu-rt-runtime", "cpu-rt-period"]),
    ),
    (
        "unable to start container process: unable to apply cgroup configuration: mkdir {}",
        Options(&["cgroup-parent"]),
    ),
    ("sysctl {} is not in a separate kernel namespace", Options(&["sysctl"])),
    ("sysctl {} not allowed in host network namespace", Options(&["sysctl"])),
    (
        "unable to start container process: error during container init: write /proc/sys/{}",
        Options(&["sysctl"]),
    ),
    ("wrong rlimit value: {}", Options(&["ulimit"])),
    (
        "unable to start container process: error during container init: error setting rlimits \
         for ready process: {}",
        Options(&["ulimit"]),
    ),
    ("unable to start container process: exec: {}", Options(&["entrypoint"])),
    (
        "unable to start container process: error during container init: error running hook \
         {}nvidia-container-cli: {}",
        Gpu,
    ),
    ("error modifying OCI spec: failed to inject CDI devices: {}", Gpu),
];

/// What an engine means with `message`; none: nobody knows.
pub(super) fn meaning(message: &str) -> Option<Meaning> {
    row(message).map(|(_, meaning)| *meaning)
}

fn row(message: &str) -> Option<&'static Row> {
    let of = |rows: &'static [Row], message: &str| {
        rows.iter().find(|(pattern, _)| fits(pattern, message))
    };
    let inner = message.strip_suffix(ADVICE).unwrap_or(message);
    let framed = FRAMES
        .iter()
        .filter_map(|(before, after)| inner.strip_prefix(before)?.strip_suffix(after))
        .find_map(|said| of(RUNC, said));
    framed.or_else(|| [DOCKER, PODMAN, BOTH].iter().find_map(|rows| of(rows, message)))
}

/// The rows that are the meaning of none of these.
#[cfg(test)]
pub(super) fn patterns_without(messages: &[&str]) -> Vec<&'static str> {
    let seen: Vec<&str> =
        messages.iter().filter_map(|message| row(message)).map(|row| row.0).collect();
    let all = [DOCKER, PODMAN, BOTH, RUNC].into_iter().flatten().map(|row| row.0);
    all.filter(|pattern| !seen.contains(pattern)).collect()
}
