//! The copy of the project that a session has.

use std::sync::Arc;

use super::error::CopyError;
use crate::context::{Context, Means};
use crate::contract::HostEngine;
use crate::failure::Failure;
use crate::project::{Archive, Snapshot};
use crate::providers::ProviderFile;
use crate::sandbox::Request;

/// A session's copy of the project.
pub(super) struct Copy {
    pub(super) containers: Arc<dyn HostEngine>,
    pub(super) archive: Archive,
    pub(super) before: Snapshot,
    pub(super) now: Snapshot,
}

impl Copy {
    /// None when the session has no copy, or its provider no containers.
    pub(super) async fn of(
        context: &Context,
        provider: &ProviderFile,
        name: &str,
    ) -> Result<Option<Self>, Failure> {
        let failed = |source| CopyError::NotBrought { name: name.to_owned(), source };
        let Some(containers) =
            context.invocation(provider, Request::default(), &Means::default()).containers
        else {
            return Ok(None);
        };
        let Some(copied) = containers.copied_project(name).await? else { return Ok(None) };
        let before = serde_json::from_slice(&copied.note).map_err(|error| failed(error.into()))?;
        let archive = Archive::read(copied.archive).map_err(failed)?;
        let now = Snapshot::of_archive(&archive).map_err(failed)?;
        Ok(Some(Self { containers, archive, before, now }))
    }
}
