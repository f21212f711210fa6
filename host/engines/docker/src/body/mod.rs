//! A container in the words of the engine's API: [`RunSpec`] as the body of
//! `POST /containers/create`. Nothing is decided here.

use std::collections::HashMap;

use bollard::models::{
    ContainerCreateBody, DeviceMapping, DeviceRequest, HostConfig, HostConfigIsolationEnum, Mount,
    MountType, PortBinding, ResourcesUlimits, RestartPolicy, RestartPolicyNameEnum,
};

use crate::contract::{
    HostPort, Isolation, MountedFiles, ProjectMount, Published, RunOptions, RunSpec,
};
use crate::domain::{Gpu, Resources};

/// The whole body, but for what not all engines take alike
/// ([`CreateRequest`](super::create::CreateRequest)).
pub(crate) fn create_body(run: &RunSpec) -> ContainerCreateBody {
    let RunOptions { hostname, domainname, interactive, tty, stop_signal, .. } = &run.options;
    let mut host = host_config(&run.options);
    // An engine may have a default of its own.
    host.init = Some(run.options.init);
    host.userns_mode.clone_from(&run.user_namespace);
    host.restart_policy =
        Some(RestartPolicy { name: Some(RestartPolicyNameEnum::NO), maximum_retry_count: None });
    host.mounts = run.project.as_ref().and_then(mount).map(|mount| vec![mount]);
    let bindings = bindings(&run.ports);
    let exposed_ports = bindings.keys().cloned().collect();
    host.port_bindings = Some(bindings);
    apply(&run.resources, &mut host);
    let lines = run.environment.iter().map(|(name, value)| format!("{name}={value}"));
    ContainerCreateBody {
        image: Some(run.image.clone()),
        entrypoint: run.entrypoint.clone(),
        cmd: run.command.clone(),
        user: run.user.clone(),
        env: Some(lines.collect()),
        working_dir: run.working_directory.clone(),
        labels: Some(run.labels.clone().into_iter().collect()),
        exposed_ports: Some(exposed_ports),
        hostname: hostname.clone(),
        domainname: domainname.clone(),
        open_stdin: on(*interactive),
        tty: on(*tty),
        stop_signal: stop_signal.clone(),
        host_config: Some(host),
        ..ContainerCreateBody::default()
    }
}

/// The options that are the host's part of the body. Every field of them is named:
/// one that is added has to be translated before this compiles.
pub(crate) fn host_config(options: &RunOptions) -> HostConfig {
    let RunOptions {
        init,
        rm,
        group_add,
        runtime,
        cgroup_parent,
        isolation,
        ipc,
        volume,
        volumes_from,
        volume_driver,
        tmpfs,
        read_only,
        network,
        dns,
        dns_search,
        dns_option,
        add_host,
        sysctl,
        shm_size,
        memory_reservation,
        memory_swap,
        memory_swappiness,
        oom_kill_disable,
        oom_score_adj,
        cpu_shares,
        cpu_period,
        cpu_quota,
        cpu_rt_period,
        cpu_rt_runtime,
        cpuset_cpus,
        cpuset_mems,
        cpu_count,
        cpu_percent,
        blkio_weight,
        pids_limit,
        ulimit,
        privileged,
        cap_add,
        cap_drop,
        security_opt,
        system_paths_unconfined,
        device,
        device_cgroup_rule,
        // In the body itself.
        interactive: _,
        tty: _,
        stop_signal: _,
        hostname: _,
        domainname: _,
        // Where the engine at hand takes them, see `create`; the last one is a
        // parameter of the request.
        mac_address: _,
        kernel_memory: _,
        platform: _,
    } = options;
    let unconfined = || system_paths_unconfined.then(Vec::new);
    HostConfig {
        init: on(*init),
        auto_remove: on(*rm),
        group_add: list(group_add, Clone::clone),
        runtime: runtime.clone(),
        cgroup_parent: cgroup_parent.clone(),
        isolation: isolation.map(|isolation| match isolation {
            Isolation::Default => HostConfigIsolationEnum::DEFAULT,
            Isolation::Process => HostConfigIsolationEnum::PROCESS,
            Isolation::Hyperv => HostConfigIsolationEnum::HYPERV,
        }),
        ipc_mode: ipc.clone(),
        binds: list(volume, |it| {
            let mode = it.mode.as_ref().map(|mode| format!(":{mode}")).unwrap_or_default();
            format!("{}:{}{mode}", it.source, it.target)
        }),
        volumes_from: list(volumes_from, Clone::clone),
        volume_driver: volume_driver.clone(),
        tmpfs: (!tmpfs.is_empty()).then(|| tmpfs.clone().into_iter().collect()),
        readonly_rootfs: on(*read_only),
        network_mode: network.clone(),
        dns: list(dns, Clone::clone),
        dns_search: list(dns_search, Clone::clone),
        dns_options: list(dns_option, Clone::clone),
        extra_hosts: list(add_host, Clone::clone),
        sysctls: (!sysctl.is_empty()).then(|| sysctl.clone().into_iter().collect()),
        shm_size: *shm_size,
        memory_reservation: *memory_reservation,
        memory_swap: *memory_swap,
        memory_swappiness: *memory_swappiness,
        oom_kill_disable: on(*oom_kill_disable),
        oom_score_adj: *oom_score_adj,
        cpu_shares: *cpu_shares,
        cpu_period: *cpu_period,
        cpu_quota: *cpu_quota,
        cpu_realtime_period: *cpu_rt_period,
        cpu_realtime_runtime: *cpu_rt_runtime,
        cpuset_cpus: cpuset_cpus.clone(),
        cpuset_mems: cpuset_mems.clone(),
        cpu_count: *cpu_count,
        cpu_percent: *cpu_percent,
        blkio_weight: *blkio_weight,
        pids_limit: *pids_limit,
        ulimits: list(ulimit, |it| ResourcesUlimits {
            name: Some(it.name.clone()),
            soft: Some(it.soft),
            hard: Some(it.hard),
        }),
        privileged: on(*privileged),
        cap_add: list(cap_add, Clone::clone),
        cap_drop: list(cap_drop, Clone::clone),
        security_opt: list(security_opt, Clone::clone),
        masked_paths: unconfined(),
        readonly_paths: unconfined(),
        devices: list(device, |it| DeviceMapping {
            path_on_host: Some(it.host.clone()),
            path_in_container: Some(it.container.clone()),
            cgroup_permissions: Some(it.rights.clone()),
        }),
        device_cgroup_rules: list(device_cgroup_rule, Clone::clone),
        ..HostConfig::default()
    }
}

/// A flag that was not typed is left out: engines have defaults of their own.
fn on(flag: bool) -> Option<bool> {
    flag.then_some(true)
}

fn list<T, U>(items: &[T], translate: impl FnMut(&T) -> U) -> Option<Vec<U>> {
    (!items.is_empty()).then(|| items.iter().map(translate).collect())
}

/// A mount, not a `Binds` line: those break at colons in paths, and create a
/// source that is not there.
fn mount(project: &ProjectMount) -> Option<Mount> {
    let (typ, source) = match &project.files {
        MountedFiles::Folder(root) => (MountType::BIND, root.to_string_lossy().into_owned()),
        MountedFiles::Volume(volume) => (MountType::VOLUME, volume.clone()),
        MountedFiles::Nowhere => return None,
    };
    Some(Mount {
        typ: Some(typ),
        source: Some(source),
        target: Some(project.target.clone()),
        read_only: Some(false),
        ..Mount::default()
    })
}

fn bindings(ports: &[Published]) -> HashMap<String, Option<Vec<PortBinding>>> {
    let mut bindings: HashMap<String, Option<Vec<PortBinding>>> = HashMap::new();
    for published in ports {
        let port = format!("{}/{}", published.container, published.protocol.as_str());
        let at = binding(&published.host);
        bindings.entry(port).or_default().get_or_insert_default().push(at);
    }
    bindings
}

/// A free port is chosen by the engine: empty, because Podman refuses `0`.
fn binding(at: &HostPort) -> PortBinding {
    PortBinding {
        host_ip: Some(at.address.to_string()),
        host_port: Some(at.port.map(|port| port.to_string()).unwrap_or_default()),
    }
}

fn apply(resources: &Resources, host: &mut HostConfig) {
    host.nano_cpus = resources.cpu.map(nano_cpus);
    host.memory = resources.memory.and_then(|bytes| i64::try_from(bytes).ok());
    host.storage_opt =
        resources.disk.map(|bytes| HashMap::from([("size".to_owned(), bytes.to_string())]));
    host.device_requests = resources.gpu.as_ref().map(|gpu| vec![device_request(gpu)]);
}

fn device_request(gpu: &Gpu) -> DeviceRequest {
    let (count, device_ids) = match gpu {
        Gpu::Count(count) => (Some(i64::from(*count)), None),
        Gpu::All => (Some(-1), None),
        Gpu::Devices(devices) => (None, Some(devices.clone())),
    };
    DeviceRequest {
        count,
        device_ids,
        capabilities: Some(vec![vec!["gpu".to_owned()]]),
        ..DeviceRequest::default()
    }
}

/// Fits: checked to be at most the number of CPUs.
fn nano_cpus(cpus: f64) -> i64 {
    (cpus * 1e9).round() as i64
}

#[cfg(test)]
mod tests;
