//! Whose certificates are believed.

use std::sync::Once;

use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

/// Makes ring the cryptography of this process. Every client of `reqwest` needs
/// one; calling it again changes nothing.
pub fn install_cryptography() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // It fails when there is one already, which is as good.
        let _ = ring::default_provider().install_default();
    });
}

/// TLS that trusts nobody, for an origin without TLS: reading the certificates
/// of the system costs milliseconds, and fails where there are none.
pub(super) fn nobody() -> ClientConfig {
    install_cryptography();
    ClientConfig::builder().with_root_certificates(RootCertStore::empty()).with_no_client_auth()
}
