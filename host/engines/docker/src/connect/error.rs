//! No engine that speaks Docker's API can be used.

use crate::contract::{Attempt, ContainersError, ReachError};
use crate::domain::{Advice, Diagnostic, ErrorKind};

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
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
    #[error("the Docker context `{context}` does not verify the engine's certificate")]
    TlsUnverified { context: String },
}

/// Ends a hint where sessions run without any engine, too.
const WITHOUT: &str = if cfg!(target_os = "linux") {
    "; without a container engine: `renku session start -p local`"
} else {
    ""
};

impl From<ConnectError> for ContainersError {
    fn from(error: ConnectError) -> Self {
        ReachError::NoEngine(Box::new(error)).into()
    }
}

impl Diagnostic for ConnectError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::EngineUnreachable { tried, setting } => ErrorKind::Unavailable
                .hint(match setting {
                    Some(setting) => {
                        format!("start the engine at that address, or change {setting}{WITHOUT}")
                    }
                    None => format!(
                        "start Docker (`sudo systemctl start docker`, or Docker Desktop), or \
                         set `DOCKER_HOST` to the address of an engine{WITHOUT}"
                    ),
                })
                .causes(tried.iter().map(Attempt::shown)),
            Self::SocketPermission { tried, .. } => ErrorKind::Denied
                .hint(format!("`sudo usermod -aG docker $USER`, then log out and in again{WITHOUT}"))
                .causes(tried.iter().map(Attempt::shown)),
            Self::AddressUnsupported { .. } => ErrorKind::Unsupported.hint(
                "addresses look like `unix:///var/run/docker.sock`, `tcp://host:2376` or `ssh://user@host`",
            ),
            Self::TlsUnverified { context } => ErrorKind::Unsupported.hint(format!(
                "`docker context update {context} --docker host=…,ca=…,cert=…,key=…` without `skip-tls-verify`"
            )),
            Self::ContextMissing { .. } => {
                ErrorKind::NotFound.hint("`docker context ls` lists the contexts")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreachable_engine_lists_every_address_with_its_reason() {
        let attempt = |address: &str, reason: &str| Attempt {
            address: address.to_owned(),
            reason: reason.to_owned(),
        };
        let error = ContainersError::from(ConnectError::EngineUnreachable {
            tried: vec![
                attempt("unix:///a.sock", "not there"),
                attempt("unix:///b.sock", "nobody listens"),
            ],
            setting: None,
        });
        assert_eq!(error.to_string(), "no container engine can be reached");
        let causes = ["`unix:///a.sock`: not there", "`unix:///b.sock`: nobody listens"];
        assert_eq!(error.causes(), causes);
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert!(error.hint().is_some_and(|hint| hint.contains("`DOCKER_HOST`")));
    }
}
