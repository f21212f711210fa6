//! `renku:session/repository`: linked when granted, answered by whoever owns the
//! project.

use std::sync::Arc;

use wasmtime::Result;
use wasmtime::component::Resource;

use super::bindings::renku::session::repository;
use super::convert::{ToGuest, error_to_guest};
use super::state::State;
use crate::domain::{ErrorKind, ProviderError};
use crate::domain::{Repository, RepositoryStatus};
use crate::footprint::Footprint as _;
use crate::grants::Capability;

type Handle = Resource<RepositoryStatus>;

impl State {
    fn repository(&self) -> std::result::Result<Arc<dyn Repository>, ProviderError> {
        self.invocation.repository.clone().ok_or_else(|| match &self.invocation.request.project {
            Some(_) => self.refusal(Capability::Repository),
            None => ProviderError::new(ErrorKind::NotFound, "this command is not about a project"),
        })
    }

    fn status(&self, handle: &Handle) -> Result<&RepositoryStatus> {
        self.handles.get(handle)
    }
}

impl repository::Host for State {
    fn read_status(&mut self) -> ToGuest<Handle> {
        match self.repository().and_then(|repository| repository.status()) {
            Ok(status) => {
                let bytes = status.footprint();
                Ok(Ok(self.handles.push(status, bytes)?))
            }
            Err(error) => Ok(Err(error_to_guest(&error))),
        }
    }

    async fn default_branch(&mut self) -> ToGuest<Option<String>> {
        match self.repository() {
            Ok(repository) => self.host_work(repository.default_branch()).await,
            Err(error) => Ok(Err(error_to_guest(&error))),
        }
    }

    async fn push(&mut self) -> ToGuest<()> {
        match self.repository() {
            Ok(repository) => self.host_work(repository.push()).await,
            Err(error) => Ok(Err(error_to_guest(&error))),
        }
    }
}

impl repository::HostRepositoryStatus for State {
    fn branch(&mut self, handle: Handle) -> Result<Option<String>> {
        Ok(self.status(&handle)?.branch.clone())
    }

    fn head(&mut self, handle: Handle) -> Result<Option<String>> {
        Ok(self.status(&handle)?.head.clone())
    }

    fn dirty(&mut self, handle: Handle) -> Result<bool> {
        Ok(self.status(&handle)?.dirty)
    }

    fn upstream(&mut self, handle: Handle) -> Result<Option<String>> {
        Ok(self.status(&handle)?.upstream.clone())
    }

    fn ahead(&mut self, handle: Handle) -> Result<Option<u32>> {
        Ok(self.status(&handle)?.ahead)
    }

    fn behind(&mut self, handle: Handle) -> Result<Option<u32>> {
        Ok(self.status(&handle)?.behind)
    }

    fn remote_urls(&mut self, handle: Handle) -> Result<Vec<String>> {
        Ok(self.status(&handle)?.remote_urls.clone())
    }

    fn drop(&mut self, handle: Handle) -> Result<()> {
        self.handles.delete(&handle)
    }
}
