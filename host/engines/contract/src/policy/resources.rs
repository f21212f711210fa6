//! CPU, memory, disk and GPU. What the engine cannot do is an error before
//! anything runs, never silently left out.

use crate::ContainersError;
use crate::domain::{Gpu, Resources};
use crate::driver::EngineFacts;

/// Whether the engine has to be asked about itself for these.
pub(crate) fn need_facts(resources: &Resources) -> bool {
    resources.cpu.is_some() || resources.disk.is_some() || resources.gpu.is_some()
}

/// Checks numbers that are wrong on every engine.
///
/// # Errors
///
/// [`ContainersError::InvalidResource`].
pub(crate) fn check(resources: &Resources) -> Result<(), ContainersError> {
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
/// # Errors
///
/// [`ContainersError::CpuOverLimit`], `DiskUnsupported`, `GpuUnavailable`.
pub(crate) fn check_engine(
    resources: &Resources,
    facts: &EngineFacts,
) -> Result<(), ContainersError> {
    if let (Some(asked), Some(available)) = (resources.cpu, facts.cpus)
        && asked > cpus_as_float(available)
    {
        return Err(ContainersError::CpuOverLimit { asked, available });
    }
    if resources.disk.is_some() && !facts.limits_disk {
        return Err(ContainersError::DiskUnsupported { driver: facts.storage.clone() });
    }
    if let (Some(_), Some(reason)) = (&resources.gpu, &facts.no_gpu) {
        return Err(ContainersError::GpuUnavailable { message: reason.clone() });
    }
    Ok(())
}

/// A bound of a grant that is more than this engine has bounds nothing: nobody asked
/// for that many.
pub(crate) fn at_most_all_cpus(resources: &mut Resources, facts: &EngineFacts) {
    if let (Some(cpu), Some(available)) = (&mut resources.cpu, facts.cpus) {
        *cpu = cpu.min(cpus_as_float(available));
    }
}

/// What is left when the one that `error` is about is not asked for; none when it
/// is about something else.
pub(crate) fn without(resources: &Resources, error: &ContainersError) -> Option<Resources> {
    let resources = resources.clone();
    match error {
        ContainersError::CpuOverLimit { .. } => Some(Resources { cpu: None, ..resources }),
        ContainersError::DiskUnsupported { .. } => Some(Resources { disk: None, ..resources }),
        ContainersError::GpuUnavailable { .. } => Some(Resources { gpu: None, ..resources }),
        _ => None,
    }
}

/// Exact: no machine has 2^53 CPUs.
fn cpus_as_float(cpus: u64) -> f64 {
    cpus as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> EngineFacts {
        let storage = "overlay2 on extfs".into();
        EngineFacts { cpus: Some(2), storage, ..EngineFacts::default() }
    }

    #[test]
    fn more_cpus_than_the_engine_has_are_refused_before_anything_starts() {
        let resources = Resources { cpu: Some(2.5), ..Resources::default() };
        let error = check_engine(&resources, &facts()).expect_err("too many");
        assert_eq!(error.to_string(), "2.5 CPUs were requested, but the engine has 2");
        let resources = Resources { cpu: Some(2.0), ..Resources::default() };
        assert!(check_engine(&resources, &facts()).is_ok());
    }

    #[test]
    fn a_disk_limit_is_refused_where_the_storage_knows_none() {
        let resources = Resources { disk: Some(1), ..Resources::default() };
        let error = check_engine(&resources, &facts()).expect_err("no quota");
        assert_eq!(
            error.to_string(),
            "this engine cannot limit disk space (storage driver `overlay2 on extfs`)"
        );
        assert!(check_engine(&resources, &EngineFacts { limits_disk: true, ..facts() }).is_ok());
    }

    #[test]
    fn gpus_are_refused_where_the_engine_is_known_to_leave_them_out() {
        let resources = Resources { gpu: Some(Gpu::All), ..Resources::default() };
        assert!(check_engine(&resources, &facts()).is_ok(), "it is asked");
        let without = EngineFacts { no_gpu: Some("it has none".into()), ..facts() };
        let error = check_engine(&resources, &without).expect_err("would be left out");
        assert_eq!(error.to_string(), "this engine has no GPU for containers");
        assert!(check_engine(&Resources::default(), &without).is_ok());
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
