//! No way to the engine, or from it to what is here.

use crate::domain::{Advice, Advised, ErrorKind};

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

impl Advised for ReachError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::EngineUnreachable { tried, setting } => ErrorKind::Unavailable
                .hint(match setting {
                    Some(setting) => {
                        format!("start the engine at that address, or change {setting}")
                    }
                    None => "start Docker (`sudo systemctl start docker`, or Docker Desktop), or \
                             set `DOCKER_HOST` to the address of an engine"
                        .to_owned(),
                })
                .causes(tried.iter().map(Attempt::shown)),
            Self::SocketPermission { tried, .. } => ErrorKind::Denied
                .hint("`sudo usermod -aG docker $USER`, then log out and in again")
                .causes(tried.iter().map(Attempt::shown)),
            Self::AddressUnsupported { .. } => ErrorKind::Unsupported.hint(
                "addresses look like `unix:///var/run/docker.sock`, `tcp://host:2376` or `ssh://user@host`",
            ),
            Self::TlsUnverified { context } => ErrorKind::Unsupported.hint(format!(
                "`docker context update {context} --docker host=…,ca=…,cert=…,key=…` without `skip-tls-verify`"
            )),
            Self::ProjectElsewhere { .. } => ErrorKind::Unsupported.hint(
                "`--mount volume` copies the project to that machine, `--mount none` starts the image without it",
            ),
            Self::ContextMissing { .. } => {
                ErrorKind::NotFound.hint("`docker context ls` lists the contexts")
            }
            Self::TunnelFailed { message, .. } => ErrorKind::Unavailable.causes([message]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Diagnostic as _;

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
