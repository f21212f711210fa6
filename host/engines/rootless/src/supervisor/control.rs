//! The pipe through which a supervisor is told what to do. It has a reader only as long
//! as the supervisor lives: an order reaches it or nobody, never another process that
//! has its number by now.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::time::Duration;

use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::unix::pipe;

use crate::folder::{self, Folder};

/// What a supervisor can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Ask the program to end, and kill it after this time.
    Stop(Duration),
    /// Kill it.
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
        let path = session.path().join(folder::CONTROL);
        let mode = Mode::RUSR | Mode::WUSR;
        match rustix::fs::mknodat(rustix::fs::CWD, &path, FileType::Fifo, mode, 0) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        // For both, so that it does not end when who wrote closes it.
        let pipe = pipe::OpenOptions::new().read_write(true).open_receiver(path)?;
        Ok(Self(BufReader::new(pipe)))
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
    let flags = i32::try_from((OFlags::NONBLOCK | OFlags::NOFOLLOW).bits()).unwrap_or_default();
    let path = session.path().join(folder::CONTROL);
    let opened = File::options().write(true).custom_flags(flags).open(path);
    match opened {
        Ok(mut pipe) => pipe.write_all(order.line().as_bytes()).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) if Errno::from_io_error(&error) == Some(Errno::NXIO) => Ok(false),
        Err(error) => Err(error),
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
