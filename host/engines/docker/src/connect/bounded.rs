//! A connection whose answers end: in bytes, and in time without any. What is behind it
//! keeps an answer until it is whole, and one without an end until memory is full.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// How far an answer may go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Bytes of one answer; none for what is written to a disk as it comes.
    pub(super) bytes: Option<usize>,
    /// Time without any; none where the caller has a limit of its own.
    pub(super) silence: Option<Duration>,
}

pub(super) struct Bounded<S> {
    stream: S,
    bounds: Bounds,
    /// Bytes of the answer so far: since something was asked.
    read: usize,
    moved: Instant,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl<S> Bounded<S> {
    pub(super) fn new(stream: S, bounds: Bounds) -> Self {
        let now = Instant::now();
        let alarm = bounds.silence.map(|silence| Box::pin(tokio::time::sleep_until(now + silence)));
        Self { stream, bounds, read: 0, moved: now, alarm }
    }

    fn refusal(&self, what: &str) -> io::Error {
        let mut limits = Vec::new();
        if let Some(bytes) = self.bounds.bytes {
            limits.push(format!("has at most {} MiB", bytes >> 20));
        }
        if let Some(silence) = self.bounds.silence {
            limits.push(format!("pauses for at most {} s", silence.as_secs()));
        }
        io::Error::other(format!("the engine {what}: an answer {}", limits.join(" and ")))
    }

    /// Whether nothing has moved for too long.
    fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let (Some(silence), Some(alarm)) = (self.bounds.silence, &mut self.alarm) else {
            return Poll::Pending;
        };
        loop {
            ready!(alarm.as_mut().poll(context));
            let end = self.moved + silence;
            if Instant::now() >= end {
                return Poll::Ready(());
            }
            alarm.as_mut().reset(end);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Bounded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Ready(Ok(())) => {
                self.moved = Instant::now();
                self.read = self.read.saturating_add(buffer.filled().len() - before);
                match self.bounds.bytes {
                    Some(most) if self.read > most => {
                        Poll::Ready(Err(self.refusal("sends without end")))
                    }
                    _ => Poll::Ready(Ok(())),
                }
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                ready!(self.poll_silence(context));
                Poll::Ready(Err(self.refusal("fell silent")))
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Bounded<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        // A new question, or the rest of one.
        self.read = 0;
        self.moved = Instant::now();
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl<S> Connection for Bounded<S> {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

    use super::*;

    fn bounded() -> (Bounded<DuplexStream>, DuplexStream) {
        let (ours, theirs) = tokio::io::duplex(8 << 20);
        let bounds = Bounds { bytes: Some(2 << 20), silence: Some(Duration::from_millis(200)) };
        (Bounded::new(ours, bounds), theirs)
    }

    #[tokio::test]
    async fn an_answer_ends_in_bytes_and_the_next_question_has_an_answer_of_its_own() {
        let (mut ours, mut theirs) = bounded();
        let mut buffer = vec![0; 2 << 20];
        for _ in 0..3 {
            ours.write_all(b"question").await.expect("ask");
            theirs.write_all(&buffer).await.expect("answer");
            ours.read_exact(&mut buffer).await.expect("read");
        }
        theirs.write_all(&[0]).await.expect("answer");
        let error = ours.read_u8().await.expect_err("too much");
        assert_eq!(
            error.to_string(),
            "the engine sends without end: an answer has at most 2 MiB and pauses for at most 0 s"
        );
    }

    #[tokio::test]
    async fn a_silence_ends_an_answer() {
        let (mut ours, mut theirs) = bounded();
        theirs.write_all(&[7]).await.expect("answer");
        assert_eq!(ours.read_u8().await.expect("read"), 7);
        let error = ours.read_u8().await.expect_err("silent");
        assert!(error.to_string().starts_with("the engine fell silent"), "{error}");
    }
}
