//! What a session answers: a Jupyter server wants its token, any other web server does
//! not.

use renku_session_memory::Container;

/// A web server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Site {
    /// The token of a Jupyter server; none: another web server.
    token: Option<String>,
    /// The path that everything is below, without a slash at its end.
    base: String,
    /// The port inside.
    port: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Its status line, without the version.
    pub(crate) status: &'static str,
    /// More headers, whole lines.
    pub(crate) headers: String,
    pub(crate) body: String,
}

impl Site {
    /// The web server that a program is; none when it is none.
    pub(crate) fn of(container: &Container) -> Option<Self> {
        let line = container.program.join(" ");
        let port = container.ports.first().map_or(8888, |port| port.container);
        let value = |name: &str| container.environment.get(name).cloned();
        if line.contains("jupyter") || line.contains("start-notebook") {
            let token = value("JUPYTER_TOKEN").unwrap_or_default();
            let base = base_url(&line, container).unwrap_or_default();
            return Some(Self { token: Some(token), base, port });
        }
        line.contains("httpd").then(|| Self { token: None, base: String::new(), port })
    }

    /// Prints what such a program prints when it begins.
    #[allow(clippy::print_stderr, reason = "it is the output of the session")]
    pub(crate) fn greet(&self) {
        if let Some(token) = &self.token {
            let (port, base) = (self.port, &self.base);
            eprintln!("[I ServerApp] Jupyter Server is running at:");
            eprintln!("[I ServerApp] http://127.0.0.1:{port}{base}/lab?token={token}");
        }
    }

    /// Whether it listens at this port of the container.
    pub(crate) fn serves(&self, port: u16) -> bool {
        self.port == port
    }

    /// Answers `GET target` at a port of the container.
    pub(crate) fn answer(&self, target: &str, authorization: Option<&str>) -> Answer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let Some(token) = &self.token else {
            return match path {
                "/" | "/index.html" => page("<!doctype html><title>A page</title>\n"),
                _ => missing(),
            };
        };
        let Some(path) = path.strip_prefix(&self.base) else { return missing() };
        let is_known = query.split('&').any(|pair| pair.strip_prefix("token=") == Some(token))
            || authorization == Some(&format!("token {token}"));
        match path {
            "/api" => json(r#"{"version": "2.14.0"}"#),
            "/api/contents" | "/api/status" | "/api/kernels" if is_known => json("{}"),
            "/" | "/lab" | "/tree" if is_known => {
                page("<!doctype html><script id=\"jupyter-config-data\">{}</script>\n")
            }
            _ if path.starts_with("/api/") && !is_known => answer("403 Forbidden", "Forbidden\n"),
            "/" | "/lab" | "/tree" => {
                let headers = format!("Location: {}/login\r\n", self.base);
                Answer { headers, ..answer("302 Found", "") }
            }
            "/login" => page("<!doctype html><title>Token</title>\n"),
            _ => missing(),
        }
    }
}

/// Where everything of a Jupyter server lies, as its command line says.
fn base_url(line: &str, container: &Container) -> Option<String> {
    let after = line.split_once(".base_url=")?.1;
    let word = after.split_whitespace().next()?.trim_matches(['"', '\'']);
    let value = match word.strip_prefix('$') {
        Some(name) => container.environment.get(name)?.as_str(),
        None => word,
    };
    let value = value.trim_matches('/');
    (!value.is_empty()).then(|| format!("/{value}"))
}

fn answer(status: &'static str, body: &str) -> Answer {
    Answer { status, headers: String::new(), body: body.to_owned() }
}

fn page(body: &str) -> Answer {
    Answer { headers: "Content-Type: text/html\r\n".to_owned(), ..answer("200 OK", body) }
}

fn json(body: &str) -> Answer {
    Answer { headers: "Content-Type: application/json\r\n".to_owned(), ..answer("200 OK", body) }
}

fn missing() -> Answer {
    answer("404 Not Found", "not found\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(program: &str, environment: &[(&str, &str)]) -> Option<Site> {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Site::of(&Container {
            program: program.split(' ').map(str::to_owned).collect(),
            environment: environment.iter().map(pair).collect(),
            ..Container::default()
        })
    }

    fn status(site: &Site, target: &str) -> &'static str {
        site.answer(target, None).status
    }

    #[test]
    fn jupyter_shows_nothing_without_its_token() {
        let site = site("tini -- jupyter lab", &[("JUPYTER_TOKEN", "t")]).expect("a site");
        assert_eq!(status(&site, "/api"), "200 OK");
        assert_eq!(status(&site, "/api/contents"), "403 Forbidden");
        assert_eq!(status(&site, "/api/contents?token=t"), "200 OK");
        assert_eq!(site.answer("/api/contents", Some("token t")).status, "200 OK");
        assert_eq!(status(&site, "/lab"), "302 Found");
        assert_eq!(status(&site, "/lab?token=x"), "302 Found");
        assert_eq!(status(&site, "/lab?token=t"), "200 OK");
    }

    #[test]
    fn everything_of_jupyter_lies_below_its_base_url() {
        let program = "sh -c exec jupyter lab --ServerApp.base_url=$PREFIX";
        let site = site(program, &[("JUPYTER_TOKEN", "t"), ("PREFIX", "/x/y/")]).expect("a site");
        assert_eq!(status(&site, "/x/y/lab?token=t"), "200 OK");
        assert_eq!(status(&site, "/lab?token=t"), "404 Not Found");
    }

    #[test]
    fn another_web_server_has_no_api_and_a_shell_no_page() {
        let page = site("httpd -f -p 8080", &[]).expect("a site");
        assert_eq!(status(&page, "/"), "200 OK");
        assert_eq!(status(&page, "/api"), "404 Not Found");
        assert_eq!(site("sh -c exit", &[]), None);
    }
}
