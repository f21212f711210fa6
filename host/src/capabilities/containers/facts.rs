//! What the engine says about itself (`GET /info`), as far as a start depends
//! on it. Asked only then: it takes engines several milliseconds.

use std::io;

use bollard::models::SystemInfo;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Deserialize;

use super::connect::{Address, Engine};
use super::run_as::EngineUsers;
use super::{ContainersError, engine_errors};

/// The first Podman whose `keep-id` says which user of the container the user
/// of the host is (`podman-run(1)`, `--userns`).
const KEEP_ID_OF: (u32, u32) = (4, 3);

/// Facts about an engine.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct EngineFacts {
    /// How many CPUs it has; none when it does not say.
    pub(super) cpus: Option<u64>,
    /// The storage driver.
    pub(super) storage_driver: String,
    /// The file system under the storage driver.
    pub(super) backing_filesystem: String,
    /// Whether it is Podman, which leaves out silently what it does not know.
    pub(super) podman: bool,
    /// Podman's version, major and minor.
    pub(super) podman_version: Option<(u32, u32)>,
    /// Whether the engine runs as an ordinary user.
    pub(super) rootless: bool,
    /// Whether it is Docker Desktop, in a virtual machine.
    pub(super) desktop: bool,
}

impl EngineFacts {
    /// Asks the engine.
    ///
    /// # Errors
    ///
    /// [`ContainersError::Engine`].
    pub(super) async fn ask(engine: &Engine) -> Result<Self, ContainersError> {
        let (info, version) = tokio::try_join!(engine.docker.info(), engine.docker.version())
            .map_err(engine_errors::other("describe itself"))?;
        let mut facts = Self::from(info);
        let components = version.components.unwrap_or_default();
        if let Some(podman) = components.iter().find(|it| it.name == "Podman Engine") {
            facts.podman = true;
            facts.podman_version = major_minor(&podman.version);
            facts.rootless = facts.rootless || podman_is_rootless(&engine.address).await;
        }
        Ok(facts)
    }

    /// What users of containers are on this host.
    pub(super) fn users(&self) -> EngineUsers {
        if cfg!(not(target_os = "linux")) {
            EngineUsers::Translated
        } else {
            self.users_of_copies()
        }
    }

    /// The same where no file sharing is between the container and the files.
    pub(super) fn users_of_copies(&self) -> EngineUsers {
        if self.rootless && self.podman_version.is_some_and(|version| version >= KEEP_ID_OF) {
            EngineUsers::Mappable
        } else if self.rootless || self.desktop {
            EngineUsers::RootIsUser
        } else {
            EngineUsers::Same
        }
    }
}

impl From<SystemInfo> for EngineFacts {
    fn from(info: SystemInfo) -> Self {
        let status = |wanted: &str| {
            info.driver_status.iter().flatten().find_map(|pair| match pair.as_slice() {
                [key, value] if key == wanted => Some(value.clone()),
                _ => None,
            })
        };
        Self {
            cpus: info.ncpu.and_then(|cpus| u64::try_from(cpus).ok()).filter(|cpus| *cpus > 0),
            backing_filesystem: status("Backing Filesystem").unwrap_or_default(),
            podman: false,
            podman_version: None,
            rootless: info.security_options.iter().flatten().any(|option| {
                option.split(',').any(|part| part == "name=rootless" || part == "rootless")
            }),
            desktop: info.operating_system.as_deref() == Some("Docker Desktop"),
            storage_driver: info.driver.unwrap_or_default(),
        }
    }
}

/// Podman before 5 says in a field of its own that it is rootless, which the
/// client's type of the answer does not have. No answer is a no.
pub(super) async fn podman_is_rootless(address: &Address) -> bool {
    #[derive(Deserialize)]
    struct Info {
        #[serde(rename = "Rootless", default)]
        rootless: bool,
    }
    let asked = async {
        let stream = TokioIo::new(address.dial().await?);
        let (mut sender, connection) = http1::handshake(stream).await.map_err(io::Error::other)?;
        let request = Request::get("/info")
            .header("host", "engine")
            .header("connection", "close")
            .body(Empty::<Bytes>::new())
            .map_err(io::Error::other)?;
        let answer = async {
            let answer = sender.send_request(request).await.map_err(io::Error::other)?;
            answer.into_body().collect().await.map_err(io::Error::other)
        };
        let (answer, _) = tokio::join!(answer, connection);
        Ok::<_, io::Error>(answer?.to_bytes())
    };
    asked
        .await
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Info>(&bytes).ok())
        .is_some_and(|info| info.rootless)
}

/// `4.3.1` → 4, 3.
fn major_minor(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split(['.', '-']).map(|part| part.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rootless_podman_maps_users_from_4_3_on() {
        let users = |podman_version| {
            let facts = EngineFacts { rootless: true, podman_version, ..EngineFacts::default() };
            facts.users_of_copies()
        };
        assert_eq!(users(major_minor("4.3.1")), EngineUsers::Mappable);
        assert_eq!(users(major_minor("5.0.0-rc1")), EngineUsers::Mappable);
        assert_eq!(users(major_minor("4.2.0")), EngineUsers::RootIsUser);
        assert_eq!(users(major_minor("unknown")), EngineUsers::RootIsUser);
    }

    #[test]
    fn the_engine_s_answer_is_reduced_to_what_matters() {
        let info: SystemInfo = serde_json::from_str(
            r#"{"NCPU":2,"Driver":"overlay2",
                "DriverStatus":[["Backing Filesystem","xfs"],["Supports d_type","true"]],
                "SecurityOptions":["name=seccomp,profile=default","name=rootless"],
                "OperatingSystem":"Debian GNU/Linux 12 (bookworm)"}"#,
        )
        .expect("info");
        assert_eq!(
            EngineFacts::from(info),
            EngineFacts {
                cpus: Some(2),
                storage_driver: "overlay2".into(),
                backing_filesystem: "xfs".into(),
                podman: false,
                podman_version: None,
                rootless: true,
                desktop: false,
            }
        );
    }
}
