//! Which port of a session answers HTTP, and where it is published.

use renku_session_sdk::{Port, Transport};

pub(crate) const JUPYTER_PORT: u16 = 8888;

/// Options after which servers name their port: Jupyter, Streamlit, marimo and others,
/// RStudio, busybox.
const OPTIONS: [&str; 9] = [
    "--port",
    "--ServerApp.port",
    "--NotebookApp.port",
    "--server.port",
    "--server-port",
    "--www-port",
    "--http-port",
    "--Voila.port",
    "-p",
];
/// Options that name an address with its port: code-server, gunicorn.
const ADDRESSES: [&str; 3] = ["--bind-addr", "--bind", "-b"];
/// Variables that name it; the first one is for Jupyter alone.
const VARIABLES: [&str; 5] =
    ["JUPYTER_PORT", "STREAMLIT_SERVER_PORT", "GRADIO_SERVER_PORT", "VOILA_PORT", "PORT"];

/// Where a session may answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ports {
    /// The likeliest.
    pub(crate) first: u16,
    /// Others that the image exposes, when nothing says which one it is.
    pub(crate) others: Vec<u16>,
}

impl Ports {
    /// Nowhere else.
    pub(crate) fn only(port: u16) -> Self {
        Self { first: port, others: Vec::new() }
    }

    /// Configured > what the command says > what a variable of the image says > what the
    /// image exposes > Jupyter's.
    pub(crate) fn choose(
        configured: Option<u16>,
        words: &[&String],
        variable: impl Fn(&str) -> Option<String>,
        exposed: &[u16],
    ) -> Self {
        let said = || of_command(words);
        let set = || VARIABLES.iter().find_map(|name| variable(name)?.parse().ok());
        if let Some(port) = configured.or_else(said).or_else(set).filter(|port| *port != 0) {
            return Self::only(port);
        }
        let first = match exposed {
            [] => JUPYTER_PORT,
            all if all.contains(&JUPYTER_PORT) => JUPYTER_PORT,
            [first, ..] => *first,
        };
        Self { first, others: exposed.iter().copied().filter(|port| *port != first).collect() }
    }

    /// All of them, the likeliest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = u16> {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }
}

/// What a command line says, also when it is one line for a shell.
fn of_command(words: &[&String]) -> Option<u16> {
    let trim = |word: &str| word.trim_matches(['"', '\'', ';']).to_owned();
    let words: Vec<String> =
        words.iter().flat_map(|word| word.split_whitespace()).map(trim).collect();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let (option, value) = match word.split_once('=') {
            Some((option, value)) => (option, Some(value)),
            None => (word.as_str(), None),
        };
        let next = || value.or_else(|| rest.clone().next().map(String::as_str));
        if OPTIONS.contains(&option) {
            if let Some(port) = next().and_then(|value| value.parse().ok()) {
                return Some(port);
            }
        } else if ADDRESSES.contains(&option) {
            let port = next().and_then(|value| value.rsplit_once(':')?.1.parse().ok());
            if port.is_some() {
                return port;
            }
        } else if option == "http.server" {
            // Its port is a word of its own.
            let port = rest.clone().find_map(|word| word.parse().ok());
            return Some(port.unwrap_or(8000));
        }
    }
    None
}

/// Address and port on the engine's host where `port` is published; IPv4 first,
/// because that is what `127.0.0.1` in an address bar reaches.
pub(crate) fn published(ports: &[Port], port: u16) -> Option<(&str, u16)> {
    ports
        .iter()
        .filter(|entry| entry.container == port && entry.protocol == Transport::Tcp)
        .filter_map(|entry| Some((entry.host_ip.as_deref().unwrap_or_default(), entry.host?)))
        .min_by_key(|(address, _)| address.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(host: Option<u16>, host_ip: &str) -> Port {
        let host_ip = Some(host_ip.to_owned());
        Port { container: 8888, host, host_ip, protocol: Transport::Tcp }
    }

    fn choose(
        configured: Option<u16>,
        command: &str,
        set: &[(&str, &str)],
        exposed: &[u16],
    ) -> Vec<u16> {
        let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        let words: Vec<&String> = words.iter().collect();
        let variable = |name: &str| {
            set.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned())
        };
        Ports::choose(configured, &words, variable, exposed).all().collect()
    }

    #[test]
    fn words_and_variables_come_before_what_is_exposed() {
        assert_eq!(choose(Some(1), "x --port=2", &[("PORT", "3")], &[4]), [1]);
        assert_eq!(choose(None, "x --port=2", &[("PORT", "3")], &[4]), [2]);
        assert_eq!(choose(None, "x", &[("PORT", "3")], &[4]), [3]);
        assert_eq!(choose(None, "x", &[("PORT", "none")], &[4]), [4]);
        assert_eq!(choose(None, "x", &[], &[]), [8888]);
        assert_eq!(choose(None, "x", &[], &[80, 443]), [80, 443], "whichever answers");
        assert_eq!(choose(None, "x", &[], &[80, 8888]), [8888, 80]);
    }

    #[test]
    fn a_command_says_it_in_the_words_of_its_program() {
        for (command, expected) in [
            ("jupyter lab --port 9999 --ip=0.0.0.0", 9999),
            ("sh -c 'jupyter lab --ServerApp.port=9999'", 9999),
            ("httpd -f -p 8080 -h /www", 8080),
            ("python3 -m http.server 8001", 8001),
            ("python3 -m http.server", 8000),
            ("code-server --bind-addr 0.0.0.0:8081 .", 8081),
            ("streamlit run app.py --server.port=8501", 8501),
            ("rserver --www-port=8787", 8787),
            ("sh -c 'jupyter lab --port=$PORT'", 8888),
            ("tool -p name", 8888),
        ] {
            assert_eq!(choose(None, command, &[], &[]), [expected], "{command}");
        }
    }

    #[test]
    fn a_published_port_is_found_on_ipv4_first() {
        let ports = [entry(Some(2), "::1"), entry(Some(1), "127.0.0.1")];
        assert_eq!(published(&ports, 8888), Some(("127.0.0.1", 1)));
        assert_eq!(published(&ports, 80), None);
        assert_eq!(published(&[entry(None, "")], 8888), None);
    }
}
