//! CPU, memory, processes: finer limits than `--cpu` and `--memory`.

use super::caller::Caller;
use super::option::EngineOption as Row;
use super::{EngineOptions, Ulimit, values};

/// Why some options of the docker command line cannot be used.
pub(super) const WINDOWS: &str = "only engines on Windows have it";

const ANY: (i64, i64) = (0, i64::MAX);

/// Kernel documentation: `cgroup-v1/memory.rst`, `scheduler/sched-bwc.rst`,
/// `cgroup-v1/blkio-controller.rst`.
pub(super) const ROWS: &[Row] = &[
    Row::size("shm-size", "2g", "Size of /dev/shm [default: 512m]", |it, bytes| {
        it.run.shm_size = Some(bytes);
    }),
    Row::size(
        "memory-reservation",
        "1g",
        "Memory that the session keeps when the machine runs short",
        |it, bytes| it.run.memory_reservation = Some(bytes),
    ),
    Row::parsed(
        "memory-swap",
        "SIZE",
        "4g",
        "Memory and swap together, -1 for as much swap as there is; needs `--memory`",
        memory_swap,
    ),
    Row::number(
        "memory-swappiness",
        (-1, 100),
        "60",
        "How readily memory is swapped out, 0 to 100",
        |it, number| it.run.memory_swappiness = Some(number),
    ),
    Row::size(
        "kernel-memory",
        "50m",
        "Kernel memory (old engines; it counts as part of `--memory`, too)",
        |it, bytes| it.run.kernel_memory = Some(bytes),
    ),
    Row::flag("oom-kill-disable", "Do not kill programs when memory runs out", |it| {
        it.run.oom_kill_disable = true;
    }),
    Row::number(
        "oom-score-adj",
        (-1000, 1000),
        "500",
        "How soon the kernel kills the session when memory runs out, -1000 to 1000",
        |it, number| it.run.oom_score_adj = Some(number),
    ),
    Row::number(
        "cpu-shares",
        ANY,
        "512",
        "Share of busy CPUs, relative to other containers",
        |it, n| {
            it.run.cpu_shares = Some(n);
        },
    ),
    Row::number(
        "cpu-period",
        (1000, 1_000_000),
        "100000",
        "Length of a scheduling period in microseconds; not with `--cpu`",
        |it, number| it.run.cpu_period = Some(number),
    ),
    Row::number(
        "cpu-quota",
        (1000, i64::MAX),
        "50000",
        "Microseconds of CPU in a period; not with `--cpu`",
        |it, number| it.run.cpu_quota = Some(number),
    ),
    Row::number(
        "cpu-rt-period",
        (1, i64::MAX),
        "1000000",
        "Length of a real-time period in microseconds",
        |it, number| it.run.cpu_rt_period = Some(number),
    ),
    Row::number(
        "cpu-rt-runtime",
        (1, i64::MAX),
        "950000",
        "Microseconds of real-time CPU in a period",
        |it, number| it.run.cpu_rt_runtime = Some(number),
    ),
    Row::parsed("cpuset-cpus", "CPUS", "0-2,5", "Only these CPUs", |it, text, _| {
        it.run.cpuset_cpus = Some(numbers(text)?);
        Ok(())
    }),
    Row::parsed("cpuset-mems", "NODES", "0,1", "Only these memory nodes", |it, text, _| {
        it.run.cpuset_mems = Some(numbers(text)?);
        Ok(())
    }),
    Row::number("cpu-count", (1, i64::MAX), "2", "Number of CPUs (Windows engines)", |it, n| {
        it.unavailable.push(("cpu-count", WINDOWS));
        it.run.cpu_count = Some(n);
    }),
    Row::number("cpu-percent", (1, 100), "50", "Percentage of CPUs (Windows engines)", |it, n| {
        it.unavailable.push(("cpu-percent", WINDOWS));
        it.run.cpu_percent = Some(n);
    }),
    Row::number("blkio-weight", (10, 1000), "500", "Share of disk access, 10 to 1000", |it, n| {
        it.run.blkio_weight = u16::try_from(n).ok();
    }),
    Row::number(
        "pids-limit",
        (-1, i64::MAX),
        "500",
        "The most processes and threads, -1 for no limit",
        |it, number| it.run.pids_limit = Some(number),
    ),
    Row::parsed(
        "ulimit",
        "NAME=SOFT[:HARD]",
        "nofile=1024:2048",
        "A limit of setrlimit(2)",
        ulimit,
    )
    .many(),
];

fn memory_swap(it: &mut EngineOptions, text: &str, _: &Caller<'_>) -> Result<(), String> {
    it.run.memory_swap = Some(if text.trim() == "-1" { -1 } else { values::size(text)? });
    Ok(())
}

/// A list as in cpuset(7): `0-2,5`.
fn numbers(text: &str) -> Result<String, String> {
    let text = text.trim();
    let part = |part: &str| part.parse::<u32>().ok();
    let range = |range: &str| match range.split_once('-') {
        Some((first, last)) => {
            matches!((part(first), part(last)), (Some(first), Some(last)) if first <= last)
        }
        None => part(range).is_some(),
    };
    if text.split(',').all(range) {
        Ok(text.to_owned())
    } else {
        Err("this is not a list of numbers".to_owned())
    }
}

fn ulimit(it: &mut EngineOptions, text: &str, _: &Caller<'_>) -> Result<(), String> {
    let (name, limits) = values::pair(text)?;
    let limit = |text: &str| match text {
        "unlimited" => Ok(-1),
        text => text
            .parse::<i64>()
            .ok()
            .filter(|number| *number >= -1)
            .ok_or_else(|| format!("`{text}` is not a number or `unlimited`")),
    };
    let (soft, hard) = limits.split_once(':').unwrap_or((limits, limits));
    let (soft, hard) = (limit(soft)?, limit(hard)?);
    if hard != -1 && (soft == -1 || soft > hard) {
        return Err("the soft limit is larger than the hard one".to_owned());
    }
    it.run.ulimit.push(Ulimit { name: name.to_owned(), soft, hard });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_cpus() {
        for text in ["0", "0-2", "0-2,5", "1,3"] {
            assert_eq!(numbers(text).as_deref(), Ok(text));
        }
        for text in ["", "a", "2-1", "0-", "0,,1", "-1"] {
            assert!(numbers(text).is_err(), "{text}");
        }
    }
}
