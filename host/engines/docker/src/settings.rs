//! What decides which engine is used: the environment, read once, so that
//! tests can set it without changing the process.

use std::path::PathBuf;

use crate::registry::RegistryFiles;

/// Where to look for an engine. The default knows nothing: only fixed places
/// are tried.
#[derive(Debug, Clone, Default)]
pub struct EngineSettings {
    /// `DOCKER_HOST`: the only address to try.
    pub docker_host: Option<String>,
    /// `DOCKER_TLS_VERIFY`: whether TCP addresses mean TLS.
    pub docker_tls_verify: bool,
    /// `DOCKER_CERT_PATH`: the directory with `ca.pem`, `cert.pem`, `key.pem`.
    pub docker_cert_path: Option<PathBuf>,
    /// `DOCKER_CONTEXT`: the only context to try.
    pub docker_context: Option<String>,
    /// `CONTAINER_HOST`: the same as `DOCKER_HOST`, as Podman calls it.
    pub container_host: Option<String>,
    /// `DOCKER_CONFIG`: the directory of Docker's settings.
    pub docker_config: Option<PathBuf>,
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `XDG_RUNTIME_DIR`.
    pub xdg_runtime_dir: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`.
    pub xdg_config_home: Option<PathBuf>,
    /// `REGISTRY_AUTH_FILE`: where `podman login` keeps logins.
    pub registry_auth_file: Option<PathBuf>,
}

impl EngineSettings {
    /// Reads the environment of this process. Empty variables count as unset,
    /// as in Docker's own command line.
    #[must_use]
    pub fn from_environment() -> Self {
        let text = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let path = |name: &str| {
            std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
        };
        Self {
            docker_host: text("DOCKER_HOST"),
            docker_tls_verify: text("DOCKER_TLS_VERIFY").is_some(),
            docker_cert_path: path("DOCKER_CERT_PATH"),
            docker_context: text("DOCKER_CONTEXT"),
            container_host: text("CONTAINER_HOST"),
            docker_config: path("DOCKER_CONFIG"),
            home: path("HOME"),
            xdg_runtime_dir: path("XDG_RUNTIME_DIR"),
            xdg_config_home: path("XDG_CONFIG_HOME"),
            registry_auth_file: path("REGISTRY_AUTH_FILE"),
        }
    }

    /// Where the user keeps what is for registries.
    pub(crate) fn registry_files(&self) -> RegistryFiles {
        let of_home = || Some(self.home.as_ref()?.join(".config"));
        RegistryFiles {
            auth_file: self.registry_auth_file.clone(),
            docker_config: self.config_directory(),
            runtime: self.xdg_runtime_dir.clone(),
            configuration: self.xdg_config_home.clone().or_else(of_home),
        }
    }

    /// The directory of Docker's settings.
    pub(crate) fn config_directory(&self) -> Option<PathBuf> {
        self.docker_config.clone().or_else(|| Some(self.home.as_ref()?.join(".docker")))
    }
}
