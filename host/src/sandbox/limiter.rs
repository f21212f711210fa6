//! Bounds memory and tables, and remembers that it had to.

use wasmtime::ResourceLimiter;

use super::limits::{MEMORY_BYTES, TABLE_ELEMENTS};

/// The limiter of one store. Growth beyond a bound traps, so that the reason
/// can be told.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    /// Bytes of all memories so far.
    memory: usize,
    /// Whether growth was refused.
    pub(super) exceeded: bool,
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let total = self.memory + desired.saturating_sub(current);
        if total > MEMORY_BYTES {
            self.exceeded = true;
            wasmtime::bail!("memory limit reached");
        }
        self.memory = total;
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if desired > TABLE_ELEMENTS {
            self.exceeded = true;
            wasmtime::bail!("table limit reached");
        }
        Ok(true)
    }
}
