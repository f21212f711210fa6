//! Certificates that a user has for one server: `certs.d/HOST[:PORT]/` of Docker and
//! Podman. `*.crt` are authorities, `*.cert` with `*.key` is our own side.
//!
//! Format: <https://docs.docker.com/engine/security/certificates/>.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use reqwest::{Certificate, Identity};

/// Bytes of one file; a bundle of all authorities of the web has some 250 KiB.
const FILE_BYTES: u64 = 1 << 20;

/// What is trusted beyond the system's authorities, and who we are.
#[derive(Clone, Default)]
pub struct Certificates {
    pub(super) roots: Vec<Certificate>,
    pub(super) identity: Option<Identity>,
}

/// Why a folder of certificates cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the certificate `{}` cannot be used: {reason}", path.display())]
pub struct CertificateError {
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

impl Certificates {
    /// Reads a folder; none when there is no such folder, or nothing in it.
    ///
    /// # Errors
    ///
    /// When a file of it cannot be read or holds no certificate: what its user put
    /// there must not be left out silently.
    pub fn read(folder: &Path) -> Result<Option<Self>, CertificateError> {
        let Ok(entries) = std::fs::read_dir(folder) else { return Ok(None) };
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.sort();
        let mut found = Self::default();
        let mut any = false;
        for path in files {
            let failed = |reason: String| CertificateError { path: path.clone(), reason };
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("crt") => {
                    let text = read(&path).map_err(|error| failed(error.to_string()))?;
                    let roots = Certificate::from_pem_bundle(&text);
                    found.roots.extend(roots.map_err(|error| failed(error.to_string()))?);
                }
                Some("cert") => {
                    let mut text = read(&path).map_err(|error| failed(error.to_string()))?;
                    let key = path.with_extension("key");
                    text.push(b'\n');
                    text.extend(read(&key).map_err(|error| failed(format!("its key: {error}")))?);
                    let identity = Identity::from_pem(&text);
                    found.identity = Some(identity.map_err(|error| failed(error.to_string()))?);
                }
                _ => continue,
            }
            any = true;
        }
        Ok(any.then_some(found))
    }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    // A pipe has no end, and opening one waits.
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("it is not a file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(FILE_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_or_empty_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Certificates::read(&folder.path().join("no")).unwrap().is_none());
        std::fs::write(folder.path().join("README"), "x").unwrap();
        assert!(Certificates::read(folder.path()).unwrap().is_none());
    }

    #[test]
    fn what_is_there_and_cannot_be_used_is_an_error() {
        for (name, text) in [
            ("ca.crt", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"),
            ("client.cert", "no key beside it"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(name), text).unwrap();
            let error = Certificates::read(folder.path()).err().unwrap();
            assert_eq!(error.path, folder.path().join(name));
        }
    }
}
