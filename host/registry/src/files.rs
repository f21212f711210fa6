//! Where a user keeps what is for registries: logins and certificates, of Docker and of
//! Podman.
//!
//! Places: <https://docs.docker.com/reference/cli/docker/login/>, containers-auth.json(5)
//! and containers-certs.d(5).

use std::path::PathBuf;

/// Where a user keeps what is for registries.
#[derive(Debug, Clone, Default)]
pub struct RegistryFiles {
    /// `REGISTRY_AUTH_FILE`: the file that `podman login` writes, and no other of its
    /// own.
    pub auth_file: Option<PathBuf>,
    /// The directory of Docker's settings: `DOCKER_CONFIG`, else `~/.docker`.
    pub docker_config: Option<PathBuf>,
    /// Where `podman login` keeps logins until the computer restarts:
    /// `$XDG_RUNTIME_DIR/containers`, and `/run/containers/UID` where that is not set.
    pub runtime: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`, else `~/.config`.
    pub configuration: Option<PathBuf>,
}

impl RegistryFiles {
    /// As the environment of this process has it. Empty variables count as unset, as in
    /// Docker's own command line.
    #[must_use]
    pub fn from_environment() -> Self {
        let path =
            |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let of_home = |folder: &str| Some(path("HOME")?.join(folder));
        Self {
            auth_file: path("REGISTRY_AUTH_FILE"),
            docker_config: path("DOCKER_CONFIG").or_else(|| of_home(".docker")),
            runtime: Some(match path("XDG_RUNTIME_DIR") {
                Some(folder) => folder.join("containers"),
                None => format!("/run/containers/{}", rustix::process::getuid().as_raw()).into(),
            }),
            configuration: path("XDG_CONFIG_HOME").or_else(|| of_home(".config")),
        }
    }

    /// The files with logins, the first one that has a fitting login counts.
    pub(crate) fn logins(&self) -> Vec<PathBuf> {
        let docker = self.docker_config.iter().map(|folder| folder.join("config.json"));
        if let Some(own) = &self.auth_file {
            return [own.clone()].into_iter().chain(docker).collect();
        }
        let lasting = self.configuration.as_ref().map(|it| it.join("containers"));
        let podman = self.runtime.clone().into_iter().chain(lasting);
        docker.chain(podman.map(|it| it.join("auth.json"))).collect()
    }

    /// The folders that may hold certificates for `registry`, a host with its port: those
    /// of the user, then those of the computer.
    #[must_use]
    pub fn certificates(&self, registry: &str) -> Vec<PathBuf> {
        let user = [
            self.docker_config.clone(),
            self.configuration.as_ref().map(|it| it.join("docker")),
            self.configuration.as_ref().map(|it| it.join("containers")),
        ];
        let all = ["/etc/docker", "/etc/containers"].map(PathBuf::from);
        let folders = user.into_iter().flatten().chain(all);
        folders.map(|folder| folder.join("certs.d").join(registry)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_of_the_user_go_before_those_of_the_computer() {
        let files = RegistryFiles {
            docker_config: Some("/home/ann/.docker".into()),
            configuration: Some("/home/ann/.config".into()),
            ..RegistryFiles::default()
        };
        let folders = [
            "/home/ann/.docker/certs.d/r.example:5000",
            "/home/ann/.config/docker/certs.d/r.example:5000",
            "/home/ann/.config/containers/certs.d/r.example:5000",
            "/etc/docker/certs.d/r.example:5000",
            "/etc/containers/certs.d/r.example:5000",
        ];
        assert_eq!(files.certificates("r.example:5000"), folders.map(PathBuf::from));
    }
}
