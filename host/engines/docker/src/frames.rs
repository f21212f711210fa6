//! What a container prints, as engines send it: framed by stream, or raw where it has a
//! terminal. Whatever came is passed on at once, so nothing is kept but a header.
//!
//! API: "Stream format" of `POST /containers/{id}/attach`.

use std::time::Duration;

use bollard::errors::Error;
use bytes::{Buf as _, Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use crate::pulse::silent;

const HEADER: usize = 8;

/// The bytes of an answer without its frames.
pub(crate) struct Frames {
    body: Incoming,
    /// None while a program may be silent for as long as it likes.
    silence: Option<Duration>,
    unframed: Unframed,
}

impl Frames {
    pub(crate) fn of(body: Incoming, silence: Option<Duration>) -> Self {
        Self { body, silence, unframed: Unframed::default() }
    }

    /// The next bytes that the container printed; none at the end.
    ///
    /// # Errors
    ///
    /// When the connection breaks, or the engine falls silent.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let frame = match self.silence {
                None => self.body.frame().await,
                Some(silence) => tokio::time::timeout(silence, self.body.frame())
                    .await
                    .map_err(|_| silent(silence))?,
            };
            let Some(frame) = frame else { return Ok(None) };
            let printed = self.unframed.take(frame?.into_data().unwrap_or_default());
            if !printed.is_empty() {
                return Ok(Some(printed));
            }
        }
    }
}

/// Takes the frames off.
#[derive(Debug, Default)]
struct Unframed {
    /// Whether there are none, once that is known.
    raw: Option<bool>,
    /// Bytes that are left of the frame.
    left: usize,
    /// The header so far.
    header: BytesMut,
}

impl Unframed {
    fn take(&mut self, mut data: Bytes) -> Bytes {
        // Standard input, output and error are 0, 1 and 2, followed by three zeros;
        // nothing that a terminal prints begins so.
        let Some(first) = data.first() else { return data };
        if *self.raw.get_or_insert(*first > 2) {
            return data;
        }
        let mut printed = BytesMut::with_capacity(data.len());
        while data.has_remaining() {
            if self.left == 0 {
                let wanted = HEADER.saturating_sub(self.header.len()).min(data.len());
                self.header.extend_from_slice(&data.split_to(wanted));
                if self.header.len() < HEADER {
                    break;
                }
                self.header.advance(4);
                self.left = usize::try_from(self.header.get_u32()).unwrap_or(usize::MAX);
                self.header.clear();
                continue;
            }
            let count = self.left.min(data.len());
            printed.extend_from_slice(&data.split_to(count));
            self.left -= count;
        }
        printed.freeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unframed(pieces: &[&[u8]]) -> String {
        let mut unframed = Unframed::default();
        let printed = pieces.iter().map(|piece| unframed.take(Bytes::copy_from_slice(piece)));
        printed.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
    }

    #[test]
    fn frames_are_taken_off_however_they_were_cut() {
        let all = b"\x01\0\0\0\0\0\0\x03one\x02\0\0\0\0\0\0\x04 two\x01\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\x01!";
        assert_eq!(unframed(&[all]), "one two!");
        for cut in 0..all.len() {
            let (begin, end) = all.split_at(cut);
            assert_eq!(unframed(&[begin, end]), "one two!", "{cut}");
        }
    }

    #[test]
    fn what_a_terminal_prints_has_no_frames() {
        assert_eq!(unframed(&[b"one\r\n", b"\x01two"]), "one\r\n\u{1}two");
    }

    #[test]
    fn a_frame_that_says_it_has_gigabytes_is_not_kept() {
        let mut unframed = Unframed::default();
        let _ = unframed.take(Bytes::from_static(b"\x01\0\0\0\xff\xff\xff\xff"));
        for _ in 0..10 {
            assert_eq!(unframed.take(Bytes::from(vec![b'x'; 1 << 16])).len(), 1 << 16);
        }
        assert!(unframed.header.capacity() < 1 << 10);
    }
}
