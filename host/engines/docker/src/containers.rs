//! Containers that the engine has.
//!
//! API: `GET /containers/json`, `GET /containers/{name}/json`,
//! `GET /containers/{id}/logs`, `POST /containers/{id}/wait`, which reports an end
//! at once.

use std::collections::HashMap;
use std::time::Duration;

use bollard::errors::Error;
use bollard::query_parameters::{
    InspectContainerOptions, ListContainersOptions, WaitContainerOptions,
};
use futures_util::StreamExt;
use hyper::{Request, StatusCode};

use crate::connect::Address;
use crate::contract::{Blind, ContainerRef, ContainersError, Door, Filter, Found, LogSink};
use crate::frames::Frames;
use crate::inside::Inside;
use crate::limits::REQUEST;
use crate::pulse::Pulse;
use crate::web::readiness::{answer_at, answer_over};
use crate::{Docker, convert, engine_errors, exchange};

/// The pause after an answer to `wait` that was none.
const ASK_AGAIN: Duration = Duration::from_millis(500);
/// How long the engine may take to answer `wait`.
const WAIT_PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// Labels, as every list of the engine takes them.
pub(crate) fn filters(filter: &Filter) -> HashMap<String, Vec<String>> {
    let label = |(label, value): &(String, Option<String>)| match value {
        Some(value) => format!("{label}={value}"),
        None => label.clone(),
    };
    HashMap::from([("label".to_owned(), filter.0.iter().map(label).collect())])
}

impl Docker {
    pub(crate) async fn list_containers(
        &self,
        filter: &Filter,
    ) -> Result<Vec<Found>, ContainersError> {
        let filters = (*filter != Filter::none()).then(|| filters(filter));
        let options =
            ListContainersOptions { all: true, filters, ..ListContainersOptions::default() };
        let rows = self.client().await?.list_containers(Some(options)).await;
        let rows = rows.map_err(engine_errors::other("list containers"))?;
        Ok(rows.into_iter().filter_map(convert::from_summary).collect())
    }

    pub(crate) async fn inspect_container(
        &self,
        name: &str,
    ) -> Result<Option<Found>, ContainersError> {
        let options = None::<InspectContainerOptions>;
        match self.client().await?.inspect_container(name, options).await {
            Ok(answer) => Ok(Some(convert::from_inspect(answer))),
            Err(error) if engine_errors::status(&error) == Some(404) => Ok(None),
            Err(error) => Err(engine_errors::other("inspect a container")(error)),
        }
    }

    pub(crate) async fn ended(
        &self,
        container: &ContainerRef,
    ) -> Result<Option<i32>, ContainersError> {
        let docker = self.client().await?;
        let patient = docker.clone().with_timeout(WAIT_PATIENCE);
        loop {
            let options = WaitContainerOptions { condition: "not-running".to_owned() };
            // Its exit status comes as a value or, when not zero, as an error.
            let code = match patient.wait_container(&container.id, Some(options)).next().await {
                Some(Ok(answer)) => i32::try_from(answer.status_code).ok(),
                Some(Err(Error::DockerContainerWaitError { code, .. })) => i32::try_from(code).ok(),
                _ => None,
            };
            // A broken connection looks the same: ask.
            match docker.inspect_container(&container.id, None).await {
                Ok(it) if it.state.as_ref().and_then(|state| state.running) == Some(true) => {
                    tokio::time::sleep(ASK_AGAIN).await;
                }
                Ok(_) => return Ok(code),
                Err(error) if engine_errors::status(&error) == Some(404) => return Ok(code),
                Err(error) => return Err(engine_errors::other("watch the session")(error)),
            }
        }
    }

    pub(crate) async fn ask(&self, door: &Door, path: &str) -> Result<Option<u16>, Blind> {
        let Ok(engine) = self.engine().await else { return Ok(None) };
        match &engine.address {
            Address::Ssh(engine) => {
                let Ok(connection) = engine.host.dial_port(door.host_port) else { return Ok(None) };
                // The loopback of that machine.
                let at = format!("127.0.0.1:{}", door.host_port);
                Ok(answer_over(connection, &at, path).await)
            }
            address if address.is_remote() => {
                let (docker, id) = (engine.docker.clone(), door.container.id.clone());
                Inside { docker, id, port: door.port }.get(path).await
            }
            _ => Ok(answer_at(&format!("{}:{}", door.host, door.host_port), path).await),
        }
    }

    pub(crate) async fn logs(
        &self,
        container: &ContainerRef,
        tail: Option<u32>,
        follow: bool,
        sink: &dyn LogSink,
    ) -> Result<(), ContainersError> {
        const ACTION: &str = "read the logs";
        let tail = tail.map_or_else(|| "all".to_owned(), |lines| lines.to_string());
        let path = format!(
            "/containers/{}/logs?stdout=true&stderr=true&follow={follow}&tail={tail}",
            container.id
        );
        let engine = self.engine().await?;
        let asked = async {
            let request = Request::get(path).header("host", exchange::HOST);
            let request = request.body(exchange::nothing())?;
            exchange::send(engine.address.dial().await?, request, StatusCode::OK).await
        };
        // The engine answers at once; a program that it follows may be silent.
        let silence = REQUEST;
        let answer = Pulse::new(silence).watch(asked).await;
        let answer = answer.map_err(engine_errors::other(ACTION))?;
        let mut printed = Frames::of(answer.into_body(), (!follow).then_some(silence));
        while let Some(piece) = printed.next().await.map_err(engine_errors::other(ACTION))? {
            sink.write(&piece)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_asked_for_with_and_without_their_values() {
        let filter = Filter::none().with("a", "1").with_any("b");
        let expected = vec!["a=1".to_owned(), "b".to_owned()];
        assert_eq!(filters(&filter), HashMap::from([("label".to_owned(), expected)]));
    }
}
