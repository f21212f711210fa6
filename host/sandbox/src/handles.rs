//! What a guest keeps in the host: its handles, and an account of the bytes behind
//! them.
//!
//! What is put on a handle counts until the handle is dropped, also where later
//! values take the place of earlier ones: no sum has to be taken twice.

use wasmtime::Result;
use wasmtime::component::{Resource, ResourceTable};

use super::limits::{BYTES_BEHIND_HANDLES, Limit};

/// The handles of one store. How many there may be is the store's to say.
#[derive(Default)]
pub(super) struct Handles {
    table: ResourceTable,
    bytes: usize,
}

/// A value, and how much of the account is its.
struct Held<T> {
    value: T,
    bytes: usize,
}

fn borrowed<T: Send + 'static>(handle: &Resource<T>) -> Resource<Held<T>> {
    Resource::new_borrow(handle.rep())
}

impl Handles {
    /// A handle on `value`, which has `bytes` elsewhere on the heap.
    ///
    /// # Errors
    ///
    /// [`Limit::BytesBehindHandles`].
    pub(super) fn push<T: Send + 'static>(
        &mut self,
        value: T,
        bytes: usize,
    ) -> Result<Resource<T>> {
        let bytes = bytes.saturating_add(size_of::<Held<T>>());
        self.charge(bytes)?;
        Ok(Resource::new_own(self.table.push(Held { value, bytes })?.rep()))
    }

    /// The value behind a handle.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub(super) fn get<T: Send + 'static>(&self, handle: &Resource<T>) -> Result<&T> {
        Ok(&self.table.get(&borrowed(handle))?.value)
    }

    /// The value behind a handle, which is given `bytes` more.
    ///
    /// # Errors
    ///
    /// [`Limit::BytesBehindHandles`]; when there is none.
    pub(super) fn grow<T: Send + 'static>(
        &mut self,
        handle: &Resource<T>,
        bytes: usize,
    ) -> Result<&mut T> {
        self.charge(bytes)?;
        let held = self.table.get_mut(&borrowed(handle))?;
        held.bytes = held.bytes.saturating_add(bytes);
        Ok(&mut held.value)
    }

    /// Drops a handle and what is behind it.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub(super) fn delete<T: Send + 'static>(&mut self, handle: &Resource<T>) -> Result<()> {
        let held = self.table.delete(Resource::<Held<T>>::new_own(handle.rep()))?;
        self.bytes = self.bytes.saturating_sub(held.bytes);
        Ok(())
    }

    fn charge(&mut self, bytes: usize) -> Result<()> {
        let total = self.bytes.saturating_add(bytes);
        if total > BYTES_BEHIND_HANDLES {
            return Err(Limit::BytesBehindHandles.into());
        }
        self.bytes = total;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_counts_no_more() {
        let mut handles = Handles::default();
        for _ in 0..3 {
            let handle = handles.push(1_u8, BYTES_BEHIND_HANDLES / 2).unwrap();
            *handles.grow(&handle, BYTES_BEHIND_HANDLES / 4).unwrap() += 1;
            assert_eq!(*handles.get(&handle).unwrap(), 2);
            let error = handles.grow(&handle, BYTES_BEHIND_HANDLES / 4).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Limit::BytesBehindHandles));
            assert!(handles.push(1_u8, BYTES_BEHIND_HANDLES / 4).is_err());
            handles.delete(&handle).unwrap();
            assert!(handles.get(&handle).is_err());
        }
        assert_eq!(handles.bytes, 0);
    }
}
