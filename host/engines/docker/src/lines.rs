//! An answer that comes line by line while the engine works: JSON, one value a line.
//! bollard's own reader keeps a line that never ends until memory is full.

use std::time::Duration;

use bollard::errors::Error;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::{Body, Incoming};
use serde::de::DeserializeOwned;

use crate::pulse::{refusal, silent};

/// Bytes of one line; a step of a build has some hundred.
const LINE: usize = 4 << 20;
/// Bytes of all lines: days of a build that prints a lot.
const ALL: u64 = 4 << 30;

/// The lines of an answer.
pub(crate) struct Lines<B = Incoming> {
    body: B,
    silence: Duration,
    pending: BytesMut,
    /// The part of `pending` in which no line ends.
    searched: usize,
    left: u64,
    ended: bool,
}

impl<B> Lines<B>
where
    B: Body<Data = Bytes> + Unpin,
    Error: From<B::Error>,
{
    /// Of an answer that may pause for `silence`.
    pub(crate) fn of(body: B, silence: Duration) -> Self {
        Self { body, silence, pending: BytesMut::new(), searched: 0, left: ALL, ended: false }
    }

    /// The next value; none at the end.
    ///
    /// # Errors
    ///
    /// When a line has more than 4 MiB, all have more than 4 GiB, the engine falls
    /// silent, or a line is no such value; the first three name the limit.
    pub(crate) async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Error> {
        while let Some(line) = self.line().await? {
            if !line.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(serde_json::from_slice(&line)?));
            }
        }
        Ok(None)
    }

    async fn line(&mut self) -> Result<Option<BytesMut>, Error> {
        loop {
            let new = self.pending.get(self.searched..).unwrap_or_default();
            if let Some(end) = new.iter().position(|byte| *byte == b'\n') {
                let line = self.pending.split_to(self.searched + end + 1);
                self.searched = 0;
                return Ok(Some(line));
            }
            self.searched = self.pending.len();
            if self.ended {
                let last = std::mem::take(&mut self.pending);
                self.searched = 0;
                return Ok((!last.is_empty()).then_some(last));
            }
            let frame = tokio::time::timeout(self.silence, self.body.frame()).await;
            match frame.map_err(|_| silent(self.silence))? {
                None => self.ended = true,
                Some(frame) => self.take(frame?.into_data().unwrap_or_default())?,
            }
        }
    }

    fn take(&mut self, data: Bytes) -> Result<(), Error> {
        if self.pending.len() + data.len() > LINE {
            return Err(refusal(self.limits(format!("a line of more than {} MiB", LINE >> 20))));
        }
        let count = u64::try_from(data.len()).unwrap_or(u64::MAX);
        let Some(left) = self.left.checked_sub(count) else {
            return Err(refusal(self.limits(format!("more than {} GiB of progress", ALL >> 30))));
        };
        self.left = left;
        self.pending.extend_from_slice(&data);
        Ok(())
    }

    fn limits(&self, what: String) -> String {
        let seconds = self.silence.as_secs();
        format!("the engine sends {what}; it may pause for at most {seconds} s")
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;
    use http_body_util::StreamBody;
    use hyper::body::Frame;

    use super::*;

    async fn read(pieces: Vec<Vec<u8>>, then_silence: bool) -> Vec<String> {
        let ready = pieces.into_iter().map(|it| Ok::<_, std::io::Error>(Frame::data(it.into())));
        let ready = futures_util::stream::iter(ready).boxed();
        let all = match then_silence {
            true => ready.chain(futures_util::stream::pending()).boxed(),
            false => ready,
        };
        let mut lines = Lines::of(StreamBody::new(all), Duration::from_millis(100));
        let mut found = Vec::new();
        loop {
            match lines.next::<u64>().await {
                Ok(Some(number)) => found.push(number.to_string()),
                Ok(None) => return found,
                Err(error) => {
                    found.push(error.to_string());
                    return found;
                }
            }
        }
    }

    #[tokio::test]
    async fn lines_come_however_they_were_cut() {
        let cut = [&b"1\r\n2"[..], b"3\n\r\n4", b"\n", b"5"].map(<[u8]>::to_vec);
        assert_eq!(read(cut.to_vec(), false).await, ["1", "23", "4", "5"]);
    }

    #[tokio::test]
    async fn a_line_without_end_and_a_silence_end_the_answer() {
        let endless = read(vec![vec![b'1'; 1 << 20]; 8], false).await;
        assert_eq!(endless.len(), 1);
        assert!(endless[0].contains("a line of more than 4 MiB"), "{endless:?}");
        let silent = read(vec![b"1\n".to_vec()], true).await;
        assert_eq!(silent[0], "1");
        assert!(silent[1].contains("nothing moved"), "{silent:?}");
    }
}
