//! Receives the signals of this process.

use std::time::Duration;

use super::ignored::ignores_hangup;
use crate::domain::ExitStatus;

/// How often somebody looks whether the command is stuck.
const LOOK: Duration = Duration::from_millis(500);

/// Receives them on a thread of its own. Where there can be none, signals do what they
/// do by themselves.
/// `first` hears of the first one; when `is_stuck` then, the program ends.
pub(super) fn on_a_thread(
    first: impl Fn(ExitStatus) + Send + 'static,
    is_stuck: impl Fn() -> bool + Send + 'static,
) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return };
    // Here, not on the thread, so that none is missed.
    let entered = runtime.enter();
    let Some(mut received) = Received::listen() else { return };
    drop(entered);
    let thread = std::thread::Builder::new().name("signals".to_owned());
    let spawned = thread.spawn(move || runtime.block_on(obey(first, is_stuck, &mut received)));
    if let Err(error) = spawned {
        tracing::warn!("cannot listen for signals: {error}");
    }
}

#[expect(clippy::exit, reason = "a second signal means: now")]
async fn obey(first: impl Fn(ExitStatus), is_stuck: impl Fn() -> bool, received: &mut Received) {
    let status = received.first().await;
    first(status);
    let stuck = async {
        while !is_stuck() {
            tokio::time::sleep(LOOK).await;
        }
        status
    };
    let status = tokio::select! {
        second = received.again() => second,
        status = stuck => status,
    };
    std::process::exit(status as i32);
}

#[cfg(unix)]
struct Received {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    /// None for who was started to outlive the terminal.
    hangup: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Received {
    fn listen() -> Option<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        // Before the signal is asked for: it is no longer ignored then.
        let hangup = match ignores_hangup() {
            true => None,
            false => Some(signal(SignalKind::hangup()).ok()?),
        };
        let interrupt = signal(SignalKind::interrupt()).ok()?;
        Some(Self { interrupt, terminate: signal(SignalKind::terminate()).ok()?, hangup })
    }

    async fn first(&mut self) -> ExitStatus {
        let Self { interrupt, terminate, hangup } = self;
        let hangup = async {
            match hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupt.recv() => ExitStatus::Interrupted,
            _ = terminate.recv() => ExitStatus::Terminated,
            _ = hangup => ExitStatus::HungUp,
        }
    }

    async fn again(&mut self) -> ExitStatus {
        tokio::select! {
            _ = self.interrupt.recv() => ExitStatus::Interrupted,
            _ = self.terminate.recv() => ExitStatus::Terminated,
        }
    }
}

#[cfg(not(unix))]
struct Received;

#[cfg(not(unix))]
impl Received {
    fn listen() -> Option<Self> {
        Some(Self)
    }

    async fn first(&mut self) -> ExitStatus {
        let _ = tokio::signal::ctrl_c().await;
        ExitStatus::Interrupted
    }

    async fn again(&mut self) -> ExitStatus {
        self.first().await
    }
}
