//! What the threads of a proxy share.

use std::collections::HashMap;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::fault::Fault;
use super::pattern::Pattern;

struct Order {
    pattern: Pattern,
    fault: Fault,
    /// How many requests it still befalls.
    left: usize,
}

/// Orders, what was seen, and the connections that are open.
pub(super) struct State {
    socket: PathBuf,
    orders: Mutex<Vec<Order>>,
    seen: Mutex<Vec<String>>,
    /// None once everything is gone.
    open: Mutex<Option<HashMap<u64, UnixStream>>>,
    next: AtomicU64,
}

/// A connection that breaks when everything ends; forgotten with this.
pub(super) struct Kept<'a> {
    state: &'a State,
    number: u64,
}

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        if let Some(open) = lock(&self.state.open).as_mut() {
            open.remove(&self.number);
        }
    }
}

impl State {
    pub(super) fn new(socket: PathBuf) -> Self {
        Self {
            socket,
            orders: Mutex::default(),
            seen: Mutex::default(),
            open: Mutex::new(Some(HashMap::new())),
            next: AtomicU64::new(0),
        }
    }

    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    pub(super) fn order(&self, pattern: Pattern, fault: Fault, left: usize) {
        lock(&self.orders).push(Order { pattern, fault, left });
    }

    pub(super) fn heal(&self) {
        lock(&self.orders).clear();
    }

    pub(super) fn seen(&self) -> Vec<String> {
        lock(&self.seen).clone()
    }

    /// Writes a request down; what befalls it.
    pub(super) fn request(&self, line: &str) -> Option<Fault> {
        lock(&self.seen).push(line.to_owned());
        let mut orders = lock(&self.orders);
        let order = orders.iter_mut().rev().find(|it| it.left > 0 && it.pattern.is_of(line))?;
        order.left -= 1;
        Some(order.fault.clone())
    }

    /// Keeps a connection, to break it when everything ends; none when it has.
    pub(super) fn keep(&self, stream: &UnixStream) -> Option<Kept<'_>> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let copy = stream.try_clone().ok()?;
        lock(&self.open).as_mut()?.insert(number, copy);
        Some(Kept { state: self, number })
    }

    pub(super) fn has_vanished(&self) -> bool {
        lock(&self.open).is_none()
    }

    /// Breaks everything; nobody listens any more.
    pub(super) fn vanish(&self) {
        // The listener is woken up to see it.
        let waker = UnixStream::connect(&self.socket);
        let _ = std::fs::remove_file(&self.socket);
        for (_, stream) in lock(&self.open).take().into_iter().flatten() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        drop(waker);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
