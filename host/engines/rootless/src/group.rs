//! A control group (cgroup v2, cgroups(7)) of a session's own, where the system lets this
//! user make one: it is frozen, limited and killed as a whole.
//!
//! A process enters a group by itself and what it starts is born there: so the supervisor
//! goes in, starts the runtime, and goes out again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::record::Limits;

/// Where the second version is mounted: alone, or beside the first.
const MOUNTS: [&str; 2] = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"];
/// How long processes may take to stand still, or to be gone.
const PATIENCE: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(5);
/// The period of a limit of CPU, in microseconds.
const PERIOD: f64 = 100_000.0;
/// The controllers that limits need.
const CONTROLLERS: [&str; 2] = ["cpu", "memory"];

/// A group in which this user may make others.
#[derive(Debug, Clone)]
pub(crate) struct Delegated(PathBuf);

impl Delegated {
    /// That of this process.
    pub(crate) fn own() -> Option<Self> {
        let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
        let path = groups.lines().find_map(|line| line.strip_prefix("0::"))?;
        let is_second = |mount: &&Path| mount.join("cgroup.controllers").exists();
        let mount = MOUNTS.iter().map(Path::new).find(is_second)?;
        let own = mount.join(path.trim_start_matches('/'));
        // The first group of all is the system's.
        let is_ours = path != "/" && rustix::fs::access(&own, WRITE).is_ok();
        (is_ours && rustix::fs::access(own.join(PROCESSES), WRITE).is_ok()).then_some(Self(own))
    }

    /// Whether it can limit CPU and memory, as far as it says.
    pub(crate) fn can_limit(&self) -> bool {
        let there = fs::read_to_string(self.0.join("cgroup.controllers")).unwrap_or_default();
        CONTROLLERS.iter().all(|wanted| there.split_whitespace().any(|it| it == *wanted))
    }

    /// A new group in it.
    pub(crate) fn group(&self, name: &str, limits: &Limits) -> io::Result<Group> {
        if limits.are_some() {
            // No processes may be in a group that passes controllers on.
            let aside = self.0.join(format!("{name}.supervisor"));
            make(&aside)?;
            fs::write(aside.join(PROCESSES), "0")?;
            fs::write(self.0.join("cgroup.subtree_control"), "+cpu +memory")?;
            return self.made(name, limits, aside);
        }
        self.made(name, limits, self.0.clone())
    }

    fn made(&self, name: &str, limits: &Limits, outside: PathBuf) -> io::Result<Group> {
        let path = self.0.join(name);
        make(&path)?;
        let group = Group { path, outside };
        for (file, value) in values(limits) {
            fs::write(group.path.join(file), value)?;
        }
        Ok(group)
    }
}

const WRITE: rustix::fs::Access = rustix::fs::Access::WRITE_OK;
const PROCESSES: &str = "cgroup.procs";

fn make(group: &Path) -> io::Result<()> {
    match fs::create_dir(group) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Which file of a group has which value.
fn values(limits: &Limits) -> impl Iterator<Item = (&'static str, String)> {
    let cpu = limits.cpu.map(|cpu| ("cpu.max", format!("{:.0} {PERIOD:.0}", cpu * PERIOD)));
    let memory = limits.memory.map(|bytes| ("memory.max", bytes.to_string()));
    // Else what is over the limit goes to the disk, and nothing is limited.
    let swap = limits.memory.map(|_| ("memory.swap.max", "0".to_owned()));
    [cpu, memory, swap].into_iter().flatten()
}

/// The group of a session.
#[derive(Debug)]
pub(crate) struct Group {
    path: PathBuf,
    /// Where its supervisor is.
    outside: PathBuf,
}

impl Group {
    /// Does something in it: what is started meanwhile belongs to it.
    pub(crate) fn inside<T>(&self, act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        fs::write(self.path.join(PROCESSES), "0")?;
        let done = act();
        fs::write(self.outside.join(PROCESSES), "0")?;
        done
    }

    /// Freezes everything in it, or thaws it; returns when that is done.
    pub(crate) fn freeze(&self, is_frozen: bool) -> io::Result<()> {
        let wanted = u8::from(is_frozen).to_string();
        fs::write(self.path.join("cgroup.freeze"), &wanted)?;
        self.wait_for(&format!("frozen {wanted}"))
    }

    /// Kills everything in it. Kernels before 5.14 have no word for that.
    pub(crate) fn kill(&self) {
        let _ = fs::write(self.path.join("cgroup.kill"), "1");
    }

    fn wait_for(&self, event: &str) -> io::Result<()> {
        let begin = Instant::now();
        loop {
            let events = fs::read_to_string(self.path.join("cgroup.events"))?;
            if events.lines().any(|line| line == event) {
                return Ok(());
            }
            if begin.elapsed() > PATIENCE {
                return Err(io::ErrorKind::TimedOut.into());
            }
            std::thread::sleep(LOOK);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
        let _ = self.wait_for("populated 0");
        let _ = fs::remove_dir(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_files_of_the_group() {
        let limits = Limits { cpu: Some(1.5), memory: Some(1 << 20) };
        let shown: Vec<String> =
            values(&limits).map(|(file, value)| format!("{file}={value}")).collect();
        assert_eq!(shown, ["cpu.max=150000 100000", "memory.max=1048576", "memory.swap.max=0"]);
        assert_eq!(values(&Limits::default()).count(), 0);
    }
}
