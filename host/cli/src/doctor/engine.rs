//! The container engine: whether it answers, and what it can do.

use crate::contract::{Attempt, EngineReport, Examination};
use crate::domain::Diagnostic as _;
use crate::output::Finding;

/// A pull of a data scientist's image takes several GB.
const LITTLE_DISK: u64 = 10_000_000_000;

/// What an engine said about itself.
pub(super) fn examine(examination: Examination) -> Vec<Finding> {
    let engine = match examination.engine {
        Ok(engine) => engine,
        Err(error) => {
            let mut message = error.to_string();
            for cause in error.causes() {
                message.push_str("; ");
                message.push_str(&cause);
            }
            return vec![Finding::problem("engine", message, error.hint().as_deref())];
        }
    };
    let mut findings = vec![Finding::ok("engine", found(&engine))];
    findings.extend(examination.tried.iter().map(passed_over));
    // An engine without a service has none.
    if !engine.api.0.is_empty() {
        findings
            .push(Finding::ok("engine API", format!("{}, from {}", engine.api.0, engine.api.1)));
    }
    findings.extend([
        Finding::ok("engine user", if engine.rootless { "rootless" } else { "root" }),
        limits(&engine),
        storage(&engine),
        gpus(&engine),
        Finding::ok("image builds", engine.builder),
    ]);
    findings.extend(room(&engine));
    findings
}

fn found(engine: &EngineReport) -> String {
    let EngineReport { name, version, address, system, cpus, memory, .. } = engine;
    let memory = gibibytes(*memory);
    format!("{name} {version} at {address} ({system}, {cpus} CPUs, {memory})")
}

/// An address that comes first and does not work is worth a look: it may be the
/// one that was meant.
fn passed_over(attempt: &Attempt) -> Finding {
    Finding::ok("engine", format!("skipped {}: {}", attempt.address, attempt.reason))
}

fn limits(engine: &EngineReport) -> Finding {
    let missing: Vec<&str> = [("memory", engine.limits_memory), ("CPU", engine.limits_cpu)]
        .into_iter()
        .filter_map(|(what, can)| (!can).then_some(what))
        .collect();
    let topic = "control groups";
    if missing.is_empty() {
        return Finding::ok(topic, &engine.cgroups);
    }
    let message = format!("{}; the engine cannot limit {}", engine.cgroups, missing.join(" and "));
    let hint = if engine.rootless {
        "delegate the controllers `cpu` and `memory` to your user in systemd"
    } else {
        "leave out `--cpu` and `--memory`, or enable these control groups in the kernel"
    };
    Finding::warning(topic, message, hint)
}

fn storage(engine: &EngineReport) -> Finding {
    let does = if engine.limits_disk { "may work" } else { "does not work" };
    Finding::ok("storage", format!("{}; `--disk` {does}", engine.storage))
}

fn gpus(engine: &EngineReport) -> Finding {
    let message = if engine.gpus.is_empty() {
        "no runtime for GPUs; `--gpu` does not work".to_owned()
    } else {
        engine.gpus.join(", ")
    };
    Finding::ok("GPU", message)
}

/// How much is free where the engine keeps its images, if that is a path here.
fn room(engine: &EngineReport) -> Option<Finding> {
    let root = engine.root.as_ref().filter(|_| engine.here)?;
    let free = super::places::free(root)?;
    let message = format!("{} free in `{}`", gibibytes(free), root.display());
    Some(if free < LITTLE_DISK {
        let hint = format!("`{}` shows what takes up space", engine.usage);
        Finding::warning("engine disk", message, &hint)
    } else {
        Finding::ok("engine disk", message)
    })
}

/// Bytes as people read them.
pub(super) fn gibibytes(bytes: u64) -> String {
    format!("{:.1} GiB", bytes as f64 / f64::from(1 << 30))
}
