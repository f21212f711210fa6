//! Counts the CPU time of guest code, apart from the time it waits for the host.
//!
//! The epoch callback runs only while guest code runs, but the epoch also
//! advances during long host calls; so every look counts what passed since the
//! guest last took over, and at most two ticks of it (the guest yields to other
//! tasks at every look, and their time is not its own).

use std::time::{Duration, Instant};

use super::limits::TICK;

/// The CPU account of one instance.
#[derive(Debug)]
pub(super) struct GuestClock {
    spent: Duration,
    mark: Instant,
}

impl GuestClock {
    pub(super) fn new() -> Self {
        Self { spent: Duration::ZERO, mark: Instant::now() }
    }

    /// Guest code takes over now: a call begins, or a host call returns.
    pub(super) fn resume(&mut self) {
        self.mark = Instant::now();
    }

    /// What was counted so far.
    pub(super) fn spent(&self) -> Duration {
        self.spent
    }

    /// Guest code has run since the last look or [`Self::resume`].
    pub(super) fn look(&mut self) -> Duration {
        let now = Instant::now();
        self.spent += now.duration_since(self.mark).min(TICK * 2);
        self.mark = now;
        self.spent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_in_the_host_is_not_the_guests() {
        let mut clock = GuestClock::new();
        std::thread::sleep(TICK * 6);
        clock.resume();
        assert!(clock.look() < TICK);
        // A look that comes late counts two ticks at most.
        std::thread::sleep(TICK * 6);
        assert!(clock.look() < TICK * 3);
    }
}
