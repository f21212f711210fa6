//! Counts and hashes what is read.

use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

use crate::domain::Digest;

/// A reader that knows how much was read, and what it hashes to.
pub(crate) struct Meter<R> {
    input: R,
    bytes: u64,
    hash: Sha256,
}

impl<R: Read> Meter<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, bytes: 0, hash: Sha256::new() }
    }

    pub(super) fn count(&self) -> u64 {
        self.bytes
    }

    /// Counts what was read elsewhere.
    pub(super) fn also(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
    }

    /// Of what was read so far.
    pub(super) fn digest(&self) -> Digest {
        Digest::from_bytes(self.hash.clone().finalize().into())
    }
}

impl<R: Read> Read for Meter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.also(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
