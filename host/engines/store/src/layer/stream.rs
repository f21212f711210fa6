//! A layer while it is read: it ends within its bounds, and hashes to what was promised.

use std::io::{self, BufReader, Read};

use super::compression::Decompressed;
use super::meter::Meter;
use crate::domain::Digest;
use crate::fault::{Bound, Fault};
use crate::limits::Limits;

/// What is left of the bounds of an image.
#[derive(Debug)]
pub(crate) struct Budget {
    limits: Limits,
    bytes: u64,
    entries: u64,
    names: u64,
}

impl Budget {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, bytes: limits.bytes, entries: limits.entries, names: limits.names }
    }

    /// Takes so many bytes.
    pub(crate) fn bytes(&mut self, count: u64) -> Result<(), Bound> {
        let left = self.bytes.checked_sub(count);
        self.bytes = left.ok_or(Bound::Bytes(self.limits.bytes))?;
        Ok(())
    }

    /// Takes an entry with a name of so many bytes.
    pub(crate) fn entry(&mut self, name: usize) -> Result<(), Bound> {
        let left = self.entries.checked_sub(1);
        self.entries = left.ok_or(Bound::Entries(self.limits.entries))?;
        self.name(name)
    }

    /// Takes a name of so many bytes, which is remembered.
    pub(crate) fn name(&mut self, bytes: usize) -> Result<(), Bound> {
        let left = self.names.checked_sub(bytes as u64);
        self.names = left.ok_or(Bound::Names(self.limits.names))?;
        Ok(())
    }
}

/// What a layer must hash to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Promised {
    /// As it is stored or sent, if known.
    pub(crate) packed: Option<Digest>,
    /// Unpacked (`diff_id`).
    pub(crate) unpacked: Digest,
}

/// A layer that is read.
pub(crate) struct Layer<'a, R: Read> {
    input: Decompressed<BufReader<Meter<R>>>,
    limits: Limits,
    budget: &'a mut Budget,
    output: Meter<io::Empty>,
}

impl<'a, R: Read> Layer<'a, R> {
    pub(crate) fn new(input: R, budget: &'a mut Budget) -> Result<Self, Fault> {
        let input = BufReader::with_capacity(64 << 10, Meter::new(input));
        let input = Decompressed::new(input).map_err(Fault::reading)?;
        let limits = budget.limits;
        Ok(Self { input, limits, budget, output: Meter::new(io::empty()) })
    }

    /// For what takes of it beside bytes.
    pub(crate) fn budget(&mut self) -> &mut Budget {
        self.budget
    }

    /// Reads what is left, and compares.
    pub(crate) fn finish(mut self, promised: &Promised) -> Result<(), Fault> {
        io::copy(&mut self, &mut io::sink()).map_err(Fault::reading)?;
        let compare = |what, promised: Digest, found: Digest| match promised == found {
            true => Ok(()),
            false => Err(Fault::Digest { what, promised, found }),
        };
        if let Some(packed) = promised.packed {
            compare("a layer", packed, self.input.input().get_ref().digest())?;
        }
        compare("an unpacked layer", promised.unpacked, self.output.digest())
    }
}

impl<R: Read> Read for Layer<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.output.also(buffer.get(..count).unwrap_or_default());
        self.budget.bytes(count as u64)?;
        let most = self.input.input().get_ref().count().saturating_mul(self.limits.ratio);
        if self.output.count() > most.saturating_add(self.limits.allowance) {
            return Err(Bound::Ratio(self.limits.ratio).into());
        }
        Ok(count)
    }
}
