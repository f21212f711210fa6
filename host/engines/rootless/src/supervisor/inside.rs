//! The program in the box. The runtime cannot pass a signal on, and dies of it together
//! with everything in the box; so the program is asked to end itself.

use std::fs;
use std::io::{PipeReader, Read as _};

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use serde::Deserialize;

use crate::runtime::Way;

/// Who is told that the program is to end.
pub(super) enum Inside {
    /// This process, which passes it on.
    Runtime(i32),
    /// The child of this process, which is the first in the box.
    ChildOf(i32),
    /// The same, where the first in the box is the child of this one.
    GrandchildOf(i32),
}

#[derive(Deserialize)]
struct Report {
    #[serde(rename = "child-pid")]
    first: i32,
}

impl Inside {
    /// By way of a runtime; none when it failed before.
    pub(super) fn of(runtime: i32, way: Way) -> Option<Self> {
        match way {
            Way::PassedOn => Some(Self::Runtime(runtime)),
            Way::Below => Some(Self::GrandchildOf(runtime)),
            Way::Reported(report) => read(report).map(Self::ChildOf),
        }
    }

    /// Asks the program to end; whether it was there.
    pub(super) fn terminate(&self) -> bool {
        let Some((parent, process)) = self.program() else { return false };
        let Some(process) = Pid::from_raw(process) else { return false };
        let Ok(handle) = pidfd_open(process, PidfdFlags::empty()) else { return false };
        // The number could be another process's by now; what the handle is about cannot.
        if parent_of(process.as_raw_nonzero().get()) != Some(parent) {
            return false;
        }
        pidfd_send_signal(handle, Signal::TERM).is_ok()
    }

    /// The program, and whose child it is.
    fn program(&self) -> Option<(i32, i32)> {
        let first = match self {
            Self::Runtime(runtime) => return Some((own(), *runtime)),
            Self::ChildOf(first) => *first,
            Self::GrandchildOf(runtime) => oldest_child(*runtime)?,
        };
        Some((first, oldest_child(first)?))
    }
}

/// Reads what the runtime reports.
fn read(mut report: PipeReader) -> Option<i32> {
    let mut text = String::new();
    report.read_to_string(&mut text).ok()?;
    serde_json::from_str::<Report>(&text).ok().map(|report| report.first)
}

/// The only child of a first process that it did not inherit is its oldest.
fn oldest_child(process: i32) -> Option<i32> {
    let children = fs::read_dir("/proc").ok()?.filter_map(|entry| {
        let number: i32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
        (parent_of(number)? == process).then_some((began(number)?, number))
    });
    children.min().map(|(_, number)| number)
}

fn own() -> i32 {
    rustix::process::getpid().as_raw_nonzero().get()
}

/// Kills whatever is a child of this process: what a runtime that was killed left behind.
pub(super) fn kill_children() {
    let own = own();
    let Ok(entries) = fs::read_dir("/proc") else { return };
    for entry in entries.flatten() {
        let number = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok());
        let Some(process) = number.and_then(Pid::from_raw) else { continue };
        let Ok(handle) = pidfd_open(process, PidfdFlags::empty()) else { continue };
        if parent_of(process.as_raw_nonzero().get()) == Some(own) {
            let _ = pidfd_send_signal(handle, Signal::KILL);
        }
    }
}

fn parent_of(process: i32) -> Option<i32> {
    field(process, 4)?.parse().ok()
}

fn began(process: i32) -> Option<u64> {
    field(process, 22)?.parse().ok()
}

/// A field of `/proc/PID/stat`, proc(5): the second is a name in brackets, and may have
/// anything in it.
fn field(process: i32, number: usize) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    rest.split_whitespace().nth(number.checked_sub(3)?).map(str::to_owned)
}
