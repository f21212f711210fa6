//! The standard input and output of `ssh` as one stream.

use std::io;
use std::pin::Pin;
use std::process::Stdio;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;

use crate::domain::text;

/// How much of what `ssh` says is read.
const LONGEST_MESSAGE: u64 = 4096;

/// Standard input and output of an `ssh` as one stream. Dropping it ends `ssh`.
pub struct SshStream {
    _child: Child,
    input: Option<ChildStdin>,
    output: ChildStdout,
    /// What `ssh` says on standard error, complete when it has ended.
    message: JoinHandle<String>,
    answered: bool,
}

impl SshStream {
    pub(crate) fn spawn(mut command: Command) -> io::Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                io::Error::other("the program `ssh` is not installed on this machine")
            }
            _ => error,
        })?;
        let missing = || io::Error::from(io::ErrorKind::BrokenPipe);
        let input = child.stdin.take().ok_or_else(missing)?;
        let output = child.stdout.take().ok_or_else(missing)?;
        let errors = child.stderr.take().ok_or_else(missing)?;
        let message = tokio::spawn(last_line(errors));
        Ok(Self { _child: child, input: Some(input), output, message, answered: false })
    }
}

/// The last line, which says why. The rest is read so that `ssh` never waits.
pub(crate) async fn last_line(mut errors: impl AsyncRead + Unpin) -> String {
    let mut bytes = Vec::new();
    let _ = (&mut errors).take(LONGEST_MESSAGE).read_to_end(&mut bytes).await;
    let _ = tokio::io::copy(&mut errors, &mut tokio::io::sink()).await;
    let said = String::from_utf8_lossy(&bytes);
    let line = said.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
    text::one_line(line, 300)
}

impl AsyncRead for SshStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.output).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.answered = true;
        } else if !self.answered {
            // It ended without a word of the other side: `ssh` says why.
            let message = ready!(Pin::new(&mut self.message).poll(context)).unwrap_or_default();
            self.answered = true;
            let message = if message.is_empty() {
                "`ssh` ended without a message".to_owned()
            } else {
                message
            };
            return Poll::Ready(Err(io::Error::other(message)));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for SshStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.input {
            // An `ssh` that has ended: reading tells why.
            Some(input) => match ready!(Pin::new(input).poll_write(context, bytes)) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                    Poll::Ready(Ok(bytes.len()))
                }
                other => Poll::Ready(other),
            },
            None => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.input {
            Some(input) => Pin::new(input).poll_flush(context),
            None => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Closing the pipe is how the other side learns that this one is done.
        self.input = None;
        Poll::Ready(Ok(()))
    }
}
