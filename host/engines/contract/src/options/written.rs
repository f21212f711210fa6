//! [`RunOptions`] back in the words that they were typed in.

use super::{Isolation, RunOptions};

/// An option without its dashes, and its value where it takes one.
pub type WrittenOption = (&'static str, Option<String>);

impl RunOptions {
    /// All of them. Every field is named: one that is added has to be written here
    /// before this compiles.
    #[must_use]
    pub fn written(&self) -> Vec<WrittenOption> {
        let Self {
            init,
            interactive,
            tty,
            rm,
            group_add,
            stop_signal,
            platform,
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
            hostname,
            domainname,
            mac_address,
            dns,
            dns_search,
            dns_option,
            add_host,
            sysctl,
            shm_size,
            memory_reservation,
            memory_swap,
            memory_swappiness,
            kernel_memory,
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
        } = self;
        let mut words = Words::default();
        words.flag("init", *init);
        words.flag("interactive", *interactive);
        words.flag("tty", *tty);
        words.flag("rm", *rm);
        words.all("group-add", group_add);
        words.all("stop-signal", stop_signal);
        words.all("platform", platform);
        words.all("runtime", runtime);
        words.all("cgroup-parent", cgroup_parent);
        let isolation = isolation.map(|isolation| match isolation {
            Isolation::Default => "default",
            Isolation::Process => "process",
            Isolation::Hyperv => "hyperv",
        });
        words.all("isolation", isolation);
        words.all("ipc", ipc);
        let mode = |mode: &Option<String>| mode.iter().map(|it| format!(":{it}")).collect();
        let mode: fn(&Option<String>) -> String = mode;
        words.all(
            "volume",
            volume.iter().map(|it| format!("{}:{}{}", it.source, it.target, mode(&it.mode))),
        );
        words.all("volumes-from", volumes_from);
        words.all("volume-driver", volume_driver);
        words.all(
            "tmpfs",
            tmpfs.iter().map(|(path, settings)| match settings.as_str() {
                "" => path.clone(),
                settings => format!("{path}:{settings}"),
            }),
        );
        words.flag("read-only", *read_only);
        words.all("network", network);
        words.all("hostname", hostname);
        words.all("domainname", domainname);
        words.all("mac-address", mac_address);
        words.all("dns", dns);
        words.all("dns-search", dns_search);
        words.all("dns-option", dns_option);
        words.all("add-host", add_host);
        words.all("sysctl", sysctl.iter().map(|(name, value)| format!("{name}={value}")));
        words.all("shm-size", shm_size);
        words.all("memory-reservation", memory_reservation);
        words.all("memory-swap", memory_swap);
        words.all("memory-swappiness", memory_swappiness);
        words.all("kernel-memory", kernel_memory);
        words.flag("oom-kill-disable", *oom_kill_disable);
        words.all("oom-score-adj", oom_score_adj);
        words.all("cpu-shares", cpu_shares);
        words.all("cpu-period", cpu_period);
        words.all("cpu-quota", cpu_quota);
        words.all("cpu-rt-period", cpu_rt_period);
        words.all("cpu-rt-runtime", cpu_rt_runtime);
        words.all("cpuset-cpus", cpuset_cpus);
        words.all("cpuset-mems", cpuset_mems);
        words.all("cpu-count", cpu_count);
        words.all("cpu-percent", cpu_percent);
        words.all("blkio-weight", blkio_weight);
        words.all("pids-limit", pids_limit);
        words.all("ulimit", ulimit.iter().map(|it| format!("{}={}:{}", it.name, it.soft, it.hard)));
        words.flag("privileged", *privileged);
        words.all("cap-add", cap_add);
        words.all("cap-drop", cap_drop);
        words.all("security-opt", security_opt);
        words.all("security-opt", system_paths_unconfined.then_some("systempaths=unconfined"));
        words.all(
            "device",
            device.iter().map(|it| format!("{}:{}:{}", it.host, it.container, it.rights)),
        );
        words.all("device-cgroup-rule", device_cgroup_rule);
        words.0
    }
}

#[derive(Default)]
struct Words(Vec<WrittenOption>);

impl Words {
    fn flag(&mut self, name: &'static str, on: bool) {
        self.0.extend(on.then_some((name, None)));
    }

    fn all<T: ToString>(&mut self, name: &'static str, values: impl IntoIterator<Item = T>) {
        self.0.extend(values.into_iter().map(|value| (name, Some(value.to_string()))));
    }
}
