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

impl Limiter {
    /// Bytes of all memories; they never shrink.
    pub(super) fn memory(&self) -> usize {
        self.memory
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_memories_together_have_one_bound() {
        let mut limiter = Limiter::default();
        assert!(limiter.memory_growing(0, MEMORY_BYTES / 2, None).unwrap());
        assert!(limiter.memory_growing(0, MEMORY_BYTES / 2, None).unwrap());
        assert!(!limiter.exceeded);
        assert!(limiter.memory_growing(MEMORY_BYTES / 2, MEMORY_BYTES / 2 + 1, None).is_err());
        assert!(limiter.exceeded);
    }

    #[test]
    fn a_table_has_a_bound() {
        let mut limiter = Limiter::default();
        assert!(limiter.table_growing(0, TABLE_ELEMENTS, None).unwrap());
        assert!(limiter.table_growing(0, TABLE_ELEMENTS + 1, None).is_err());
        assert!(limiter.exceeded);
    }
}
