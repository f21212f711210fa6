//! Docker contexts: an address under a name, and certificates beside it.
//!
//! Format: `contexts/meta/<sha256 of the name>/meta.json` and
//! `contexts/tls/<the same>/docker/{ca,cert,key}.pem`, see
//! <https://docs.docker.com/engine/manage-resources/contexts/>.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::tls::TlsFiles;
use crate::domain::hexadecimal;

/// Where a context's engine is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ContextEndpoint {
    pub(super) address: String,
    /// Its certificates, when it has some.
    pub(super) tls: Option<TlsFiles>,
    /// Whether whoever answers is to be trusted.
    pub(super) unverified: bool,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(rename = "Endpoints", default)]
    endpoints: BTreeMap<String, Endpoint>,
}

#[derive(Deserialize)]
struct Endpoint {
    #[serde(rename = "Host", default)]
    host: Option<String>,
    #[serde(rename = "SkipTLSVerify", default)]
    skip_tls_verify: bool,
}

/// The context of this name; none when there is no such context.
pub(super) fn read(config_directory: &Path, name: &str) -> Option<ContextEndpoint> {
    let contexts = config_directory.join("contexts");
    let digest = digest(name);
    let path = contexts.join("meta").join(&digest).join("meta.json");
    let mut metadata: Metadata = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    let endpoint = metadata.endpoints.remove("docker")?;
    let files = contexts.join("tls").join(&digest).join("docker");
    Some(ContextEndpoint {
        address: endpoint.host?,
        tls: files.is_dir().then_some(TlsFiles { directory: Some(files) }),
        unverified: endpoint.skip_tls_verify,
    })
}

fn digest(name: &str) -> String {
    hexadecimal(&Sha256::digest(name.as_bytes()))
}

#[cfg(test)]
pub(super) mod testing {
    use std::path::Path;

    /// Writes a context as `docker context create` does.
    pub(crate) fn context(config_directory: &Path, name: &str, endpoint: &str) {
        let meta = config_directory.join("contexts/meta").join(super::digest(name));
        std::fs::create_dir_all(&meta).expect("mkdir");
        let text = format!(r#"{{"Name":"{name}","Endpoints":{{"docker":{endpoint}}}}}"#);
        std::fs::write(meta.join("meta.json"), text).expect("write");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_is_found_by_the_digest_of_its_name() {
        let directory = tempfile::tempdir().expect("tempdir");
        let name = "desktop-linux";
        testing::context(directory.path(), name, r#"{"Host":"unix:///a.sock"}"#);
        let digest = "fe9c6bd7a66301f49ca9b6a70b217107cd1284598bfc254700c989b916da791e";
        assert!(directory.path().join("contexts/meta").join(digest).is_dir());
        let found =
            ContextEndpoint { address: "unix:///a.sock".into(), tls: None, unverified: false };
        assert_eq!(read(directory.path(), name), Some(found));
        assert_eq!(read(directory.path(), "other"), None);
    }

    #[test]
    fn certificates_of_a_context_are_its_own() {
        let directory = tempfile::tempdir().expect("tempdir");
        testing::context(directory.path(), "box", r#"{"Host":"tcp://box:2376"}"#);
        let files = directory.path().join("contexts/tls").join(digest("box")).join("docker");
        std::fs::create_dir_all(&files).expect("mkdir");
        let found = read(directory.path(), "box").expect("context");
        assert_eq!(found.tls, Some(TlsFiles { directory: Some(files) }));
    }
}
