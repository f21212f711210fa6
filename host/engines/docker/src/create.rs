//! `POST /containers/create`, and two options whose fields differ from engine to
//! engine. bollard has the fields of the newest one; the others are added to its
//! request, which is then sent by ourselves.
//!
//! | option | engine | field |
//! |---|---|---|
//! | `--mac-address` | Docker, API 1.44 and later | the endpoint of the network |
//! | | Docker before | `MacAddress` |
//! | | Podman | the endpoint; its usual network is called `podman` |
//! | `--kernel-memory` | Docker, API before 1.42 | `HostConfig.KernelMemory` |
//! | | Docker since, Podman | refused: they leave it out in silence |

use std::collections::{BTreeMap, HashMap};

use bollard::errors::Error;
use bollard::models::{
    ContainerCreateBody, ContainerCreateResponse, EndpointSettings, Mount, MountType,
    NetworkingConfig,
};
use bollard::query_parameters::CreateContainerOptions;
use hyper::{Request, StatusCode};
use serde_json::Value;

use crate::connect::Engine;
use crate::contract::{ContainersError, RunOptions, RunSpec};
use crate::docker_facts::DockerFacts;
use crate::limits::REQUEST;
use crate::{body, exchange, person};

/// The first API where a hardware address belongs to the endpoint (Docker 25).
const ENDPOINT_SINCE: u32 = 44;
/// The first API without a limit of kernel memory (Docker 23).
const NO_KERNEL_MEMORY_SINCE: u32 = 42;
const NO_KERNEL_MEMORY: &str =
    "Docker since 23 and Podman ignore it: kernel memory counts as part of `--memory`";
const KERNEL_MEMORY: &str = "KernelMemory";

/// Where this engine takes the options that not all take alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fields {
    /// The network whose endpoint gets the hardware address, and the address.
    endpoint: Option<(String, String)>,
    /// Fields that bollard's request does not have: a JSON pointer to the object
    /// that they belong to, their name and value.
    more: Vec<(&'static str, &'static str, Value)>,
}

impl Fields {
    /// Whether the engine has to be asked about itself for these options.
    pub(crate) fn need_facts(options: &RunOptions) -> bool {
        options.mac_address.is_some() || options.kernel_memory.is_some()
    }

    /// For the engine of these facts; the second is what it does not have.
    pub(crate) fn of(
        options: &RunOptions,
        facts: Option<&DockerFacts>,
    ) -> (Self, Option<ContainersError>) {
        let mut fields = Self::default();
        let Some(facts) = facts else { return (fields, None) };
        let is_before = |api: u32| !facts.podman && facts.api.is_some_and(|minor| minor < api);
        if let Some(address) = &options.mac_address {
            if is_before(ENDPOINT_SINCE) {
                fields.more.push(("", "MacAddress", address.as_str().into()));
            } else {
                let network = network(options, facts).to_owned();
                fields.endpoint = Some((network, address.clone()));
            }
        }
        let mut missing = None;
        if let Some(bytes) = options.kernel_memory {
            if is_before(NO_KERNEL_MEMORY_SINCE) {
                fields.more.push(("/HostConfig", KERNEL_MEMORY, bytes.into()));
            } else {
                missing = Some(ContainersError::KernelMemoryUnsupported {
                    why: NO_KERNEL_MEMORY.to_owned(),
                });
            }
        }
        (fields, missing)
    }

    /// What the user should know about them.
    pub(crate) fn note(&self) -> Option<&'static str> {
        let has_limit = self.more.iter().any(|(_, name, _)| *name == KERNEL_MEMORY);
        has_limit.then_some(
            "warning: the engine accepts `--kernel-memory`, but runc has ignored it since 1.0: \
             kernel memory counts as part of `--memory`",
        )
    }

    /// The request for a container that has them.
    pub(crate) fn request(&self, run: &RunSpec) -> CreateRequest {
        self.added_to(body::create_body(run))
    }

    fn added_to(&self, mut body: ContainerCreateBody) -> CreateRequest {
        if let Some((network, address)) = &self.endpoint {
            let mac_address = Some(address.clone());
            let endpoint = EndpointSettings { mac_address, ..EndpointSettings::default() };
            let endpoints_config = Some(HashMap::from([(network.clone(), endpoint)]));
            body.networking_config = Some(NetworkingConfig { endpoints_config });
        }
        CreateRequest { body, more: self.more.clone() }
    }
}

/// The network that the session will be on, as this engine calls it.
fn network<'a>(options: &'a RunOptions, facts: &DockerFacts) -> &'a str {
    match options.network.as_deref() {
        None | Some("default" | "bridge") if facts.podman => "podman",
        None | Some("default") => "bridge",
        Some(network) => network,
    }
}

/// What the engine is asked for.
#[derive(Debug, Clone)]
pub(crate) struct CreateRequest {
    body: ContainerCreateBody,
    more: Vec<(&'static str, &'static str, Value)>,
}

impl CreateRequest {
    /// The same from the image with the container's user, who runs it as that image says.
    /// The container says which image was asked for.
    pub(crate) fn of_person(mut self, run: &RunSpec) -> Self {
        let Some(person) = &run.person else { return self };
        let labels = self.body.labels.get_or_insert_default();
        labels.insert(person::IMAGE.to_owned(), run.image.clone());
        labels.insert(person::IMAGE_ID.to_owned(), person.image_id.clone());
        self.body.image = Some(person::image_of(person));
        self.body.user = None;
        self
    }

    /// The same where SELinux wants files of containers to be labelled: what is mounted of
    /// the project gets a label that all containers may use. A mount has no word for that,
    /// a line of `Binds` has.
    pub(crate) fn labelled(mut self) -> Self {
        let Some(host) = &mut self.body.host_config else { return self };
        let line = |mount: &Mount| {
            let (source, target) = (mount.source.as_ref()?, mount.target.as_ref()?);
            let is_line = mount.typ == Some(MountType::BIND) && !source.contains(':');
            is_line.then(|| format!("{source}:{target}:z"))
        };
        let (lines, others): (Vec<_>, Vec<_>) =
            host.mounts.take().unwrap_or_default().into_iter().partition(|it| line(it).is_some());
        host.binds.get_or_insert_default().extend(lines.iter().filter_map(line));
        host.mounts = Some(others);
        self
    }

    /// The same with variables that it does not have yet.
    pub(crate) fn with_variables(mut self, more: BTreeMap<String, String>) -> Self {
        let lines = self.body.env.get_or_insert_default();
        let is_set = |name: &str| lines.iter().any(|line| line.starts_with(&format!("{name}=")));
        let mut new: Vec<String> = more
            .into_iter()
            .filter(|(name, _)| !is_set(name))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        lines.append(&mut new);
        self
    }

    /// The whole body.
    ///
    /// # Errors
    ///
    /// Never for what bollard's types can hold.
    pub(crate) fn json(&self) -> Result<Value, serde_json::Error> {
        let mut body = serde_json::to_value(&self.body)?;
        for (place, name, value) in &self.more {
            if let Some(Value::Object(object)) = body.pointer_mut(place) {
                object.insert((*name).to_owned(), value.clone());
            }
        }
        Ok(body)
    }

    /// Sends it: as bollard does, unless bollard has no words for it.
    ///
    /// # Errors
    ///
    /// As bollard's.
    pub(crate) async fn send(
        self,
        engine: &Engine,
        options: CreateContainerOptions,
    ) -> Result<ContainerCreateResponse, Error> {
        if self.more.is_empty() {
            return engine.docker.create_container(Some(options), self.body).await;
        }
        let query = serde_urlencoded::to_string(&options)?;
        let request = Request::post(format!("/containers/create?{query}"))
            .header("host", exchange::HOST)
            .header("content-type", "application/json")
            .body(exchange::whole(serde_json::to_vec(&self.json()?)?))?;
        let answer = async {
            let connection = engine.address.dial().await?;
            let answer = exchange::send(connection, request, StatusCode::CREATED).await?;
            let bytes = exchange::document(answer.into_body()).await?;
            Ok(serde_json::from_slice(&bytes)?)
        };
        tokio::time::timeout(REQUEST, answer).await.unwrap_or(Err(Error::RequestTimeoutError))
    }
}

#[cfg(test)]
mod tests {
    use bollard::models::HostConfig;
    use serde_json::json;

    use super::*;

    fn sent(network: Option<&str>, facts: &DockerFacts) -> Value {
        let options = RunOptions {
            mac_address: Some("02:42:ac:11:00:99".into()),
            kernel_memory: Some(50 << 20),
            network: network.map(str::to_owned),
            ..RunOptions::default()
        };
        assert!(Fields::need_facts(&options));
        let (fields, missing) = Fields::of(&options, Some(facts));
        let host_config = Some(HostConfig::default());
        let body = ContainerCreateBody { host_config, ..ContainerCreateBody::default() };
        let request = fields.added_to(body).json().expect("json");
        json!([missing.map(|error| error.to_string()), request])
    }

    fn docker(api: Option<u32>) -> DockerFacts {
        DockerFacts { api, ..DockerFacts::default() }
    }

    #[test]
    fn every_engine_is_told_where_it_listens() {
        let missing = "this engine cannot set `--kernel-memory`";
        let endpoint = |network: &str| {
            json!([missing, {"HostConfig": {}, "NetworkingConfig": {"EndpointsConfig": {
                network: {"MacAddress": "02:42:ac:11:00:99"}
            }}}])
        };
        let old = json!([null, {
            "HostConfig": {"KernelMemory": 52_428_800},
            "MacAddress": "02:42:ac:11:00:99",
        }]);
        assert_eq!(sent(None, &docker(Some(41))), old);
        assert_eq!(
            sent(None, &docker(Some(43))),
            json!([missing, {"HostConfig": {}, "MacAddress": "02:42:ac:11:00:99"}])
        );
        assert_eq!(sent(None, &docker(Some(44))), endpoint("bridge"));
        assert_eq!(sent(Some("own"), &docker(Some(52))), endpoint("own"));
        assert_eq!(sent(None, &docker(None)), endpoint("bridge"));
        let podman = DockerFacts { podman: true, ..docker(Some(41)) };
        assert_eq!(sent(None, &podman), endpoint("podman"));
        assert_eq!(sent(Some("bridge"), &podman), endpoint("podman"));
        assert_eq!(sent(Some("own"), &podman), endpoint("own"));
    }

    #[test]
    fn selinux_lets_a_session_read_what_is_labelled_for_it() {
        let mount = |source: &str| Mount {
            typ: Some(MountType::BIND),
            source: Some(source.into()),
            target: Some("/work/a".into()),
            ..Mount::default()
        };
        let mounts = Some(vec![mount("/home/ann/a"), mount("/home/ann/a:b")]);
        let host_config = Some(HostConfig { mounts, ..HostConfig::default() });
        let body = ContainerCreateBody { host_config, ..ContainerCreateBody::default() };
        let request = CreateRequest { body, more: Vec::new() }.labelled().json().expect("json");
        assert_eq!(
            request["HostConfig"],
            json!({
                "Binds": ["/home/ann/a:/work/a:z"],
                "Mounts": [{"Type": "bind", "Source": "/home/ann/a:b", "Target": "/work/a"}],
            })
        );
    }

    #[test]
    fn without_such_options_no_engine_is_asked() {
        let options = RunOptions::default();
        assert!(!Fields::need_facts(&options));
        assert_eq!(Fields::of(&options, None).0, Fields::default());
    }
}
