//! What the engine says about itself (`GET /info`), as far as a start depends
//! on it. Asked only then: it takes engines several milliseconds.

use bollard::Docker;
use bollard::models::SystemInfo;

use super::run_as::EngineUsers;
use super::{ContainersError, engine_errors};

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
    pub(super) async fn ask(docker: &Docker) -> Result<Self, ContainersError> {
        let (info, version) = tokio::try_join!(docker.info(), docker.version())
            .map_err(engine_errors::other("describe itself"))?;
        let components = version.components.unwrap_or_default();
        let podman = components.iter().any(|component| component.name == "Podman Engine");
        Ok(Self { podman, ..Self::from(info) })
    }

    /// What users of containers are on this host.
    pub(super) fn users(&self) -> EngineUsers {
        if cfg!(not(target_os = "linux")) {
            EngineUsers::Translated
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
            rootless: info.security_options.iter().flatten().any(|option| {
                option.split(',').any(|part| part == "name=rootless" || part == "rootless")
            }),
            desktop: info.operating_system.as_deref() == Some("Docker Desktop"),
            storage_driver: info.driver.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
                rootless: true,
                desktop: false,
            }
        );
    }
}
