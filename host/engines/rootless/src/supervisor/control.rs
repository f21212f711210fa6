//! The pipe through which a supervisor gets its orders. It has a reader only as long
//! as the supervisor lives: an order reaches it or nobody, never another process that
//! has its number by now.

use std::io::{self, Write as _};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::unix::pipe;

use crate::folder::{self, Folder};

/// An order to a supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Ask the program to end, and kill it after this time.
    Stop(Duration),
    Kill,
}

impl Order {
    fn line(self) -> String {
        match self {
            Self::Stop(grace) => format!("stop {}\n", grace.as_secs()),
            Self::Kill => "kill\n".to_owned(),
        }
    }

    fn read(line: &str) -> Option<Self> {
        match line.trim().split_once(' ') {
            Some(("stop", seconds)) => Some(Self::Stop(Duration::from_secs(seconds.parse().ok()?))),
            None if line.trim() == "kill" => Some(Self::Kill),
            _ => None,
        }
    }
}

/// The supervisor's end of the pipe.
pub(super) struct Control(BufReader<pipe::Receiver>);

impl Control {
    pub(super) fn make(session: &Folder) -> io::Result<Self> {
        let pipe = session.0.folder().pipe(folder::CONTROL.as_ref())?;
        // It is open for both, which the check of ordinary receivers does not expect.
        Ok(Self(BufReader::new(pipe::Receiver::from_file_unchecked(pipe)?)))
    }

    /// The next order.
    pub(super) async fn next(&mut self) -> Order {
        loop {
            let mut line = String::new();
            match self.0.read_line(&mut line).await {
                Ok(count) if count > 0 => {
                    if let Some(order) = Order::read(&line) {
                        return order;
                    }
                }
                _ => std::future::pending().await,
            }
        }
    }
}

/// Sends an order; false when no supervisor lives.
pub(crate) fn send(session: &Folder, order: Order) -> io::Result<bool> {
    match session.0.folder().pipe_to(folder::CONTROL.as_ref())? {
        Some(mut pipe) => pipe.write_all(order.line().as_bytes()).map(|()| true),
        None => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_as_it_was_sent() {
        for order in [Order::Kill, Order::Stop(Duration::from_secs(7))] {
            assert_eq!(Order::read(&order.line()), Some(order));
        }
        for line in ["", "stop", "stop now\n", "start 1\n"] {
            assert_eq!(Order::read(line), None, "{line}");
        }
    }
}
