//! `renku:session/http`: linked when granted, answered by the capability.

use std::sync::Arc;
use std::time::Duration;

use wasmtime::Result;
use wasmtime::component::Resource;

use super::bindings::renku::session::http;
use super::convert::{ToGuest, error_to_guest};
use super::state::{OriginHandle, ResponseHandle, State};
use crate::footprint::{Footprint as _, in_collection};
use crate::grants::Capability;
use crate::web::http::{Access, Method, Request};

impl http::Host for State {
    fn open(&mut self, name: String) -> ToGuest<Resource<OriginHandle>> {
        let Some(http) = &self.invocation.http else {
            return Ok(Err(self.denied(Capability::Http)));
        };
        let origin = match self.origins.get(&name) {
            Some(origin) => origin.clone(),
            None => match http.open(&name) {
                Ok(connection) => {
                    let origin = OriginHandle(Arc::new(connection));
                    self.origins.entry(name).or_insert(origin).clone()
                }
                Err(error) => return Ok(Err(error_to_guest(&error))),
            },
        };
        Ok(Ok(self.handles.push(origin, 0)?))
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
        let bytes = path.footprint();
        self.handles.push(Request::new(method, path), bytes)
    }

    fn query(&mut self, handle: Resource<Request>, name: String, value: String) -> Result<()> {
        let bytes = in_collection(&name) + in_collection(&value);
        self.handles.grow(&handle, bytes)?.query(name, value);
        Ok(())
    }

    fn header(&mut self, handle: Resource<Request>, name: String, value: String) -> Result<()> {
        let bytes = in_collection(&name) + in_collection(&value);
        self.handles.grow(&handle, bytes)?.header(name, value);
        Ok(())
    }

    fn body(
        &mut self,
        handle: Resource<Request>,
        content_type: String,
        bytes: Vec<u8>,
    ) -> Result<()> {
        let more = content_type.footprint() + bytes.len();
        self.handles.grow(&handle, more)?.body(content_type, bytes);
        Ok(())
    }

    fn at_most(&mut self, handle: Resource<Request>, bytes: u64) -> Result<()> {
        self.handles.grow(&handle, 0)?.at_most(bytes);
        Ok(())
    }

    fn drop(&mut self, handle: Resource<Request>) -> Result<()> {
        self.handles.delete(&handle)
    }
}

impl http::HostResponse for State {
    fn status(&mut self, handle: Resource<ResponseHandle>) -> Result<u16> {
        Ok(self.handles.get(&handle)?.0.status())
    }

    fn header(&mut self, handle: Resource<ResponseHandle>, name: String) -> Result<Option<String>> {
        Ok(self.handles.get(&handle)?.0.header(&name))
    }

    async fn read(
        &mut self,
        handle: Resource<ResponseHandle>,
        limit: u32,
    ) -> ToGuest<Option<Vec<u8>>> {
        let response = self.handles.get(&handle)?.0.clone();
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let bytes = self.host_work(response.read(limit)).await?;
        Ok(bytes.map(|bytes| bytes.map(|bytes| bytes.to_vec())))
    }

    fn drop(&mut self, handle: Resource<ResponseHandle>) -> Result<()> {
        self.handles.delete(&handle)
    }
}

impl State {
    async fn exchange(
        &mut self,
        origin: &Resource<OriginHandle>,
        request: &Resource<Request>,
        access: Access,
    ) -> ToGuest<Resource<ResponseHandle>> {
        let connection = Arc::clone(&self.handles.get(origin)?.0);
        let request = self.handles.get(request)?.clone();
        match self.host_work(connection.send(&request, access)).await? {
            Ok(response) => {
                let bytes = response.footprint();
                Ok(Ok(self.handles.push(ResponseHandle(Arc::new(response)), bytes)?))
            }
            Err(error) => Ok(Err(error)),
        }
    }
}

impl http::HostOrigin for State {
    fn display_url(&mut self, handle: Resource<OriginHandle>) -> Result<String> {
        Ok(self.handles.get(&handle)?.0.display_url().to_owned())
    }

    async fn send(
        &mut self,
        origin: Resource<OriginHandle>,
        request: Resource<Request>,
    ) -> ToGuest<Resource<ResponseHandle>> {
        self.exchange(&origin, &request, Access::Usual).await
    }

    async fn send_with_refresh_token(
        &mut self,
        origin: Resource<OriginHandle>,
        request: Resource<Request>,
    ) -> ToGuest<Resource<ResponseHandle>> {
        self.exchange(&origin, &request, Access::WithRefreshToken).await
    }

    async fn send_anonymously(
        &mut self,
        origin: Resource<OriginHandle>,
        request: Resource<Request>,
        max_age: u32,
    ) -> ToGuest<Resource<ResponseHandle>> {
        let max_age = Duration::from_secs(max_age.into());
        self.exchange(&origin, &request, Access::Anonymous { max_age }).await
    }

    fn drop(&mut self, handle: Resource<OriginHandle>) -> Result<()> {
        self.handles.delete(&handle)
    }
}
