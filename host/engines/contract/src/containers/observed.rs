//! What is seen of a session that does not answer: the difference between patience, a
//! port and a program.

use super::server::Server;
use crate::driver::Listener;

/// What was seen of a session that did not answer in time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Observed {
    /// Nothing could be seen.
    #[default]
    Unknown,
    /// Nothing listens in it.
    Nothing,
    /// Its program listens inside of it alone.
    Inside { port: u16, is_jupyter: bool },
    /// It listens on other ports than the one that was asked.
    Elsewhere(Vec<u16>),
    /// It answered, but not as a session does.
    Answered(u16),
    /// It listens, and does not speak HTTP.
    Mute,
    /// It wants TLS.
    Secure,
}

impl Observed {
    /// From the last answer at `port`, what the server printed, and the ports that are
    /// listened on, where the engine knows them.
    pub(crate) fn of(
        port: u16,
        answer: Option<u16>,
        printed: Option<&Server>,
        listeners: Option<&[Listener]>,
    ) -> Self {
        if let Some(server) = printed {
            if server.is_inside {
                return Self::Inside { port: server.port, is_jupyter: true };
            }
            if server.is_secure {
                return Self::Secure;
            }
        }
        if let Some(status) = answer {
            return Self::Answered(status);
        }
        let Some(listeners) = listeners else { return Self::Unknown };
        let mut at_port = listeners.iter().filter(|it| it.port == port).peekable();
        if at_port.peek().is_some() {
            return match at_port.all(|it| it.is_inside) {
                true => Self::Inside { port, is_jupyter: false },
                false => Self::Mute,
            };
        }
        let mut open: Vec<u16> =
            listeners.iter().filter(|it| !it.is_inside).map(|it| it.port).collect();
        open.sort_unstable();
        open.dedup();
        match (open.is_empty(), listeners.first()) {
            (false, _) => Self::Elsewhere(open),
            (true, Some(inside)) => Self::Inside { port: inside.port, is_jupyter: false },
            (true, None) => Self::Nothing,
        }
    }

    /// In words.
    #[must_use]
    pub(crate) fn sentence(&self) -> Option<String> {
        Some(match self {
            Self::Unknown => return None,
            Self::Nothing => "nothing listens in the session".to_owned(),
            Self::Inside { port, .. } => {
                format!("its program listens on port {port} inside of the session alone")
            }
            Self::Elsewhere(ports) => format!("it listens on {}", ports_in_words(ports)),
            Self::Answered(status) => format!("the last answer had status {status}"),
            Self::Mute => "something listens on that port, and does not answer HTTP".to_owned(),
            Self::Secure => "its program answers over TLS alone".to_owned(),
        })
    }

    /// What to type next. `exposed` are other ports that the image exposes.
    pub(crate) fn hint(&self, exposed: &[u16]) -> String {
        const TIME: &str = "allow more time with `--wait-timeout`";
        match self {
            Self::Inside { is_jupyter: true, .. } => {
                "let it listen on all addresses: add `--ip=0.0.0.0` to the command of its Jupyter"
                    .to_owned()
            }
            Self::Inside { .. } => {
                "let its program listen on all addresses of the session (`0.0.0.0`)".to_owned()
            }
            Self::Elsewhere(ports) => match ports.first() {
                Some(port) => format!("name its port: `--container-port {port}`"),
                None => TIME.to_owned(),
            },
            Self::Answered(401 | 403) => {
                "name a page that needs no login with `ready_path` in the file after `--config`"
                    .to_owned()
            }
            Self::Answered(500..) => format!("its log above says why; or {TIME}"),
            Self::Answered(_) => {
                "name a page that it has with `ready_path` in the file after `--config`".to_owned()
            }
            Self::Secure => {
                "switch TLS off in the settings of its program: the session is reached through \
                 this computer alone"
                    .to_owned()
            }
            Self::Mute | Self::Nothing | Self::Unknown => match exposed {
                [] => format!(
                    "{TIME}, or name the port of its program with `--container-port` or its \
                     `command` in the file after `--config`"
                ),
                ports => format!(
                    "{TIME}, or choose another port with `--container-port`: the image exposes {}",
                    ports_in_words(ports)
                ),
            },
        }
    }
}

fn ports_in_words(ports: &[u16]) -> String {
    let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
    match ports.split_last() {
        None => "no port".to_owned(),
        Some((only, [])) => format!("port {only}"),
        Some((last, others)) => format!("ports {} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(answer: Option<u16>, listeners: &[(u16, bool)]) -> String {
        let listeners: Vec<Listener> = listeners
            .iter()
            .map(|(port, is_inside)| Listener { port: *port, is_inside: *is_inside })
            .collect();
        Observed::of(8888, answer, None, Some(&listeners)).sentence().unwrap()
    }

    #[test]
    fn the_reason_is_what_was_seen() {
        assert_eq!(seen(None, &[]), "nothing listens in the session");
        assert_eq!(seen(Some(503), &[(8888, false)]), "the last answer had status 503");
        assert_eq!(
            seen(None, &[(8888, true)]),
            "its program listens on port 8888 inside of the session alone"
        );
        assert_eq!(
            seen(None, &[(8888, false)]),
            "something listens on that port, and does not answer HTTP"
        );
        assert_eq!(
            seen(None, &[(8080, false), (3838, false), (8080, false), (1, true)]),
            "it listens on ports 3838 and 8080"
        );
    }

    #[test]
    fn the_hint_helps_against_the_reason() {
        assert_eq!(
            Observed::Elsewhere(vec![8080]).hint(&[]),
            "name its port: `--container-port 8080`"
        );
        assert_eq!(
            Observed::Nothing.hint(&[3838, 8080]),
            "allow more time with `--wait-timeout`, or choose another port with \
             `--container-port`: the image exposes ports 3838 and 8080"
        );
        assert!(!Observed::Secure.hint(&[]).contains("time"));
    }
}
