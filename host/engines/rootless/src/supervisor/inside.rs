//! The program in the box. The runtime cannot pass a signal on, and dies of it together
//! with everything in the box; so the program is asked to end itself.

use std::fs;
use std::io::{PipeReader, Read as _};

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use serde::Deserialize;

/// The first process in the box, which waits for the program.
pub(super) struct Inside(i32);

#[derive(Deserialize)]
struct Report {
    #[serde(rename = "child-pid")]
    first: i32,
}

impl Inside {
    /// Reads what the runtime reports; none when it failed before.
    pub(super) fn read(mut report: PipeReader) -> Option<Self> {
        let mut text = String::new();
        report.read_to_string(&mut text).ok()?;
        serde_json::from_str::<Report>(&text).ok().map(|report| Self(report.first))
    }

    /// Asks the program to end; whether it was there.
    pub(super) fn terminate(&self) -> bool {
        let Some(process) = self.program().and_then(Pid::from_raw) else { return false };
        let Ok(handle) = pidfd_open(process, PidfdFlags::empty()) else { return false };
        // The number could be another process's by now; what the handle is about cannot.
        if parent_of(process.as_raw_nonzero().get()) != Some(self.0) {
            return false;
        }
        pidfd_send_signal(handle, Signal::TERM).is_ok()
    }

    /// The only child of the first process that it did not inherit is its oldest.
    fn program(&self) -> Option<i32> {
        let children = fs::read_dir("/proc").ok()?.filter_map(|entry| {
            let number: i32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
            (parent_of(number)? == self.0).then_some((began(number)?, number))
        });
        children.min().map(|(_, number)| number)
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
