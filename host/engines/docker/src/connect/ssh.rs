//! An engine behind ssh: Docker's or Podman's own program there connects to its
//! socket, as Docker's command line does it.

use std::io;

use crate::ssh::{SshHost, SshStream};

/// An engine on a machine that ssh reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SshEngine {
    pub(crate) host: SshHost,
    /// The engine's socket there; none: what the program there takes.
    socket: Option<String>,
    program: Program,
}

/// Who connects to the engine's socket on the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Program {
    Docker,
    Podman,
}

impl SshEngine {
    /// Understands what follows `ssh://`.
    ///
    /// # Errors
    ///
    /// Why not, a few words.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let (host, socket) = SshHost::parse(text)?;
        Ok(Self { host, socket, program: Program::Docker })
    }

    /// The same machine, where Podman's program connects to the socket.
    pub(super) fn with_podman(self) -> Self {
        Self { program: Program::Podman, ..self }
    }

    /// A connection to the engine.
    ///
    /// # Errors
    ///
    /// When there is no `ssh` program.
    pub(super) fn dial(&self) -> io::Result<SshStream> {
        let socket = self.socket.as_ref().map(|path| format!("unix://{path}"));
        let mut words = match (self.program, &socket) {
            (Program::Docker, None) => vec!["docker"],
            (Program::Docker, Some(socket)) => vec!["docker", "--host", socket],
            (Program::Podman, None) => vec!["podman"],
            (Program::Podman, Some(socket)) => vec!["podman", "--remote", "--url", socket],
        };
        words.extend(["system", "dial-stdio"]);
        self.host.run(&words)
    }
}
