//! What stands in for the programs of containers.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};

use futures_util::future::BoxFuture;

use crate::container::Container;
use crate::contract::{ContainersError, Door, ExecSpec, ExecStreams};

/// What is done to a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// It is asked to end.
    Terminate,
    Kill,
    /// It is frozen.
    Stop,
    /// It goes on.
    Continue,
}

/// What stands in for the programs of containers.
pub trait Programs: Send + Sync {
    /// Starts one, and notes where its ports are published.
    ///
    /// # Errors
    ///
    /// As an engine that cannot start it has them.
    fn start(&self, container: &mut Container) -> Result<(), ContainersError>;

    /// The exit status of one that was started, once it has ended.
    fn ended(&self, container: &Container) -> Option<i32>;

    /// Does something to one that runs.
    fn signal(&self, container: &Container, signal: Signal);

    /// Everything that one has printed.
    fn output(&self, container: &Container) -> Vec<u8>;

    /// Runs one more program beside it, until that ends; its exit status.
    fn exec<'a>(
        &'a self,
        container: Container,
        spec: &'a ExecSpec,
        streams: ExecStreams,
    ) -> BoxFuture<'a, Result<i32, ContainersError>>;

    /// The status of `GET path` at one that runs.
    fn ask<'a>(&'a self, door: &'a Door, path: &'a str) -> BoxFuture<'a, Option<u16>>;
}

/// Programs that are only played: they print a text, answer everything, and run until
/// they are ended.
#[derive(Debug, Default)]
pub struct Played {
    prints: Vec<u8>,
    has_ended: AtomicBool,
    asked_to_end: Mutex<Vec<String>>,
    published: AtomicU16,
}

/// The first port of this machine that is given away.
const FIRST_PORT: u16 = 49152;

impl Played {
    /// Programs that print this.
    #[must_use]
    pub fn printing(text: &str) -> Self {
        Self { prints: text.into(), ..Self::default() }
    }

    /// Ends them all with exit status 1, also those that are still to be started.
    pub fn end(&self) {
        self.has_ended.store(true, Ordering::Relaxed);
    }
}

impl Programs for Played {
    fn start(&self, container: &mut Container) -> Result<(), ContainersError> {
        for port in &mut container.ports {
            let free = || FIRST_PORT.saturating_add(self.published.fetch_add(1, Ordering::Relaxed));
            port.host = Some(port.wanted.unwrap_or_else(free));
        }
        Ok(())
    }

    fn ended(&self, container: &Container) -> Option<i32> {
        let asked = self.asked_to_end.lock().is_ok_and(|asked| asked.contains(&container.id));
        match self.has_ended.load(Ordering::Relaxed) {
            true => Some(1),
            false => asked.then_some(0),
        }
    }

    fn signal(&self, container: &Container, signal: Signal) {
        if matches!(signal, Signal::Terminate | Signal::Kill)
            && let Ok(mut asked) = self.asked_to_end.lock()
        {
            asked.push(container.id.clone());
        }
    }

    fn output(&self, _: &Container) -> Vec<u8> {
        self.prints.clone()
    }

    fn exec<'a>(
        &'a self,
        _: Container,
        _: &'a ExecSpec,
        streams: ExecStreams,
    ) -> BoxFuture<'a, Result<i32, ContainersError>> {
        Box::pin(async move {
            let _ = streams.output.out(&self.prints);
            Ok(0)
        })
    }

    fn ask<'a>(&'a self, _: &'a Door, _: &'a str) -> BoxFuture<'a, Option<u16>> {
        Box::pin(async { Some(200) })
    }
}
