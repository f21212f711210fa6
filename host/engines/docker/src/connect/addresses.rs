//! Which addresses are tried, decided from settings alone: `DOCKER_HOST`, else
//! `DOCKER_CONTEXT`, else `CONTAINER_HOST`, else the context that `docker
//! context use` chose, then the places where engines put their sockets.

use std::os::unix::fs::FileTypeExt as _;
use std::path::PathBuf;

use super::address::Address;
use super::context;
use super::error::ConnectError;
use super::tls::TlsFiles;
use crate::docker_config::DockerConfig;
use crate::settings::EngineSettings;

/// What gives an address that nobody set.
const USUAL_PLACES: &str = "the usual places";

/// What is to be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Addresses {
    /// This address or none: the setting that names it is a decision.
    Only(NamedAddress),
    /// The first one that answers.
    FirstOf(Vec<NamedAddress>),
}

/// An address to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NamedAddress {
    /// As it was written.
    pub(super) address: String,
    /// What gave it.
    pub(super) setting: String,
    /// How TCP is protected, when it is.
    pub(super) tls: Option<TlsFiles>,
    /// Whether it is in the notation of Podman.
    podman: bool,
    /// Whether Docker's own client would use it, too.
    pub(super) is_clients_own: bool,
}

impl NamedAddress {
    fn new(address: impl Into<String>, setting: &str) -> Self {
        Self {
            address: address.into(),
            setting: setting.to_owned(),
            tls: None,
            podman: false,
            is_clients_own: false,
        }
    }

    /// Whether somebody set it, or a socket is there. A link without its end is that of an
    /// engine which does not run.
    pub(super) fn is_set_up(&self) -> bool {
        let is_socket = |path: &PathBuf| {
            let found = path.symlink_metadata().map(|it| it.file_type());
            found.is_ok_and(|it| {
                let leads_on = || path.metadata().map_or(true, |it| it.file_type().is_socket());
                it.is_socket() || (it.is_symlink() && leads_on())
            })
        };
        self.setting != USUAL_PLACES
            || matches!(self.address(), Ok(Address::Unix(path)) if is_socket(&path))
    }

    /// The address, understood.
    ///
    /// # Errors
    ///
    /// [`ConnectError::AddressUnsupported`].
    pub(super) fn address(&self) -> Result<Address, ConnectError> {
        let address = Address::parse(&self.address, &self.setting, self.tls.as_ref())?;
        Ok(match address {
            Address::Ssh(host) if self.podman => Address::Ssh(host.with_podman()),
            other => other,
        })
    }
}

/// Which addresses to try.
///
/// # Errors
///
/// [`ConnectError::ContextMissing`], `TlsUnverified`.
pub(super) fn to_try(settings: &EngineSettings) -> Result<Addresses, ConnectError> {
    if let Some(address) = &settings.docker_host {
        let mut named = NamedAddress::new(address, "`DOCKER_HOST`");
        named.tls = tls_of_environment(settings);
        named.is_clients_own = true;
        return Ok(Addresses::Only(named));
    }
    if let Some(name) = settings.docker_context.as_deref().filter(|name| *name != "default") {
        let setting = "`DOCKER_CONTEXT`";
        let found = of_context(settings, name, setting)?;
        return found.map(Addresses::Only).ok_or_else(|| ConnectError::ContextMissing {
            context: name.to_owned(),
            setting: setting.to_owned(),
        });
    }
    if let Some(address) = &settings.container_host {
        let mut named = NamedAddress::new(address, "`CONTAINER_HOST`");
        named.podman = true;
        return Ok(Addresses::Only(named));
    }
    let mut named = Vec::new();
    if settings.docker_context.is_none()
        && let Some(name) = current_context(settings)
    {
        named.extend(of_context(settings, &name, "the Docker context")?);
    }
    for socket in known_sockets(settings) {
        let address = format!("unix://{}", socket.display());
        if named.iter().all(|it| it.address != address) {
            let mut socket = NamedAddress::new(address, USUAL_PLACES);
            // The client knows the first place, and no other.
            socket.is_clients_own = named.is_empty();
            named.push(socket);
        }
    }
    Ok(Addresses::FirstOf(named))
}

/// `DOCKER_TLS_VERIFY` protects TCP; the files are in `DOCKER_CERT_PATH`, else
/// beside Docker's settings.
fn tls_of_environment(settings: &EngineSettings) -> Option<TlsFiles> {
    let directory = || settings.docker_cert_path.clone().or_else(|| settings.config_directory());
    settings.docker_tls_verify.then(|| TlsFiles { directory: directory() })
}

fn current_context(settings: &EngineSettings) -> Option<String> {
    DockerConfig::read(settings)
        .current_context
        .filter(|name| !name.is_empty() && name != "default")
}

fn of_context(
    settings: &EngineSettings,
    name: &str,
    setting: &str,
) -> Result<Option<NamedAddress>, ConnectError> {
    let Some(directory) = settings.config_directory() else { return Ok(None) };
    let Some(endpoint) = context::read(&directory, name) else { return Ok(None) };
    if endpoint.unverified {
        return Err(ConnectError::TlsUnverified { context: name.to_owned() });
    }
    let mut named = NamedAddress::new(endpoint.address, setting);
    named.tls = endpoint.tls;
    named.is_clients_own = true;
    Ok(Some(named))
}

/// Where Docker Engine, Docker Desktop, Colima, Rancher Desktop, OrbStack,
/// rootless Docker and Podman put their sockets.
fn known_sockets(settings: &EngineSettings) -> Vec<PathBuf> {
    let mut sockets = vec![PathBuf::from("/var/run/docker.sock")];
    if let Some(home) = &settings.home {
        sockets.extend(
            [
                ".docker/run/docker.sock",
                ".docker/desktop/docker.sock",
                ".colima/default/docker.sock",
                ".config/colima/default/docker.sock",
                ".rd/docker.sock",
                ".orbstack/run/docker.sock",
            ]
            .map(|place| home.join(place)),
        );
    }
    if let Some(runtime) = &settings.xdg_runtime_dir {
        sockets.extend(["docker.sock", "podman/podman.sock"].map(|place| runtime.join(place)));
    }
    if let Some(home) = &settings.home {
        sockets.push(home.join(".local/share/containers/podman/machine/podman.sock"));
    }
    sockets.push(PathBuf::from("/run/podman/podman.sock"));
    sockets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connect::context::testing::context;

    fn home(settings: EngineSettings) -> EngineSettings {
        EngineSettings {
            home: Some("/home/ann".into()),
            xdg_runtime_dir: Some("/run/user/7".into()),
            ..settings
        }
    }

    fn addresses(settings: &EngineSettings) -> Vec<String> {
        match to_try(settings).expect("plan") {
            Addresses::Only(named) => vec![format!("only {}", named.address)],
            Addresses::FirstOf(all) => all.into_iter().map(|named| named.address).collect(),
        }
    }

    #[test]
    fn the_known_places_are_tried_in_order() {
        assert_eq!(
            addresses(&home(EngineSettings::default())),
            [
                "unix:///var/run/docker.sock",
                "unix:///home/ann/.docker/run/docker.sock",
                "unix:///home/ann/.docker/desktop/docker.sock",
                "unix:///home/ann/.colima/default/docker.sock",
                "unix:///home/ann/.config/colima/default/docker.sock",
                "unix:///home/ann/.rd/docker.sock",
                "unix:///home/ann/.orbstack/run/docker.sock",
                "unix:///run/user/7/docker.sock",
                "unix:///run/user/7/podman/podman.sock",
                "unix:///home/ann/.local/share/containers/podman/machine/podman.sock",
                "unix:///run/podman/podman.sock",
            ]
        );
    }

    #[test]
    fn a_setting_is_a_decision_and_nothing_else_is_tried() {
        let mut settings = home(EngineSettings {
            docker_host: Some("unix:///x.sock".into()),
            docker_context: Some("default".into()),
            container_host: Some("unix:///p.sock".into()),
            ..EngineSettings::default()
        });
        assert_eq!(addresses(&settings), ["only unix:///x.sock"]);
        settings.docker_host = None;
        assert_eq!(addresses(&settings), ["only unix:///p.sock"]);
    }

    #[test]
    fn a_setting_or_a_socket_sets_an_engine_up_and_a_file_of_its_name_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let usual = |name: &str| {
            let address = format!("unix://{}", folder.path().join(name).display());
            NamedAddress::new(address, USUAL_PLACES).is_set_up()
        };
        std::fs::write(folder.path().join("file"), "").unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
        for (link, end) in [("linked", "socket"), ("off", "gone"), ("odd", "file")] {
            std::os::unix::fs::symlink(end, folder.path().join(link)).unwrap();
        }
        let there: Vec<bool> = ["socket", "linked", "off", "file", "odd", "gone"].map(usual).into();
        assert_eq!(there, [true, true, true, false, false, false]);
        assert!(NamedAddress::new("unix:///gone.sock", "`DOCKER_HOST`").is_set_up());
    }

    #[test]
    fn a_context_that_is_not_there_is_named() {
        let settings = home(EngineSettings {
            docker_context: Some("gone".into()),
            ..EngineSettings::default()
        });
        let error = to_try(&settings).expect_err("no such context");
        assert_eq!(
            error.to_string(),
            "there is no Docker context `gone`, which `DOCKER_CONTEXT` names"
        );
    }

    #[test]
    fn the_current_context_comes_before_the_known_places() {
        let directory = tempfile::tempdir().expect("tempdir");
        context(directory.path(), "work", r#"{"Host":"unix:///w.sock"}"#);
        let config = r#"{"currentContext":"work"}"#;
        std::fs::write(directory.path().join("config.json"), config).expect("write");
        let settings = EngineSettings {
            docker_config: Some(directory.path().to_owned()),
            ..EngineSettings::default()
        };
        assert_eq!(
            addresses(&settings),
            ["unix:///w.sock", "unix:///var/run/docker.sock", "unix:///run/podman/podman.sock"]
        );
        let overridden =
            EngineSettings { docker_context: Some("default".into()), ..settings.clone() };
        assert_eq!(
            addresses(&overridden),
            ["unix:///var/run/docker.sock", "unix:///run/podman/podman.sock"]
        );
    }

    #[test]
    fn tls_is_used_where_docker_would_use_it() {
        let settings = EngineSettings {
            docker_host: Some("tcp://box".into()),
            docker_tls_verify: true,
            docker_cert_path: Some("/certificates".into()),
            ..EngineSettings::default()
        };
        let Addresses::Only(named) = to_try(&settings).expect("plan") else { panic!("a decision") };
        let files = TlsFiles { directory: Some("/certificates".into()) };
        assert_eq!(named.address().expect("TLS"), Address::Tls("box:2376".into(), files));
    }

    #[test]
    fn tls_that_trusts_anybody_is_refused() {
        let directory = tempfile::tempdir().expect("tempdir");
        context(directory.path(), "lax", r#"{"Host":"tcp://box","SkipTLSVerify":true}"#);
        let settings = EngineSettings {
            docker_config: Some(directory.path().to_owned()),
            docker_context: Some("lax".into()),
            ..EngineSettings::default()
        };
        assert_eq!(
            to_try(&settings).expect_err("no trust").to_string(),
            "the Docker context `lax` does not verify the engine's certificate"
        );
    }

    #[test]
    fn podman_s_own_setting_uses_podman_on_the_other_side() {
        let settings = EngineSettings {
            container_host: Some("ssh://ann@box/run/podman/podman.sock".into()),
            ..EngineSettings::default()
        };
        let Addresses::Only(named) = to_try(&settings).expect("plan") else { panic!("a decision") };
        let Address::Ssh(host) = named.address().expect("ssh") else { panic!("ssh") };
        assert_eq!(host.clone().with_podman(), host);
    }
}
