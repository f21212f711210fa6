//! What the engine says about itself (`GET /info`), as far as a start depends
//! on it. Asked only then: it takes engines several milliseconds.

use std::io;

use bollard::models::{SystemInfo, SystemVersion};
use hyper::{Request, StatusCode};
use serde::Deserialize;

use crate::connect::{Address, Engine};
use crate::contract::{ContainersError, EngineFacts, EngineUsers};
use crate::{engine_errors, exchange};

/// The first Podman whose `keep-id` says which user of the container the user
/// of the host is (`podman-run(1)`, `--userns`).
const KEEP_ID_OF: (u32, u32) = (4, 3);

/// Storage drivers with quotas of their own.
const DRIVERS_WITH_QUOTA: [&str; 4] = ["btrfs", "zfs", "devicemapper", "windowsfilter"];

/// What an engine with this API says about itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct DockerFacts {
    /// How many CPUs it has; none when it does not say.
    pub(crate) cpus: Option<u64>,
    pub(crate) storage_driver: String,
    /// The file system under the storage driver.
    pub(crate) backing_filesystem: String,
    /// Whether it is Podman, which leaves out silently what it does not know.
    pub(crate) podman: bool,
    /// Podman's version, major and minor.
    pub(crate) podman_version: Option<(u32, u32)>,
    /// The version of its API after `1.`; none when it does not say.
    pub(crate) api: Option<u32>,
    /// Whether the engine runs as an ordinary user.
    pub(crate) rootless: bool,
    /// Whether it is Docker Desktop, in a virtual machine.
    pub(crate) desktop: bool,
    /// Whether SELinux keeps containers from files without a label of theirs.
    pub(crate) selinux: bool,
}

/// The version of Podman; none: it is another engine.
pub(crate) fn podman_version(version: &SystemVersion) -> Option<String> {
    let mut components = version.components.iter().flatten();
    components.find(|it| it.name == "Podman Engine").map(|it| it.version.clone())
}

impl DockerFacts {
    /// Asks the engine.
    ///
    /// # Errors
    ///
    /// [`ContainersError::Engine`].
    pub(crate) async fn ask(engine: &Engine) -> Result<Self, ContainersError> {
        let (info, version) = tokio::try_join!(engine.docker.info(), engine.docker.version())
            .map_err(engine_errors::other("describe itself"))?;
        let mut facts = Self::from(info);
        let api = version.api_version.as_deref().unwrap_or_default();
        facts.api = major_minor(api).filter(|(major, _)| *major == 1).map(|(_, minor)| minor);
        if let Some(podman) = podman_version(&version) {
            facts.podman = true;
            facts.podman_version = major_minor(&podman);
            facts.rootless = facts.rootless || podman_is_rootless(&engine.address).await;
        }
        Ok(facts)
    }

    /// What follows from them for a container.
    pub(crate) fn neutral(&self) -> EngineFacts {
        EngineFacts {
            cpus: self.cpus,
            storage: self.storage(),
            limits_disk: self.can_limit_disk(),
            // Docker finds the NVIDIA toolkit also without a runtime of that name, so
            // that only its own answer about GPUs is right. Podman would start the
            // container without.
            no_gpu: self
                .podman
                .then(|| "Podman ignores requests for GPUs from other programs".to_owned()),
            shares_network: self.shares_network(),
            users: self.users(),
            users_of_copies: self.users_of_copies(),
        }
    }

    /// The storage driver, and the file system under it.
    pub(crate) fn storage(&self) -> String {
        if self.backing_filesystem.is_empty() {
            self.storage_driver.clone()
        } else {
            format!("{} on {}", self.storage_driver, self.backing_filesystem)
        }
    }

    /// Whether it can limit disk space. On xfs it depends on a mount option that the
    /// engine does not report: it answers the create request with an error that
    /// `refusal` knows.
    pub(crate) fn can_limit_disk(&self) -> bool {
        DRIVERS_WITH_QUOTA.contains(&self.storage_driver.as_str())
            || (self.storage_driver.starts_with("overlay2") && self.backing_filesystem == "xfs")
    }

    /// Whether the network of the engine's host is that of the user: others have
    /// one of their own, in a namespace or a virtual machine.
    fn shares_network(&self) -> bool {
        cfg!(target_os = "linux") && !self.rootless && !self.desktop
    }

    /// What users of containers are on this host.
    fn users(&self) -> EngineUsers {
        if cfg!(not(target_os = "linux")) {
            EngineUsers::Translated
        } else {
            self.users_of_copies()
        }
    }

    /// The same where no file sharing is between the container and the files.
    fn users_of_copies(&self) -> EngineUsers {
        if self.rootless && self.podman_version.is_some_and(|version| version >= KEEP_ID_OF) {
            EngineUsers::Mappable
        } else if self.rootless || self.desktop {
            EngineUsers::RootIsUser
        } else {
            EngineUsers::Same
        }
    }
}

impl From<SystemInfo> for DockerFacts {
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
            api: None,
            selinux: info.security_options.iter().flatten().any(|option| {
                option.split(',').any(|part| part == "name=selinux" || part == "selinux")
            }),
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
pub(crate) async fn podman_is_rootless(address: &Address) -> bool {
    #[derive(Deserialize)]
    struct Info {
        #[serde(rename = "Rootless", default)]
        rootless: bool,
    }
    let asked = async {
        let request = Request::get("/info")
            .header("host", exchange::HOST)
            .body(exchange::nothing())
            .map_err(io::Error::other)?;
        let answer = exchange::send(address.dial().await?, request, StatusCode::OK).await;
        let body = answer.map_err(io::Error::other)?.into_body();
        exchange::document(body).await.map_err(io::Error::other)
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
            let facts = DockerFacts { rootless: true, podman_version, ..DockerFacts::default() };
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
            DockerFacts::from(info),
            DockerFacts {
                cpus: Some(2),
                storage_driver: "overlay2".into(),
                backing_filesystem: "xfs".into(),
                podman: false,
                podman_version: None,
                api: None,
                rootless: true,
                desktop: false,
                selinux: false,
            }
        );
    }

    #[test]
    fn disk_space_is_limited_where_the_storage_knows_quotas() {
        let facts = |driver: &str, filesystem: &str| {
            DockerFacts {
                storage_driver: driver.into(),
                backing_filesystem: filesystem.into(),
                ..DockerFacts::default()
            }
            .neutral()
        };
        assert!(!facts("overlay2", "extfs").limits_disk);
        assert_eq!(facts("overlay2", "extfs").storage, "overlay2 on extfs");
        assert!(facts("btrfs", "").limits_disk);
        assert_eq!(facts("btrfs", "").storage, "btrfs");
        assert!(facts("overlay2", "xfs").limits_disk);
    }

    #[test]
    fn podman_is_known_to_leave_gpus_out() {
        assert_eq!(DockerFacts::default().neutral().no_gpu, None, "Docker is asked");
        let podman = DockerFacts { podman: true, ..DockerFacts::default() };
        assert!(podman.neutral().no_gpu.is_some());
    }
}
