//! CPU, memory, disk and GPU. What the engine cannot do is an error before
//! anything runs, never silently left out.

use std::collections::HashMap;

use bollard::models::{DeviceRequest, HostConfig};

use super::ContainersError;
use super::facts::EngineFacts;
use crate::domain::{Gpu, Resources};

/// Storage drivers with quotas of their own.
const DRIVERS_WITH_QUOTA: [&str; 4] = ["btrfs", "zfs", "devicemapper", "windowsfilter"];

/// Whether the engine has to be asked about itself for these.
pub(super) fn need_facts(resources: &Resources) -> bool {
    resources.cpu.is_some() || resources.disk.is_some() || resources.gpu.is_some()
}

/// Checks numbers that are wrong on every engine.
///
/// # Errors
///
/// [`ContainersError::InvalidResource`].
pub(super) fn check(resources: &Resources) -> Result<(), ContainersError> {
    let invalid = |what, rule| Err(ContainersError::InvalidResource { what, rule });
    if resources.cpu.is_some_and(|cpu| !cpu.is_finite() || cpu < 0.001) {
        return invalid("the number of CPUs", "greater than zero");
    }
    if resources.memory.is_some_and(|bytes| bytes == 0 || i64::try_from(bytes).is_err()) {
        return invalid("the amount of memory", "greater than zero and less than 8 EiB");
    }
    if resources.disk == Some(0) {
        return invalid("the amount of disk space", "greater than zero");
    }
    match &resources.gpu {
        Some(Gpu::Count(0)) => invalid("the number of GPUs", "greater than zero"),
        Some(Gpu::Devices(devices)) if devices.is_empty() => {
            invalid("the list of GPUs", "one device or more")
        }
        _ => Ok(()),
    }
}

/// Checks what this engine can do.
///
/// Docker finds the NVIDIA toolkit also without a runtime of that name, so that
/// only its own answer about GPUs is right ([`refused`]). Podman would start
/// the container without.
///
/// # Errors
///
/// [`ContainersError::CpuOverLimit`], `DiskUnsupported`, `GpuUnavailable`.
pub(super) fn check_engine(
    resources: &Resources,
    facts: &EngineFacts,
) -> Result<(), ContainersError> {
    if let (Some(asked), Some(available)) = (resources.cpu, facts.cpus)
        && asked > cpus_as_float(available)
    {
        return Err(ContainersError::CpuOverLimit { asked, available });
    }
    if resources.disk.is_some() && !can_limit_disk(facts) {
        return Err(disk_unsupported(facts));
    }
    if resources.gpu.is_some() && facts.podman {
        return Err(ContainersError::GpuUnavailable {
            message: "Podman leaves out requests for GPUs that come from other programs".to_owned(),
        });
    }
    Ok(())
}

/// A bound of a grant that is more than this engine has bounds nothing: nobody asked
/// for that many.
pub(super) fn at_most_all_cpus(resources: &mut Resources, facts: &EngineFacts) {
    if let (Some(cpu), Some(available)) = (&mut resources.cpu, facts.cpus) {
        *cpu = cpu.min(cpus_as_float(available));
    }
}

/// What is left when the one that `error` is about is not asked for; none when it
/// is about something else.
pub(super) fn without(resources: &Resources, error: &ContainersError) -> Option<Resources> {
    let resources = resources.clone();
    match error {
        ContainersError::CpuOverLimit { .. } => Some(Resources { cpu: None, ..resources }),
        ContainersError::DiskUnsupported { .. } => Some(Resources { disk: None, ..resources }),
        ContainersError::GpuUnavailable { .. } => Some(Resources { gpu: None, ..resources }),
        _ => None,
    }
}

/// Writes them into the engine's settings.
pub(super) fn apply(resources: &Resources, host: &mut HostConfig) {
    host.nano_cpus = resources.cpu.map(nano_cpus);
    host.memory = resources.memory.and_then(|bytes| i64::try_from(bytes).ok());
    host.storage_opt =
        resources.disk.map(|bytes| HashMap::from([("size".to_owned(), bytes.to_string())]));
    host.device_requests = resources.gpu.as_ref().map(|gpu| vec![device_request(gpu)]);
}

/// The named error in the engine's answer to create or start, if it is about
/// resources.
pub(super) fn refused(
    message: &str,
    resources: &Resources,
    facts: Option<&EngineFacts>,
) -> Option<ContainersError> {
    if resources.gpu.is_some()
        && ["could not select device driver", "nvidia", "CDI"].iter().any(|it| message.contains(it))
    {
        return Some(ContainersError::GpuUnavailable { message: message.to_owned() });
    }
    if resources.disk.is_some() && (message.contains("storage-opt") || message.contains("quota")) {
        return facts.map(disk_unsupported);
    }
    None
}

pub(super) fn can_limit_disk(facts: &EngineFacts) -> bool {
    // On xfs it depends on a mount option that the engine does not report: it
    // answers the create request with an error that `refused` knows.
    DRIVERS_WITH_QUOTA.contains(&facts.storage_driver.as_str())
        || (facts.storage_driver.starts_with("overlay2") && facts.backing_filesystem == "xfs")
}

fn disk_unsupported(facts: &EngineFacts) -> ContainersError {
    ContainersError::DiskUnsupported { driver: storage(facts) }
}

/// The storage driver, and the file system under it.
pub(super) fn storage(facts: &EngineFacts) -> String {
    if facts.backing_filesystem.is_empty() {
        facts.storage_driver.clone()
    } else {
        format!("{} on {}", facts.storage_driver, facts.backing_filesystem)
    }
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

/// Exact: no machine has 2^53 CPUs.
fn cpus_as_float(cpus: u64) -> f64 {
    cpus as f64
}

/// Fits: checked to be at most the number of CPUs.
fn nano_cpus(cpus: f64) -> i64 {
    (cpus * 1e9).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(driver: &str, filesystem: &str) -> EngineFacts {
        EngineFacts {
            cpus: Some(2),
            storage_driver: driver.into(),
            backing_filesystem: filesystem.into(),
            ..EngineFacts::default()
        }
    }

    #[test]
    fn more_cpus_than_the_engine_has_are_refused_before_anything_starts() {
        let resources = Resources { cpu: Some(2.5), ..Resources::default() };
        let error = check_engine(&resources, &facts("overlay2", "extfs")).expect_err("too many");
        assert_eq!(error.to_string(), "2.5 CPUs were asked for, but the engine has 2");
        let resources = Resources { cpu: Some(2.0), ..Resources::default() };
        assert!(check_engine(&resources, &facts("overlay2", "extfs")).is_ok());
    }

    #[test]
    fn a_disk_limit_is_refused_where_the_storage_knows_none() {
        let resources = Resources { disk: Some(1), ..Resources::default() };
        let error = check_engine(&resources, &facts("overlay2", "extfs")).expect_err("no quota");
        assert_eq!(
            error.to_string(),
            "this engine cannot limit disk space (storage driver `overlay2 on extfs`)"
        );
        assert!(check_engine(&resources, &facts("btrfs", "")).is_ok());
        assert!(check_engine(&resources, &facts("overlay2", "xfs")).is_ok());
        let message =
            "--storage-opt is supported only for overlay over xfs with 'pquota' mount option";
        let error = refused(message, &resources, Some(&facts("overlay2", "xfs"))).expect("named");
        assert_eq!(
            error.to_string(),
            "this engine cannot limit disk space (storage driver `overlay2 on xfs`)"
        );
    }

    #[test]
    fn an_engine_without_gpus_is_named_only_when_gpus_were_asked_for() {
        let message = "could not select device driver \"\" with capabilities: [[gpu]]";
        let resources = Resources { gpu: Some(Gpu::All), ..Resources::default() };
        assert!(matches!(
            refused(message, &resources, None),
            Some(ContainersError::GpuUnavailable { .. })
        ));
        assert!(refused(message, &Resources::default(), None).is_none());
        let podman = EngineFacts { podman: true, ..facts("overlay", "extfs") };
        let error = check_engine(&resources, &podman).expect_err("would be left out");
        assert_eq!(error.to_string(), "this engine has no GPU for containers");
        assert!(check_engine(&resources, &facts("overlay2", "extfs")).is_ok(), "Docker is asked");
    }

    #[test]
    fn every_resource_reaches_the_engine_in_its_own_unit() {
        let mut host = HostConfig::default();
        let resources = Resources {
            cpu: Some(1.5),
            memory: Some(2 << 30),
            disk: Some(10),
            gpu: Some(Gpu::Devices(vec!["GPU-1".into()])),
        };
        apply(&resources, &mut host);
        assert_eq!(
            serde_json::to_value(&host).expect("json"),
            serde_json::json!({
                "NanoCpus": 1_500_000_000,
                "Memory": 2_147_483_648_u64,
                "StorageOpt": {"size": "10"},
                "DeviceRequests": [{"DeviceIDs": ["GPU-1"], "Capabilities": [["gpu"]]}],
            })
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for cpu in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let resources = Resources { cpu: Some(cpu), ..Resources::default() };
            assert!(check(&resources).is_err(), "{cpu}");
        }
        for memory in [0, u64::MAX] {
            let resources = Resources { memory: Some(memory), ..Resources::default() };
            assert!(check(&resources).is_err(), "{memory}");
        }
        let resources = Resources { gpu: Some(Gpu::Count(0)), ..Resources::default() };
        assert_eq!(
            check(&resources).expect_err("no GPU").to_string(),
            "the number of GPUs must be greater than zero"
        );
    }
}
