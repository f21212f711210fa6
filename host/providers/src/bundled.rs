//! The providers that are part of the binary.

use crate::domain::EngineKind;
use crate::files::directories;

/// One of them.
pub(super) struct Bundled {
    pub(super) name: &'static str,
    pub(super) bytes: &'static [u8],
    /// Whether its sessions run elsewhere, as its manifest says: who has nothing
    /// there does not even read it.
    pub(super) remote: bool,
    /// What runs its containers, as its manifest says.
    pub(super) engine: EngineKind,
    /// The folder of sessions that no engine keeps, in the state directory: who has none
    /// is not asked for sessions of this provider.
    keeps: Option<&'static str>,
    /// Whether it shows and stops the sessions of the Python `renku`, too.
    pub(super) sees_python_renku: bool,
    /// The SHA-256 of `bytes`, computed when the program was built.
    pub(super) digest: [u8; 32],
}

impl Bundled {
    /// Whether there may be sessions of it, as far as files of this user tell.
    pub(super) fn may_have_sessions(&self) -> bool {
        let Some(folder) = self.keeps else { return true };
        directories::state().is_some_and(|state| state.join(folder).is_dir())
    }
}

/// Each, in the order they are asked.
pub(super) fn all() -> impl Iterator<Item = Bundled> {
    [
        Bundled {
            name: "docker",
            bytes: include_bytes!(env!("RENKU_DOCKER_WASM")),
            remote: false,
            engine: EngineKind::Daemon,
            keeps: None,
            sees_python_renku: true,
            digest: *include_bytes!(concat!(env!("OUT_DIR"), "/docker.sha256")),
        },
        Bundled {
            name: "local",
            bytes: include_bytes!(env!("RENKU_LOCAL_WASM")),
            remote: false,
            engine: EngineKind::Rootless,
            keeps: Some("sessions"),
            sees_python_renku: false,
            digest: *include_bytes!(concat!(env!("OUT_DIR"), "/local.sha256")),
        },
        Bundled {
            name: "renkulab",
            bytes: include_bytes!(env!("RENKU_RENKULAB_WASM")),
            remote: true,
            engine: EngineKind::Daemon,
            keeps: None,
            sees_python_renku: false,
            digest: *include_bytes!(concat!(env!("OUT_DIR"), "/renkulab.sha256")),
        },
    ]
    .into_iter()
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::super::ProviderFile;
    use super::*;

    #[test]
    fn where_sessions_run_is_what_the_manifest_says() {
        for bundled in all() {
            let manifest = ProviderFile::bundled(&bundled).unwrap().manifest;
            assert_eq!((manifest.remote, manifest.engine), (bundled.remote, bundled.engine));
        }
    }

    #[test]
    fn the_digests_are_those_of_the_bytes() {
        for bundled in all() {
            assert_eq!(bundled.digest, <[u8; 32]>::from(Sha256::digest(bundled.bytes)));
        }
    }
}
