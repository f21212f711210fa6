//! Where the server of a session says that it answers. Jupyter prints its addresses, and
//! they count more than what anybody guessed.

/// The address of a server, as it printed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    pub(crate) port: u16,
    /// The path below which everything lies: `/conf`, empty for the root.
    pub(crate) path: String,
    /// Whether it wants TLS.
    pub(crate) is_secure: bool,
    /// Whether it listens inside of the session alone.
    pub(crate) is_inside: bool,
}

/// Pages of Jupyter, which lie below its path.
const PAGES: [&str; 8] =
    ["/lab", "/tree", "/doc", "/notebooks", "/nbclassic", "/retro", "/voila", "/edit"];

impl Server {
    /// The last one that these lines are about; none: they name none.
    pub(crate) fn printed(log: &[String]) -> Option<Self> {
        let mut last: Option<(Self, usize)> = None;
        for (number, line) in log.iter().enumerate() {
            let Some(found) = address_in(line) else { continue };
            last = match last {
                // One server has several addresses, one below the other.
                Some((before, at)) if number == at + 1 && before.port == found.port => {
                    let is_inside = before.is_inside && found.is_inside;
                    Some((Self { is_inside, ..before }, number))
                }
                _ => Some((found, number)),
            };
        }
        last.map(|(server, _)| server)
    }
}

/// `http://127.0.0.1:8888/conf/lab?token=…`, alone on its line or behind `App] `.
fn address_in(line: &str) -> Option<Server> {
    let line = line.trim();
    let text = match line.split_once("App] ") {
        Some((_, message)) => message.trim_start_matches(|it: char| !it.is_ascii_alphabetic()),
        None => line.trim_start_matches("or ").trim(),
    };
    let (is_secure, rest) = match text.strip_prefix("https://") {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix("http://")?),
    };
    if rest.contains(char::is_whitespace) {
        return None;
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = authority.rsplit_once(':')?;
    let path = format!("/{}", path.split(['?', '#']).next().unwrap_or_default());
    let end = PAGES.iter().filter_map(|page| begin_of(&path, page)).min();
    let is_jupyter = line.contains("App] ") || end.is_some() || rest.contains("?token=");
    is_jupyter.then_some(())?;
    let base = path.get(..end.unwrap_or(path.len()))?.trim_end_matches('/').to_owned();
    let is_inside = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    Some(Server { port: port.parse().ok()?, path: base, is_secure, is_inside })
}

/// Where a whole part of a path begins.
fn begin_of(path: &str, page: &str) -> Option<usize> {
    path.match_indices(page).map(|(at, _)| at).find(|at| {
        path.get(at + page.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(log: &str) -> Option<String> {
        let lines: Vec<String> = log.lines().map(str::to_owned).collect();
        let found = Server::printed(&lines)?;
        let inside = if found.is_inside { " inside" } else { "" };
        let secure = if found.is_secure { " tls" } else { "" };
        Some(format!("{} {}{secure}{inside}", found.port, found.path))
    }

    #[test]
    fn jupyter_prints_where_it_is() {
        let all = "[I 2026-01-01 00:00:00.000 ServerApp] Jupyter Server 2.21.1 is running at:\n\
                   [I 2026-01-01 00:00:00.000 ServerApp] http://f0e1:9999/conf/lab?token=...\n\
                   [I 2026-01-01 00:00:00.000 ServerApp]     http://127.0.0.1:9999/conf/lab?token=...\n\
                   [I 2026-01-01 00:00:00.000 ServerApp] Use Control-C to stop this server";
        assert_eq!(server(all).as_deref(), Some("9999 /conf"));
        let inside = "[I ServerApp] http://localhost:8888/lab?token=x\n\
                      [I ServerApp]     http://127.0.0.1:8888/lab?token=x\n\
                          To access the server, open this file in a browser:\n\
                          file:///home/jovyan/.local/share/jupyter/runtime/jpserver-1-open.html\n\
                      Or copy and paste one of these URLs:\n\
                          http://localhost:8888/lab?token=x\n\
                          http://127.0.0.1:8888/lab?token=x";
        assert_eq!(server(inside).as_deref(), Some("8888  inside"));
        assert_eq!(
            server("[I NotebookApp] https://f0:8443/?token=x").as_deref(),
            Some("8443  tls")
        );
        let below = "[I ServerApp] http://f0:8888/user/lab-1/lab/tree/a.ipynb";
        assert_eq!(server(below).as_deref(), Some("8888 /user/lab-1"));
    }

    #[test]
    fn other_addresses_in_a_log_are_none() {
        for line in [
            "see http://127.0.0.1:8000/lab for more",
            "http://proxy.example.org:3128",
            "[I ServerApp] 302 GET / (@172.17.0.1)",
            "",
        ] {
            assert_eq!(server(line), None, "{line}");
        }
    }
}
