//! `docker-registry` on a free port of this machine, for one test.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use renku_session_domain::Secret;
use renku_session_registry::Login;
use renku_session_registry::artifacts::{
    Artifact, Logins, OciReference, Purpose, Registry, RegistryError,
};

/// Who may use a registry.
pub(crate) enum Access {
    Open,
    /// Who has the password (HTTP basic authentication).
    Password,
    /// Who brings a token of this issuer.
    Token {
        realm: String,
        certificate: std::path::PathBuf,
    },
}

/// A registry that ends with the test.
pub(crate) struct Real {
    process: Child,
    pub(crate) host: String,
    /// Where it keeps its blobs.
    pub(crate) folder: tempfile::TempDir,
}

/// `ann` with the password `secret`, as `htpasswd -nbB ann secret` prints it.
const USERS: &str = "ann:$2y$05$OncgqYdGkKh0gn/m44xREOKFq2P0tuGzvAddGV8GwcR38aoBkOtSO";

impl Real {
    pub(crate) fn start(access: &Access, encrypted: bool) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let port = free_port();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let mut config = format!(
            "version: 0.1\nlog: {{level: error}}\n\
             storage: {{filesystem: {{rootdirectory: {}}}}}\n\
             http:\n  addr: 127.0.0.1:{port}\n",
            path("blobs")
        );
        if encrypted {
            certificate(folder.path());
            config += &format!(
                "  tls: {{certificate: {}, key: {}}}\n",
                path("certificate.pem"),
                path("key.pem")
            );
        }
        match access {
            Access::Open => {}
            Access::Password => {
                std::fs::write(folder.path().join("users"), USERS).expect("users");
                config +=
                    &format!("auth: {{htpasswd: {{realm: test, path: {}}}}}\n", path("users"));
            }
            Access::Token { realm, certificate } => {
                config += &format!(
                    "auth: {{token: {{realm: \"{realm}\", service: test, issuer: test, rootcertbundle: {}}}}}\n",
                    certificate.display()
                );
            }
        }
        std::fs::write(folder.path().join("config.yml"), config).expect("config");
        let process = Command::new("docker-registry")
            .args(["serve", &path("config.yml")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("`cargo xtask setup` installs docker-registry");
        let registry = Self { process, host: format!("localhost:{port}"), folder };
        registry.wait(port);
        registry
    }

    fn wait(&self, port: u16) {
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begin.elapsed() < Duration::from_secs(60), "the registry does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn at(&self, rest: &str) -> OciReference {
        format!("{}/{rest}", self.host).parse().expect("reference")
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The logins of one test.
pub(crate) struct Known(pub(crate) Option<Login>);

impl Logins for Known {
    fn login<'a>(&'a self, _: &'a str, _: &'a str) -> BoxFuture<'a, Option<Login>> {
        Box::pin(std::future::ready(self.0.clone()))
    }
}

pub(crate) fn nobody() -> Known {
    Known(None)
}

pub(crate) fn ann(secret: &str) -> Known {
    Known(Some(Login::Password { user: "ann".into(), password: Secret::new(secret) }))
}

pub(crate) fn artifact(bytes: &str) -> Artifact {
    Artifact {
        name: "slurm".into(),
        bytes: bytes.as_bytes().to_vec(),
        imports: vec!["renku:session/http@0.1.0".into()],
        exports: vec!["renku:session/provider@0.1.0".into()],
        annotations: [("version".to_owned(), "1.0.0".to_owned())].into(),
        signature: None,
    }
}

pub(crate) async fn reading(at: &OciReference, who: &Known) -> Result<Registry, RegistryError> {
    Registry::connect(at, who, Purpose::Pull).await
}

pub(crate) async fn writing(at: &OciReference, who: &Known) -> Result<Registry, RegistryError> {
    Registry::connect(at, who, Purpose::Push).await
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("address").port()
}

/// A key and a certificate for `localhost` that signs itself.
pub(crate) fn certificate(folder: &Path) {
    let status = Command::new("openssl")
        .current_dir(folder)
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"])
        .args(["-keyout", "key.pem", "-out", "certificate.pem", "-days", "2"])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:TRUE"])
        .stderr(Stdio::null())
        .status()
        .expect("openssl");
    assert!(status.success());
}
