use super::*;
use crate::contract::HostPort;
use crate::domain::{Gpu, Resources, Transport};

/// What Docker Engine 20.10.24 answered to a container with a wrong value of an option.
const DOCKER: &[(&str, &str)] = &[
    (
        "port",
        "driver failed programming external connectivity on endpoint a1 (d0c155805fd0): Error starting userland proxy: listen tcp4 192.0.2.1:8099: bind: cannot assign requested address",
    ),
    ("network", "network renku-test-nowhere not found"),
    ("network", "No such container: renku-nobody"),
    ("runtime", "Unknown runtime specified nowhere"),
    ("volumes-from", "No such container: renku-test-nobody"),
    ("volumes-from", "invalid mode: xx"),
    ("cap-add", r#"invalid CapAdd: unknown capability: "CAP_NOTHING""#),
    ("cap-drop", r#"invalid CapDrop: unknown capability: "CAP_NOTHING""#),
    ("security-opt", r#"invalid --security-opt 2: "nothing=1""#),
    ("security-opt", r#"invalid --security-opt 1: "nothing""#),
    (
        "security-opt",
        "failed to create shim task: OCI runtime create failed: runc create failed: string NOPE is not a valid action for seccomp: unknown",
    ),
    ("cpuset-cpus", "Requested CPUs are not available - requested 5000, available: 0-1"),
    ("cpuset-cpus", "Invalid value x for cpuset cpus: invalid format: x"),
    ("cpuset-mems", "Requested memory nodes are not available - requested 50, available: 0"),
    ("cpuset-mems", "Invalid value x for cpuset mems: invalid format: x"),
    ("user", "unable to find user nobody-there: no matching entries in passwd file"),
    ("user", "unable to find group nobody-there: no matching entries in group file"),
    ("group-add", "Unable to find group nobody-there: no matching entries in group file"),
    ("stop-signal", "Invalid signal: SIGNOTHING"),
    (
        "device",
        r#"error gathering device information while adding custom device "/dev/nothing": no such file or directory"#,
    ),
    (
        "device",
        r#"error gathering device information while adding custom device "/etc/passwd": not a device node"#,
    ),
    ("device-cgroup-rule", "invalid device cgroup rule format: 'x 1:1 rwm'"),
    ("volume", "Duplicate mount point: /data"),
    ("volume", "invalid mode: zz"),
    (
        "volume",
        r#"invalid volume specification: '/tmp:/': invalid mount config for type "bind": invalid specification: destination can't be '/'"#,
    ),
    (
        "volume",
        "create a: volume name is too short, names should be at least two alphanumeric characters",
    ),
    (
        "volume",
        r#"create ab/c: "ab/c" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path"#,
    ),
    (
        "volume-driver",
        r#"create renkuxvol: error looking up volume plugin nowhere: plugin "nowhere" not found"#,
    ),
    ("tmpfs", r#"invalid tmpfs option ["nothing" "1"]"#),
    (
        "volume",
        r#"failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "/tmp" to rootfs at "/etc/passwd": mount /tmp:/etc/passwd (via /proc/self/fd/6), flags: 0x5000: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type"#,
    ),
    (
        "volume",
        r#"failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "/etc/hostname" to rootfs at "/bin": mount /etc/hostname:/bin (via /proc/self/fd/6), flags: 0x5000: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type"#,
    ),
    (
        "privileged",
        "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: unable to apply caps: operation not permitted: unknown",
    ),
    (
        "cpu-rt-runtime",
        r#"failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: unable to apply cgroup configuration: failed to write "950000": write /sys/fs/cgroup/cpu/docker/02515fcfde8513d0623b1f4f9b6b51aee0ebbcc1b0bc05092d5327579210fedd/cpu.rt_runtime_us: invalid argument: unknown"#,
    ),
    ("memory-swappiness", "Invalid value: 200, valid memory swappiness range is 0-100"),
    (
        "sysctl",
        r#"failed to create shim task: OCI runtime create failed: runc create failed: sysctl "kernel.nothing" is not in a separate kernel namespace: unknown"#,
    ),
    (
        "sysctl",
        r#"failed to create shim task: OCI runtime create failed: runc create failed: sysctl "net.ipv4.ip_forward" not allowed in host network namespace: unknown"#,
    ),
    (
        "sysctl",
        "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: write /proc/sys/net/ipv4/ip_forward: invalid argument: unknown",
    ),
    (
        "ulimit",
        "failed to create shim task: OCI runtime create failed: runc create failed: wrong rlimit value: RLIMIT_NOTHING: unknown",
    ),
    (
        "ulimit",
        "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted: unknown",
    ),
    (
        "ulimit",
        "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 7: invalid argument: unknown",
    ),
    ("isolation", r#"Invalid isolation: "hyperv" - linux only supports 'default'"#),
    (
        "platform",
        "image with reference renku-test/httpd:latest was found but does not match the specified platform: wanted linux/nothing, actual: linux/amd64",
    ),
    ("ipc", "Invalid IPC mode: nothing"),
    (
        "entrypoint",
        r#"failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/nowhere": stat /nowhere: no such file or directory: unknown"#,
    ),
    (
        "entrypoint",
        r#"failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "nowhere": executable file not found in $PATH: unknown"#,
    ),
    (
        "entrypoint",
        r#"failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/etc": permission denied: unknown"#,
    ),
    ("mac-address", "address zz: invalid MAC address"),
    ("add-host", r#"bad format for add-host: "x""#),
    (
        "memory-swap",
        "You should always set the Memory limit when using Memoryswap limit, see usage",
    ),
    (
        "memory-reservation",
        "Minimum memory limit can not be less than memory reservation limit, see usage",
    ),
    ("kernel-memory", "Minimum kernel memory limit allowed is 6MB"),
    ("shm-size", "SHM size can not be less than 0"),
    ("oom-score-adj", "Invalid value 5000, range for oom score adj is [-1000, 1000]"),
    (
        "cpu-period",
        "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)",
    ),
    ("cpu-quota", "CPU cfs quota can not be less than 1ms (i.e. 1000)"),
    (
        "port",
        "driver failed programming external connectivity on endpoint a1 (9c02c81f396c): Error starting userland proxy: listen tcp4 192.0.2.7:32777: bind: cannot assign requested address",
    ),
];

/// The same of Podman 4.3.1, as root and rootless.
const PODMAN: &[(&str, &str)] = &[
    (
        "port",
        "cannot listen on the TCP port: listen tcp4 192.0.2.1:8099: bind: cannot assign requested address",
    ),
    ("port", "rootlessport listen tcp 192.0.2.1:8099: bind: cannot assign requested address"),
    (
        "network",
        "container create: unable to find network with name or ID renku-test-nowhere: network not found",
    ),
    (
        "network",
        r#"container create: looking up container to share net namespace with: no container with name or ID "renku-nobody" found: no such container"#,
    ),
    (
        "volumes-from",
        r#"container create: looking up container "renku-test-nobody" for volumes-from: no container with name or ID "renku-test-nobody" found: no such container"#,
    ),
    (
        "volumes-from",
        r#"container create: invalid option "xx" specified - volumes from another container can only use z,ro,rw options"#,
    ),
    ("cap-add", r#"container create: "CAP_NOTHING": unknown capability"#),
    ("security-opt", r#"fill out specgen: invalid --security-opt 2: "nothing=1""#),
    ("security-opt", r#"fill out specgen: invalid --security-opt 1: "nothing""#),
    (
        "security-opt",
        r#"container create: opening seccomp profile failed: open {"defaultAction":"NOPE"}: no such file or directory"#,
    ),
    (
        "security-opt",
        r#"container create: apparmor profile "nowhere" specified, but Apparmor is not enabled on this system"#,
    ),
    (
        "cpuset-cpus",
        "container create: requested CPUs are not available - requested 5000, available: 0-1",
    ),
    ("cpuset-cpus", "container create: invalid value x for cpuset cpus"),
    (
        "cpuset-mems",
        "container create: requested memory nodes are not available - requested 50, available: 0",
    ),
    ("cpuset-mems", "container create: invalid value x for cpuset mems"),
    ("user", "unable to find user nobody-there: no matching entries in passwd file"),
    ("user", "unable to find group nobody-there: no matching entries in group file"),
    (
        "group-add",
        "looking up supplemental groups for container 20bc46e579c4f1a18ffec13576559b41170fb47672b2f8bb6cf040ca954d47ea: Unable to find group nobody-there: no matching entries in group file",
    ),
    ("stop-signal", "fill out specgen: invalid signal: SIGNOTHING"),
    ("device", "container create: stat /dev/nothing: no such file or directory"),
    ("device", "container create: /etc/passwd is not a valid device: not a device node"),
    ("volume", "fill out specgen: /data: duplicate mount destination"),
    ("volume", r#"fill out specgen: invalid option type "zz""#),
    (
        "volume",
        r#"container create: creating named volume "ab/c": running volume create option: names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument"#,
    ),
    ("tmpfs", r#"container create: unknown mount option "nothing=1": invalid mount option"#),
    (
        "volume",
        r#"runc: runc create failed: unable to start container process: error during container init: error mounting "/etc/hostname" to rootfs at "/bin": mount /etc/hostname:/bin (via /proc/self/fd/6), flags: 0x5000: not a directory: OCI runtime error"#,
    ),
    (
        "cpu-rt-runtime",
        r#"runc: runc create failed: unable to start container process: unable to apply cgroup configuration: failed to write "950000": write /sys/fs/cgroup/cpu/libpod_parent/libpod-743b37f0ad50faa5c9b3a5a4b868b03f8300ded3556d922e560a8d6855a1ef7e/cpu.rt_runtime_us: invalid argument: OCI runtime error"#,
    ),
    (
        "memory-swappiness",
        "container create: invalid value: 200, valid memory swappiness range is 0-100",
    ),
    ("sysctl", "fill out specgen: sysctl 'kernel.nothing' is not allowed"),
    (
        "sysctl",
        "container create: sysctl net.ipv4.ip_forward=1 can't be set since Network Namespace set to host: invalid argument",
    ),
    (
        "sysctl",
        "runc: runc create failed: unable to start container process: error during container init: write /proc/sys/net/ipv4/ip_forward: invalid argument: OCI runtime error",
    ),
    (
        "ulimit",
        r#"fill out specgen: ulimit option "nothing=1:1" requires name=SOFT:HARD, failed to be parsed: invalid ulimit type: nothing"#,
    ),
    (
        "ulimit",
        "runc: runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted: OCI permission denied",
    ),
    (
        "ulimit",
        r#"fill out specgen: ulimit option "nofile=20:10" requires name=SOFT:HARD, failed to be parsed: ulimit soft limit must be less than or equal to hard limit: 20 > 10"#,
    ),
    ("ipc", "fill out specgen: unrecognized namespace mode nothing passed"),
    (
        "ipc",
        r#"container create: looking up container to share ipc namespace with: no container with name or ID "renku-nobody" found: no such container"#,
    ),
    (
        "add-host",
        r#"creating hosts file for container 66008741813ef16bf71f5ef9a41029358478f8640ac80557fb59359a6f9caa18: failed to create new hosts file: unable to parse host entry "x": incorrect format"#,
    ),
    (
        "memory-swap",
        "container create: you should always set a memory limit when using a memoryswap limit, see usage",
    ),
    (
        "memory-reservation",
        "container create: minimum memory limit cannot be less than memory reservation limit, see usage",
    ),
    (
        "cpu-period",
        "container create: CPU cfs period cannot be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)",
    ),
    ("cpu-quota", "container create: CPU cfs quota cannot be less than 1ms (i.e. 1000)"),
    (
        "cgroup-parent",
        "runc: runc create failed: unable to start container process: unable to apply cgroup configuration: mkdir /sys/fs/cgroup/cpuset/a/b/libpod-687f6bbdcdfe17b0081d7b6e4d8f9437050fb735bbf4732fa97d18266cab1ac9: permission denied: OCI permission denied",
    ),
    (
        "entrypoint",
        r#"runc: runc create failed: unable to start container process: exec: "/nowhere": stat /nowhere: no such file or directory: OCI runtime attempted to invoke a command that was not found"#,
    ),
    (
        "entrypoint",
        r#"runc: runc create failed: unable to start container process: exec: "nowhere": executable file not found in $PATH: OCI runtime attempted to invoke a command that was not found"#,
    ),
    (
        "entrypoint",
        r#"runc: runc create failed: unable to start container process: exec: "/etc": permission denied: OCI permission denied"#,
    ),
    (
        "port",
        "cannot listen on the TCP port: listen tcp4 192.0.2.7:44271: bind: cannot assign requested address",
    ),
    ("port", "rootlessport listen tcp 192.0.2.7:34419: bind: cannot assign requested address"),
];

#[test]
fn a_refusal_of_an_option_is_known_by_the_whole_message() {
    for (option, message) in DOCKER.iter().chain(PODMAN) {
        let Some(Meaning::Options(options)) = meaning(message) else { panic!("{message}") };
        assert!(options.contains(option), "{options:?}: {message}");
    }
}

/// Answers that are about something else than an option.
const OTHERS: &[(Meaning, &str)] = &[
    (Meaning::Image, "No such image: renku-test/nothing:1"),
    (Meaning::Image, "no such image: docker.io/renku-test/nothing:1: image not known"),
    (
        Meaning::Name,
        "Conflict. The container name \"/a1\" is already in use by container \"43df0294d1f3\". You \
         have to remove (or rename) that container to be able to reuse that name.",
    ),
    (
        Meaning::Name,
        "container create: creating container storage: the container name \"a1\" is already in use \
         by 5a3301bd78a6. You have to remove that container to be able to reuse that name: that \
         name is already in use",
    ),
    (
        Meaning::Port,
        "driver failed programming external connectivity on endpoint a1 (e4ee35edf324): Bind for \
         127.0.0.1:57459 failed: port is already allocated",
    ),
    (
        Meaning::Port,
        "driver failed programming external connectivity on endpoint a1 (f05d8cab515a): Error \
         starting userland proxy: listen tcp4 127.0.0.1:57459: bind: address already in use",
    ),
    (
        Meaning::Port,
        "cannot listen on the TCP port: listen tcp4 127.0.0.1:44193: bind: address already in use",
    ),
    (Meaning::Port, "rootlessport listen tcp 127.0.0.1:48471: bind: address already in use"),
    (
        Meaning::Source,
        "invalid mount config for type \"bind\": bind source path does not exist: /nowhere/x",
    ),
    (Meaning::Source, "container create: statfs /nowhere/x: no such file or directory"),
    (Meaning::Gpu, "could not select device driver \"\" with capabilities: [[gpu]]"),
    (
        Meaning::Disk,
        "--storage-opt is supported only for overlay over xfs with 'pquota' mount option",
    ),
    (
        Meaning::Disk,
        "container create: creating container storage: creating read-write layer with ID \
         \"74333bf31858\": --storage-opt is not supported for vfs",
    ),
];

#[test]
fn other_refusals_are_known_by_the_whole_message() {
    for (expected, message) in OTHERS {
        assert_eq!(meaning(message), Some(*expected), "{message}");
    }
}

/// Each row of the tables has an answer that was taken from an engine, but for those of
/// GPUs and of Docker Desktop: no engine here has them.
#[test]
fn every_row_has_its_message() {
    let messages = DOCKER.iter().chain(PODMAN).map(|(_, message)| *message);
    let messages: Vec<&str> = messages.chain(OTHERS.iter().map(|(_, message)| *message)).collect();
    let unseen: Vec<&str> = table::patterns_without(&messages);
    assert_eq!(
        unseen,
        [
            "Mounts denied: {}",
            "unable to start container process: error during container init: error running hook \
             {}nvidia-container-cli: {}",
            "error modifying OCI spec: failed to inject CDI devices: {}",
        ]
    );
}

fn answer(message: &str, resources: Resources) -> ContainersError {
    let run =
        RunSpec { name: "a1".into(), image: "analysis:1".into(), resources, ..RunSpec::default() };
    let error = bollard::errors::Error::DockerResponseServerError {
        status_code: 500,
        message: message.into(),
    };
    let facts = DockerFacts {
        storage_driver: "overlay2".into(),
        backing_filesystem: "xfs".into(),
        ..DockerFacts::default()
    };
    named(&run, Some(&facts), "create the container", &error)
}

#[test]
fn what_nobody_knows_or_asked_for_is_shown_as_it_is() {
    let gpu = "could not select device driver \"\" with capabilities: [[gpu]]";
    let typed_by_nobody = "Invalid signal: SIGNOTHING";
    for message in ["the moon is full", gpu, typed_by_nobody] {
        let error = answer(message, Resources::default());
        let ContainersError::Engine { message: shown, .. } = &error else { panic!("{error:?}") };
        assert_eq!(shown, message);
        assert_eq!(error.to_string(), "the container engine failed to create the container");
    }
    assert_eq!(meaning("it says: No such image: a"), None);
}

#[test]
fn what_was_asked_for_is_named() {
    let gpu = "could not select device driver \"\" with capabilities: [[gpu]]";
    let wants_gpu = Resources { gpu: Some(Gpu::All), ..Resources::default() };
    assert!(matches!(answer(gpu, wants_gpu), ContainersError::GpuUnavailable { .. }));
    let disk = "--storage-opt is supported only for overlay over xfs with 'pquota' mount option";
    let wants_disk = Resources { disk: Some(1), ..Resources::default() };
    assert_eq!(
        answer(disk, wants_disk).to_string(),
        "this engine cannot limit disk space (storage driver `overlay2 on xfs`)"
    );
    let missing = answer("No such image: analysis:1", Resources::default());
    assert_eq!(missing.to_string(), "there is no image `analysis:1` on this engine");
}

#[test]
fn a_taken_port_is_the_one_that_the_engine_names() {
    let published = |port, container| Published {
        host: HostPort { port, ..HostPort::FREE },
        container,
        protocol: Transport::Tcp,
    };
    let ports = [published(Some(8888), 8888), published(Some(9999), 80)];
    let docker = "Bind for 127.0.0.1:9999 failed: port is already allocated";
    let kernel = "listen tcp4 127.0.0.1:8888: bind: address already in use";
    assert_eq!(taken_port(&ports, docker), Some(9999));
    assert_eq!(taken_port(&ports, kernel), Some(8888));
    assert_eq!(taken_port(&[published(None, 80)], docker), None);
}
