//! The containers a command is about: one request, whatever the number.
//!
//! API: `GET /containers/json`.

use bollard::query_parameters::ListContainersOptions;

use super::labels::{self, Visibility};
use super::{ContainerInfo, Containers, ContainersError, convert, engine_errors};

impl Containers {
    /// All visible containers, in every state, newest first.
    ///
    /// # Errors
    ///
    /// When no engine answers.
    pub async fn list(&self) -> Result<Vec<ContainerInfo>, ContainersError> {
        let scope = &self.0.scope;
        let owner = self.owner()?;
        let options = ListContainersOptions {
            all: true,
            filters: Some(labels::filters(scope, &owner)),
            ..ListContainersOptions::default()
        };
        let rows = self
            .engine()
            .await?
            .list_containers(Some(options))
            .await
            .map_err(engine_errors::other("list containers"))?;
        let mut visible = Vec::with_capacity(rows.len());
        for row in rows {
            // Links add names with a second slash.
            let Some(name) = row
                .names
                .iter()
                .flatten()
                .filter_map(|name| name.strip_prefix('/'))
                .find(|name| !name.contains('/'))
                .map(str::to_owned)
            else {
                continue;
            };
            let no_labels = std::collections::HashMap::new();
            let sources = row.mounts.iter().flatten().filter_map(|mount| mount.source.as_deref());
            let labels = row.labels.as_ref().unwrap_or(&no_labels);
            match labels::visibility(scope, &owner, &name, labels, sources) {
                Visibility::Foreign => {}
                seen => visible.push(convert::from_summary(name, row, seen)),
            }
        }
        Ok(visible)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::super::{ContainerSpec, EngineSettings, LogSink, Scope};
    use super::*;
    use crate::domain::Silent;
    use crate::files::session_key::KeyFile;

    fn scope(legacy: bool) -> Scope {
        let key = KeyFile { path: "/none".into(), may_be_made: false };
        Scope { provider: "docker".into(), project: None, legacy, key }
    }

    /// The first lines of all requests that `list` sends to an engine without
    /// containers.
    async fn requests(scope: Scope) -> Vec<String> {
        let directory = tempfile::tempdir().expect("tempdir");
        let socket = directory.path().join("engine.sock");
        let listener = tokio::net::UnixListener::bind(&socket).expect("bind");
        let engine = tokio::spawn(async move {
            let mut seen = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = vec![0; 4096];
                let length = stream.read(&mut request).await.expect("read");
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                // A connection without a request only asks whether we listen.
                let Some(line) = request.lines().next() else { continue };
                seen.push(line.to_owned());
                let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]";
                stream.write_all(answer.as_bytes()).await.expect("write");
                break;
            }
            seen
        });
        let settings = EngineSettings {
            docker_host: Some(format!("unix://{}", socket.display())),
            ..EngineSettings::default()
        };
        let containers = Containers::new(scope, settings, Arc::new(Silent));
        assert_eq!(containers.list().await.expect("list"), []);
        engine.await.expect("engine")
    }

    #[tokio::test]
    async fn a_list_is_one_request_that_needs_no_version() {
        let scope = scope(true);
        assert_eq!(
            requests(scope).await,
            ["GET /containers/json?all=true&size=false&filters=\
              %7B%22label%22%3A%5B%22renku_project%22%5D%7D HTTP/1.1"]
        );
    }

    /// The sandbox runs calls on any thread.
    #[test]
    fn calls_can_move_between_threads() {
        fn can_move<T: Send>(_: &T) {}
        struct Nowhere;
        impl LogSink for Nowhere {
            fn write(&self, _: &[u8]) -> Result<(), crate::domain::ProviderError> {
                Ok(())
            }
        }
        let scope = scope(false);
        let containers = Containers::new(scope, EngineSettings::default(), Arc::new(Silent));
        let labels = std::collections::BTreeMap::new();
        can_move(&containers.image_state("a"));
        can_move(&containers.image_config("a"));
        can_move(&containers.pull("a"));
        can_move(&containers.build("/a".as_ref(), "a", "a", &labels));
        can_move(&containers.start(ContainerSpec::default()));
        can_move(&containers.list());
        can_move(&containers.inspect("a"));
        can_move(&containers.stop("a", 1));
        can_move(&containers.pause("a"));
        can_move(&containers.resume("a"));
        can_move(&containers.wait_ready("a", 1, &[], std::time::Duration::ZERO));
        can_move(&containers.logs("a", None, false, &Nowhere));
        can_move(&containers.remove_created());
    }
}
