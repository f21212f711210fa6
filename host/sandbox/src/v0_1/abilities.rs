//! Calls of what only some providers can do.

use std::collections::BTreeMap;
use std::sync::Arc;

use wasmtime::component::Resource;

use super::calls::{Instance, call};
use super::state::{DetailsHandle, SinkHandle};
use crate::containers::LogSink;
use crate::details::Details;
use crate::domain::SessionDetails;
use crate::error::CallError;

impl Instance {
    /// Calls `pause`; none when the provider cannot.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn pause(&mut self, name: &str) -> Result<Option<()>, CallError> {
        let Some(hibernation) = self.exports.hibernation.clone() else { return Ok(None) };
        call!(self, hibernation, call_pause, name).map(Some)
    }

    /// Calls `resume`; none when the provider cannot.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn resume(&mut self, name: &str) -> Result<Option<()>, CallError> {
        let Some(hibernation) = self.exports.hibernation.clone() else { return Ok(None) };
        call!(self, hibernation, call_resume, name).map(Some)
    }

    /// Calls `session-logs`; none when the provider cannot.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn session_logs(
        &mut self,
        name: &str,
        tail: Option<u32>,
        follow: bool,
        sink: Arc<dyn LogSink>,
    ) -> Result<Option<()>, CallError> {
        let Some(logs) = self.exports.logs.clone() else { return Ok(None) };
        let handle = self.lend(SinkHandle(sink))?;
        let borrow = Resource::new_borrow(handle.rep());
        call!(self, logs, call_session_logs, name, tail, follow, borrow).map(Some)
    }
    /// Calls `session-details` for these sessions, by name; none when the provider
    /// cannot.
    ///
    /// # Errors
    ///
    /// See [`Self::session_provider`].
    pub async fn session_details(
        &mut self,
        names: &[String],
    ) -> Result<Option<BTreeMap<String, SessionDetails>>, CallError> {
        let Some(details) = self.exports.details.clone() else { return Ok(None) };
        let said = Arc::new(Details::of(names));
        let handle = self.lend(DetailsHandle(Arc::clone(&said)))?;
        let borrow = Resource::new_borrow(handle.rep());
        call!(self, details, call_session_details, names, borrow)?;
        Ok(Some(said.said()))
    }
}
