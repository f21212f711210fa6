//! Counts the CPU time of guest code, apart from the time it waits for the host.
//!
//! The epoch callback runs only while guest code runs, but the epoch also
//! advances during long host calls; so every look counts what passed since the
//! guest last took over, and at most two ticks of it (the guest yields to other
//! tasks at every look, and their time is not its own).
//!
//! Time is what the processor gave to this thread: on a busy machine a provider
//! waits for its turn through no fault of its own.

use std::thread::{self, ThreadId};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use super::limits::TICK;

/// The CPU account of one instance.
#[derive(Debug)]
pub(super) struct GuestClock {
    spent: Duration,
    mark: Mark,
}

impl GuestClock {
    pub(super) fn new() -> Self {
        Self { spent: Duration::ZERO, mark: Mark::now() }
    }

    /// Guest code takes over now: a call begins, or a host call returns.
    pub(super) fn resume(&mut self) {
        self.mark = Mark::now();
    }

    /// What was counted so far.
    pub(super) fn spent(&self) -> Duration {
        self.spent
    }

    /// Guest code has run since the last look or [`Self::resume`].
    pub(super) fn look(&mut self) -> Duration {
        let now = Mark::now();
        self.spent += now.since(self.mark).min(TICK * 2);
        self.mark = now;
        self.spent
    }
}

/// The CPU time that a thread had used at some moment.
#[derive(Debug, Clone, Copy)]
struct Mark {
    thread: ThreadId,
    used: Duration,
}

impl Mark {
    fn now() -> Self {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        let seconds = time.tv_sec.try_into().unwrap_or_default();
        let nanoseconds = time.tv_nsec.try_into().unwrap_or_default();
        Self { thread: thread::current().id(), used: Duration::new(seconds, nanoseconds) }
    }

    /// Clocks of two threads do not compare: a guest that moved to another one is counted
    /// a tick, which is how often it is looked at.
    fn since(self, earlier: Self) -> Duration {
        if self.thread == earlier.thread { self.used.saturating_sub(earlier.used) } else { TICK }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compute_for(time: Duration) {
        let begin = Mark::now();
        while Mark::now().since(begin) < time {}
    }

    #[test]
    fn a_look_counts_two_ticks_at_most() {
        let mut clock = GuestClock::new();
        compute_for(TICK / 2);
        assert!(clock.look() >= TICK / 2);
        let before = clock.spent();
        compute_for(TICK * 6);
        assert_eq!(clock.look(), before + TICK * 2);
    }

    #[test]
    fn time_in_the_host_is_not_the_guests() {
        let mut clock = GuestClock::new();
        compute_for(TICK * 6);
        clock.resume();
        assert!(clock.look() < TICK);
    }

    #[test]
    fn waiting_for_a_busy_processor_is_not_computing() {
        let mut clock = GuestClock::new();
        thread::sleep(TICK * 6);
        assert!(clock.look() < TICK);
    }

    #[test]
    fn a_guest_that_moved_to_another_thread_is_counted_a_tick() {
        let mut clock = GuestClock::new();
        let moved = thread::spawn(move || clock.look()).join().unwrap();
        assert_eq!(moved, TICK);
    }
}
