//! An engine behind ssh: the user's own `ssh` program, with their keys, agent,
//! known hosts and `~/.ssh/config`, as Docker's own command line does it.
//!
//! A library that speaks ssh would have to learn all of that anew; one that
//! drives the program (`openssh`) keeps a master process and a directory per
//! connection for what is here one child process.

use std::io;
use std::pin::Pin;
use std::process::Stdio;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;

/// How long a host may take to accept a connection, in seconds.
const CONNECT_SECONDS: u32 = 15;
/// How much of what `ssh` says is read.
const LONGEST_MESSAGE: u64 = 4096;

/// `[user@]host[:port][/path/of/the/socket]`, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshHost {
    user: Option<String>,
    host: String,
    port: Option<u16>,
    /// The engine's socket there; none: what the program there takes.
    socket: Option<String>,
    /// The program there that connects to the engine.
    program: Program,
}

/// Who connects to the engine's socket on the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Program {
    Docker,
    Podman,
}

impl SshHost {
    /// Understands what follows `ssh://`.
    ///
    /// Every part becomes an argument of `ssh` or, the path, of the shell on
    /// the other side: so only characters that mean nothing to either pass.
    ///
    /// # Errors
    ///
    /// Why not, a few words.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let (authority, path) = match text.split_once('/') {
            Some((authority, path)) if !path.is_empty() => (authority, Some(format!("/{path}"))),
            Some((authority, _)) => (authority, None),
            None => (text, None),
        };
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        if user.is_some_and(|user| user.contains(':')) {
            return Err("a password cannot be part of it; ssh asks for one, or use a key");
        }
        if user.is_some_and(|user| !is_plain(user, "._-")) {
            return Err("its user is not a plain name");
        }
        let (host, port) = split_port(host)?;
        if !is_plain(host, "._-:%") {
            return Err("its host is not a plain name");
        }
        if path.as_deref().is_some_and(|path| !is_plain(path, "/._-@+")) {
            return Err(
                "the path of its socket has characters other than letters, digits and ./_-@+",
            );
        }
        Ok(Self {
            user: user.map(str::to_owned),
            host: host.to_owned(),
            port,
            socket: path,
            program: Program::Docker,
        })
    }

    /// The same host, where Podman's program connects to the socket.
    pub(super) fn with_podman(self) -> Self {
        Self { program: Program::Podman, ..self }
    }

    /// `user@host`, as a person would type it.
    #[must_use]
    pub fn destination(&self) -> String {
        match &self.user {
            Some(user) => format!("{user}@{}", self.host),
            None => self.host.clone(),
        }
    }

    /// `ssh` with `options`, up to the host. Nothing passes through a shell.
    fn command(&self, options: &[&str]) -> Command {
        let mut command = Command::new("ssh");
        command.arg("-o").arg(format!("ConnectTimeout={CONNECT_SECONDS}")).arg("-T");
        command.args(options);
        if let Some(user) = &self.user {
            command.args(["-l", user]);
        }
        if let Some(port) = self.port {
            command.args(["-p", &port.to_string()]);
        }
        command.args(["--", &self.host]);
        command.kill_on_drop(true);
        command
    }

    /// A connection to the engine.
    ///
    /// # Errors
    ///
    /// When there is no `ssh` program.
    pub(super) fn dial_engine(&self) -> io::Result<SshStream> {
        let socket = self.socket.as_ref().map(|path| format!("unix://{path}"));
        let mut words = match (self.program, &socket) {
            (Program::Docker, None) => vec!["docker"],
            (Program::Docker, Some(socket)) => vec!["docker", "--host", socket],
            (Program::Podman, None) => vec!["podman"],
            (Program::Podman, Some(socket)) => vec!["podman", "--remote", "--url", socket],
        };
        words.extend(["system", "dial-stdio"]);
        let mut command = self.command(&[]);
        command.args(words);
        SshStream::spawn(command)
    }

    /// A connection to a port that listens on the other side's loopback.
    ///
    /// # Errors
    ///
    /// When there is no `ssh` program.
    pub(in super::super) fn dial_port(&self, port: u16) -> io::Result<SshStream> {
        SshStream::spawn(self.command(&["-W", &format!("127.0.0.1:{port}")]))
    }

    /// `ssh` that forwards `local` of this machine to `remote` of the other
    /// side's loopback until it is ended. It fails at once when it cannot.
    pub(in super::super) fn forward(&self, local: u16, remote: u16) -> Command {
        let forward = format!("127.0.0.1:{local}:127.0.0.1:{remote}");
        let mut command = self.command(&["-N", "-o", "ExitOnForwardFailure=yes", "-L", &forward]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }
}

fn split_port(host: &str) -> Result<(&str, Option<u16>), &'static str> {
    let number = |port: &str| match port.parse() {
        Ok(0) | Err(_) => Err("its port is not a number from 1 to 65535"),
        Ok(port) => Ok(Some(port)),
    };
    if let Some(rest) = host.strip_prefix('[') {
        let (host, port) = rest.split_once(']').ok_or("its host lacks a `]`")?;
        return match port.strip_prefix(':') {
            Some(port) => Ok((host, number(port)?)),
            None if port.is_empty() => Ok((host, None)),
            None => Err("its host is not a plain name"),
        };
    }
    match host.split_once(':') {
        Some((host, port)) => Ok((host, number(port)?)),
        None => Ok((host, None)),
    }
}

/// Letters, digits and `others`, not empty, no `-` first (that would be an
/// option).
fn is_plain(text: &str, others: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('-')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
}

/// Standard input and output of an `ssh` as one stream. Dropping it ends `ssh`.
pub(in super::super) struct SshStream {
    _child: Child,
    input: Option<ChildStdin>,
    output: ChildStdout,
    /// What `ssh` says on standard error, complete when it has ended.
    message: JoinHandle<String>,
    answered: bool,
}

impl SshStream {
    fn spawn(mut command: Command) -> io::Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                io::Error::other("the program `ssh` is not installed on this machine")
            }
            _ => error,
        })?;
        let missing = || io::Error::from(io::ErrorKind::BrokenPipe);
        let input = child.stdin.take().ok_or_else(missing)?;
        let output = child.stdout.take().ok_or_else(missing)?;
        let errors = child.stderr.take().ok_or_else(missing)?;
        let message = tokio::spawn(last_line(errors));
        Ok(Self { _child: child, input: Some(input), output, message, answered: false })
    }
}

/// The last line, which says why. The rest is read so that `ssh` never waits.
pub(in super::super) async fn last_line(mut errors: impl AsyncRead + Unpin) -> String {
    let mut bytes = Vec::new();
    let _ = (&mut errors).take(LONGEST_MESSAGE).read_to_end(&mut bytes).await;
    let _ = tokio::io::copy(&mut errors, &mut tokio::io::sink()).await;
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
    crate::domain::text::one_line(line, 300)
}

impl AsyncRead for SshStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.output).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.answered = true;
        } else if !self.answered {
            // It ended without a word of the other side: `ssh` says why.
            let message = ready!(Pin::new(&mut self.message).poll(context)).unwrap_or_default();
            self.answered = true;
            let message =
                if message.is_empty() { "`ssh` ended without a word".to_owned() } else { message };
            return Poll::Ready(Err(io::Error::other(message)));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for SshStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.input {
            // An `ssh` that has ended: reading tells why.
            Some(input) => match ready!(Pin::new(input).poll_write(context, bytes)) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                    Poll::Ready(Ok(bytes.len()))
                }
                other => Poll::Ready(other),
            },
            None => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.input {
            Some(input) => Pin::new(input).poll_flush(context),
            None => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Closing the pipe is how the other side learns that this one is done.
        self.input = None;
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_an_address_become_arguments() {
        let host = SshHost::parse("ann@box.example.org:2222/run/user/7/docker.sock").expect("ssh");
        assert_eq!(host.destination(), "ann@box.example.org");
        let command = host.forward(1, 2);
        let arguments: Vec<_> =
            command.as_std().get_args().map(|it| it.to_string_lossy().into_owned()).collect();
        assert_eq!(
            arguments.join(" "),
            "-o ConnectTimeout=15 -T -N -o ExitOnForwardFailure=yes -L 127.0.0.1:1:127.0.0.1:2 \
             -l ann -p 2222 -- box.example.org"
        );
        assert_eq!(SshHost::parse("[fd00::2]:22").expect("IPv6").host, "fd00::2");
        assert_eq!(SshHost::parse("box/").expect("slash").socket, None);
    }

    #[test]
    fn nothing_of_an_address_can_become_an_option_or_a_command() {
        for (text, reason) in [
            ("-oProxyCommand=id", "its host is not a plain name"),
            ("box;id", "its host is not a plain name"),
            ("$(id)", "its host is not a plain name"),
            ("", "its host is not a plain name"),
            ("-l@box", "its user is not a plain name"),
            ("a b@box", "its user is not a plain name"),
            ("ann:secret@box", "a password cannot be part of it; ssh asks for one, or use a key"),
            ("box:0", "its port is not a number from 1 to 65535"),
            ("box:22;id", "its port is not a number from 1 to 65535"),
            (
                "box/run/docker.sock;id",
                "the path of its socket has characters other than letters, digits and ./_-@+",
            ),
            (
                "box/run/$HOME",
                "the path of its socket has characters other than letters, digits and ./_-@+",
            ),
        ] {
            assert_eq!(SshHost::parse(text).expect_err(text), reason, "{text}");
        }
    }
}
