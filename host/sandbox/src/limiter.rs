//! Bounds memory and tables of a store. Growth beyond a bound traps, so that the
//! reason can be told.

use wasmtime::ResourceLimiter;

use super::limits::{INSTANCES, Limit, MEMORIES, MEMORY_BYTES, TABLE_ELEMENTS, TABLES};

/// The limiter of one store. What it counts never shrinks.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    /// Bytes of all memories so far.
    memory: usize,
    /// Elements of all tables so far.
    elements: usize,
}

impl Limiter {
    /// Bytes of all memories.
    pub(super) fn memory(&self) -> usize {
        self.memory
    }
}

/// Adds what one of them wants to grow by to what all of them have.
fn grow(
    all: &mut usize,
    current: usize,
    desired: usize,
    most: usize,
    limit: Limit,
) -> wasmtime::Result<bool> {
    let total = all.saturating_add(desired.saturating_sub(current));
    if total > most {
        return Err(limit.into());
    }
    *all = total;
    Ok(true)
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        grow(&mut self.memory, current, desired, MEMORY_BYTES, Limit::Memory)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        grow(&mut self.elements, current, desired, TABLE_ELEMENTS, Limit::TableElements)
    }

    fn instances(&self) -> usize {
        INSTANCES
    }

    fn tables(&self) -> usize {
        TABLES
    }

    fn memories(&self) -> usize {
        MEMORIES
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
        let error = limiter.memory_growing(MEMORY_BYTES / 2, MEMORY_BYTES / 2 + 1, None);
        assert_eq!(error.unwrap_err().downcast_ref(), Some(&Limit::Memory));
    }

    #[test]
    fn all_tables_together_have_one_bound() {
        let mut limiter = Limiter::default();
        assert!(limiter.table_growing(0, TABLE_ELEMENTS - 1, None).unwrap());
        assert!(limiter.table_growing(0, 1, None).unwrap());
        let error = limiter.table_growing(1, 2, None);
        assert_eq!(error.unwrap_err().downcast_ref(), Some(&Limit::TableElements));
    }
}
