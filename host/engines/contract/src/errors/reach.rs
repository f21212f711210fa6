//! No way to the engine, or from it to what is here.

use crate::domain::{Diagnostic, ErrorKind};

/// An engine address that was tried, and why it did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The address, `unix:///…` or `tcp://…`.
    pub address: String,
    /// Why not, a few words.
    pub reason: String,
}

impl Attempt {
    fn shown(&self) -> String {
        format!("`{}`: {}", self.address, self.reason)
    }
}

/// Why the engine, or something on its machine, is out of reach.
#[derive(Debug, thiserror::Error)]
pub enum ReachError {
    /// Nobody answers at any known address.
    #[error("no container engine can be reached")]
    EngineUnreachable {
        /// Every address, in the order of trying.
        tried: Vec<Attempt>,
        /// The setting that named the only address, when one did.
        setting: Option<String>,
    },
    /// The socket is there, but this user may not open it.
    #[error("you may not use the container engine at `{address}`")]
    SocketPermission {
        address: String,
        /// Every address, in the order of trying.
        tried: Vec<Attempt>,
    },
    /// An address of a kind that is not supported.
    #[error("the engine address `{address}` from {setting} is not supported: {reason}")]
    AddressUnsupported {
        address: String,
        /// Where it was set.
        setting: String,
        reason: String,
    },
    /// A Docker context that is not there.
    #[error("there is no Docker context `{context}`, which {setting} names")]
    ContextMissing {
        context: String,
        /// Where it was set.
        setting: String,
    },
    /// A Docker context with TLS that trusts anybody.
    #[error("the Docker context `{context}` does not check who the engine is")]
    TlsUnverified { context: String },
    /// The project's files are here and the engine is elsewhere.
    #[error(
        "the engine is on another machine (`{address}`), which does not have the files of this project"
    )]
    ProjectElsewhere { address: String },
    /// No way to a port of another machine.
    #[error("no tunnel to `{host}` could be made")]
    TunnelFailed {
        host: String,
        /// The words of `ssh`.
        message: String,
    },
}

impl Diagnostic for ReachError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::EngineUnreachable { .. } | Self::TunnelFailed { .. } => ErrorKind::Unavailable,
            Self::SocketPermission { .. } => ErrorKind::Denied,
            Self::AddressUnsupported { .. }
            | Self::TlsUnverified { .. }
            | Self::ProjectElsewhere { .. } => ErrorKind::Unsupported,
            Self::ContextMissing { .. } => ErrorKind::NotFound,
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::EngineUnreachable { setting: Some(setting), .. } => {
                format!("start the engine at that address, or change {setting}")
            }
            Self::EngineUnreachable { setting: None, .. } => {
                "start Docker (`sudo systemctl start docker`, or Docker Desktop), or set `DOCKER_HOST` to \
                 the address of an engine"
                    .to_owned()
            }
            Self::SocketPermission { .. } => {
                "`sudo usermod -aG docker $USER`, then log out and in again".to_owned()
            }
            Self::AddressUnsupported { .. } => {
                "addresses look like `unix:///var/run/docker.sock`, `tcp://host:2376` or `ssh://user@host`"
                    .to_owned()
            }
            Self::TlsUnverified { context } => format!(
                "`docker context update {context} --docker host=…,ca=…,cert=…,key=…` without `skip-tls-verify`"
            ),
            Self::ProjectElsewhere { .. } => {
                "`--mount volume` copies the project to that machine, `--mount none` starts the image without it"
                    .to_owned()
            }
            Self::ContextMissing { .. } => "`docker context ls` lists the contexts".to_owned(),
            Self::TunnelFailed { .. } => return None,
        };
        Some(hint)
    }

    fn causes(&self) -> Vec<String> {
        match self {
            Self::EngineUnreachable { tried, .. } | Self::SocketPermission { tried, .. } => {
                tried.iter().map(Attempt::shown).collect()
            }
            Self::TunnelFailed { message, .. } => vec![message.clone()],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreachable_engine_lists_every_address_with_its_reason() {
        let error = ReachError::EngineUnreachable {
            tried: vec![
                Attempt { address: "unix:///a.sock".into(), reason: "not there".into() },
                Attempt { address: "unix:///b.sock".into(), reason: "nobody listens".into() },
            ],
            setting: None,
        };
        assert_eq!(error.to_string(), "no container engine can be reached");
        assert_eq!(
            error.causes(),
            ["`unix:///a.sock`: not there", "`unix:///b.sock`: nobody listens"]
        );
        assert_eq!(error.kind(), ErrorKind::Unavailable);
    }
}
