//! TCP with TLS, as `DOCKER_CERT_PATH` and contexts set it up: the engine shows
//! a certificate of the given authority, and this side shows its own.
//!
//! Source: <https://docs.docker.com/engine/security/protect-access/>.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::host_name::host_of;

/// The directory with `ca.pem`, `cert.pem` and `key.pem`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TlsFiles {
    /// None: no authority but the system's, and no certificate of ours.
    pub(super) directory: Option<PathBuf>,
}

/// How to connect to one engine.
#[derive(Clone)]
pub(super) struct Tls {
    address: String,
    name: ServerName<'static>,
    connector: TlsConnector,
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    ///
    /// When one is there and is not what its name says; the message names it.
    pub(super) fn new(address: &str, files: &TlsFiles) -> io::Result<Self> {
        let name = ServerName::try_from(host_of(address).to_owned()).map_err(io::Error::other)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?;
        let file = |name: &str| files.directory.as_ref().map(|directory| directory.join(name));
        let (ca, certificate, key) = (file("ca.pem"), file("cert.pem"), file("key.pem"));
        let builder = match ca.filter(|path| path.exists()) {
            Some(path) => builder.with_root_certificates(authority(&path)?),
            None => {
                use rustls_platform_verifier::BuilderVerifierExt as _;
                builder.with_platform_verifier().map_err(io::Error::other)?
            }
        };
        let config = match (certificate.filter(|it| it.exists()), key.filter(|it| it.exists())) {
            (Some(certificate), Some(key)) => {
                let chain = certificates(&certificate)?;
                let secret = PrivateKeyDer::from_pem_file(&key).map_err(|_| {
                    io::Error::other(format!("`{}` holds no private key", key.display()))
                })?;
                builder.with_client_auth_cert(chain, secret).map_err(io::Error::other)?
            }
            _ => builder.with_no_client_auth(),
        };
        Ok(Self {
            address: address.to_owned(),
            name,
            connector: TlsConnector::from(Arc::new(config)),
        })
    }

    /// A connection.
    ///
    /// # Errors
    ///
    /// No connection, or no trust.
    pub(super) async fn dial(&self) -> io::Result<TlsStream<TcpStream>> {
        let stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        self.connector.connect(self.name.clone(), stream).await
    }
}

fn authority(path: &Path) -> io::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path)? {
        roots.add(certificate).map_err(io::Error::other)?;
    }
    Ok(roots)
}

fn certificates(path: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let none = || io::Error::other(format!("`{}` holds no certificate", path.display()));
    let all: Result<Vec<_>, _> = CertificateDer::pem_file_iter(path).map_err(|_| none())?.collect();
    all.ok().filter(|all| !all.is_empty()).ok_or_else(none)
}
