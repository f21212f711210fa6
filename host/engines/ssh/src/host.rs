//! A machine behind ssh: the user's own `ssh` program, with their keys, agent, known
//! hosts and `~/.ssh/config`.
//!
//! A library that speaks ssh would have to learn all of that anew; one that
//! drives the program (`openssh`) keeps a master process and a directory per
//! connection for what is here one child process.

use std::io;
use std::process::Stdio;

use tokio::process::Command;

use crate::SshStream;
use crate::domain::programs;

/// How long a host may take to accept a connection, in seconds.
const CONNECT_SECONDS: u32 = 15;

/// `[user@]host[:port]`, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshHost {
    user: Option<String>,
    host: String,
    port: Option<u16>,
}

impl SshHost {
    /// Understands what follows `ssh://`: a host, and the path of a socket there.
    ///
    /// Every part becomes an argument of `ssh` or, the path, of the shell on
    /// the other side: so only characters that mean nothing to either pass.
    ///
    /// # Errors
    ///
    /// Why not, a few words.
    pub fn parse(text: &str) -> Result<(Self, Option<String>), &'static str> {
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
            return Err("it cannot contain a password; ssh asks for one, or use a key");
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
        let (user, host) = (user.map(str::to_owned), host.to_owned());
        Ok((Self { user, host, port }, path))
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
        let mut command = Command::from(programs::program("ssh"));
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

    /// The standard input and output of a program on the other side. Its words reach
    /// the shell there: only those of the host itself, and what [`Self::parse`] has
    /// checked, may be among them.
    ///
    /// # Errors
    ///
    /// When there is no `ssh` program.
    pub fn run(&self, words: &[&str]) -> io::Result<SshStream> {
        let mut command = self.command(&[]);
        command.args(words);
        SshStream::spawn(command)
    }

    /// A connection to a port that listens on the other side's loopback.
    ///
    /// # Errors
    ///
    /// When there is no `ssh` program.
    pub fn dial_port(&self, port: u16) -> io::Result<SshStream> {
        SshStream::spawn(self.command(&["-W", &format!("127.0.0.1:{port}")]))
    }

    /// `ssh` that forwards `local` of this machine to `remote` of the other
    /// side's loopback until it is ended. It fails at once when it cannot.
    pub(crate) fn forward(&self, local: u16, remote: u16) -> Command {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_an_address_become_arguments() {
        let text = "ann@box.example.org:2222/run/user/7/engine.sock";
        let (host, socket) = SshHost::parse(text).expect("ssh");
        assert_eq!(socket.as_deref(), Some("/run/user/7/engine.sock"));
        assert_eq!(host.destination(), "ann@box.example.org");
        let command = host.forward(1, 2);
        let arguments: Vec<_> =
            command.as_std().get_args().map(|it| it.to_string_lossy().into_owned()).collect();
        assert_eq!(
            arguments.join(" "),
            "-o ConnectTimeout=15 -T -N -o ExitOnForwardFailure=yes -L 127.0.0.1:1:127.0.0.1:2 \
             -l ann -p 2222 -- box.example.org"
        );
        assert_eq!(SshHost::parse("[fd00::2]:22").expect("IPv6").0.host, "fd00::2");
        assert_eq!(SshHost::parse("box/").expect("slash").1, None);
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
            ("ann:secret@box", "it cannot contain a password; ssh asks for one, or use a key"),
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
