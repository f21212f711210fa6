//! `renku:session/http`: linked when granted, answered by the capability.

use std::sync::Arc;
use std::time::Duration;

use wasmtime::Result;
use wasmtime::component::Resource;

use super::bindings::renku::session::{http, types};
use super::convert::error_to_guest;
use super::state::{OriginHandle, ResponseHandle, State};
use crate::capabilities::http::{Access, Method, Request};
use crate::sandbox::grants::Capability;

type Answer<T> = Result<std::result::Result<T, types::Error>>;

impl http::Host for State {
    fn open(&mut self, name: String) -> Answer<Resource<OriginHandle>> {
        let Some(http) = &self.invocation.http else {
            return Ok(Err(self.denied(Capability::Http)));
        };
        match http.open(&name) {
            Ok(connection) => Ok(Ok(self.table.push(OriginHandle(Arc::new(connection)))?)),
            Err(error) => Ok(Err(error_to_guest(&error))),
        }
    }
}

impl http::HostHttpRequest for State {
    fn new(&mut self, method: http::Method, path: String) -> Result<Resource<Request>> {
        let method = match method {
            http::Method::Get => Method::Get,
            http::Method::Head => Method::Head,
            http::Method::Post => Method::Post,
            http::Method::Put => Method::Put,
            http::Method::Patch => Method::Patch,
            http::Method::Delete => Method::Delete,
        };
        Ok(self.table.push(Request::new(method, path))?)
    }

    fn query(&mut self, handle: Resource<Request>, name: String, value: String) -> Result<()> {
        self.table.get_mut(&handle)?.query(name, value);
        Ok(())
    }

    fn header(&mut self, handle: Resource<Request>, name: String, value: String) -> Result<()> {
        self.table.get_mut(&handle)?.header(name, value);
        Ok(())
    }

    fn body(
        &mut self,
        handle: Resource<Request>,
        content_type: String,
        bytes: Vec<u8>,
    ) -> Result<()> {
        self.table.get_mut(&handle)?.body(content_type, bytes);
        Ok(())
    }

    fn drop(&mut self, handle: Resource<Request>) -> Result<()> {
        self.table.delete(handle)?;
        Ok(())
    }
}

impl http::HostResponse for State {
    fn status(&mut self, handle: Resource<ResponseHandle>) -> Result<u16> {
        Ok(self.table.get(&handle)?.0.status())
    }

    fn header(&mut self, handle: Resource<ResponseHandle>, name: String) -> Result<Option<String>> {
        Ok(self.table.get(&handle)?.0.header(&name))
    }

    async fn read(
        &mut self,
        handle: Resource<ResponseHandle>,
        limit: u32,
    ) -> Answer<Option<Vec<u8>>> {
        let response = self.table.get(&handle)?.0.clone();
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let bytes = self.host_work(response.read(limit)).await?;
        Ok(bytes.map(|bytes| bytes.map(|bytes| bytes.to_vec())))
    }

    fn drop(&mut self, handle: Resource<ResponseHandle>) -> Result<()> {
        self.table.delete(handle)?;
        Ok(())
    }
}

impl State {
    async fn exchange(
        &mut self,
        origin: &Resource<OriginHandle>,
        request: &Resource<Request>,
        access: Access,
    ) -> Answer<Resource<ResponseHandle>> {
        let connection = Arc::clone(&self.table.get(origin)?.0);
        let request = self.table.get(request)?.clone();
        match self.host_work(connection.send(&request, access)).await? {
            Ok(response) => Ok(Ok(self.table.push(ResponseHandle(Arc::new(response)))?)),
            Err(error) => Ok(Err(error)),
        }
    }
}

impl http::HostOrigin for State {
    fn display_url(&mut self, handle: Resource<OriginHandle>) -> Result<String> {
        Ok(self.table.get(&handle)?.0.display_url().to_owned())
    }

    async fn send(
        &mut self,
        origin: Resource<OriginHandle>,
        request: Resource<Request>,
    ) -> Answer<Resource<ResponseHandle>> {
        self.exchange(&origin, &request, Access::Usual).await
    }

    async fn send_with_refresh_token(
        &mut self,
        origin: Resource<OriginHandle>,
        request: Resource<Request>,
    ) -> Answer<Resource<ResponseHandle>> {
        self.exchange(&origin, &request, Access::WithRefreshToken).await
    }

    async fn send_anonymously(
        &mut self,
        origin: Resource<OriginHandle>,
        request: Resource<Request>,
        max_age: u32,
    ) -> Answer<Resource<ResponseHandle>> {
        let max_age = Duration::from_secs(max_age.into());
        self.exchange(&origin, &request, Access::Anonymous { max_age }).await
    }

    fn drop(&mut self, handle: Resource<OriginHandle>) -> Result<()> {
        self.table.delete(handle)?;
        Ok(())
    }
}
