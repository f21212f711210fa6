//! Opens a URL in the browser, or says how to reach it from where there is one.

use std::process::{Command, Stdio};

use super::printer::Printer;

/// What decides whether there is a browser here.
struct Surroundings {
    browser: Option<String>,
    ssh_connection: Option<String>,
    display: bool,
    user: Option<String>,
    host: String,
}

impl Surroundings {
    fn here() -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            browser: variable("BROWSER"),
            ssh_connection: variable("SSH_CONNECTION"),
            // Elsewhere than on these systems a display needs no variable.
            display: cfg!(any(target_os = "macos", windows))
                || variable("DISPLAY").is_some()
                || variable("WAYLAND_DISPLAY").is_some()
                || variable("WSL_DISTRO_NAME").is_some(),
            user: variable("USER").or_else(|| variable("LOGNAME")),
            host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
        }
    }

    /// What to say instead of opening; none when there is a browser.
    fn advice(&self, url: &str) -> Option<String> {
        if self.browser.is_some() || (self.display && self.ssh_connection.is_none()) {
            return None;
        }
        let port = port(url);
        let login = match (&self.user, self.server()) {
            (Some(user), host) => format!("{user}@{host}"),
            (None, host) => host,
        };
        Some(match port {
            Some(port) => format!(
                "There is no browser here. On your own computer run `ssh -N -L {port}:127.0.0.1:{port} {login}`, then open the URL there"
            ),
            None => "There is no browser here; open the URL on your own computer".into(),
        })
    }

    /// The address the user came to: the third field (sshd(8), `SSH_CONNECTION`).
    fn server(&self) -> String {
        self.ssh_connection
            .as_deref()
            .and_then(|connection| connection.split(' ').nth(2))
            .unwrap_or(&self.host)
            .to_owned()
    }
}

/// The port of a URL on this machine; others need no tunnel.
fn port(url: &str) -> Option<u16> {
    let rest = url.strip_prefix("http://127.0.0.1:").or(url.strip_prefix("http://[::1]:"))?;
    rest.split(['/', '?']).next()?.parse().ok()
}

/// Opens `url`, or says on standard error how to reach it. A browser that does
/// not start is said, too; the URL was printed already.
pub fn open(printer: &Printer, url: &str) {
    let here = Surroundings::here();
    if let Some(advice) = here.advice(url) {
        printer.message(&advice);
        return;
    }
    let opened = match &here.browser {
        // The user's own command, the first of a list (xdg-open(1)).
        Some(browser) => Command::new(browser.split(':').next().unwrap_or(browser))
            .arg(url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(drop),
        None => open::that_detached(url),
    };
    if let Err(error) = opened {
        printer.message(&format!("The browser did not start ({error}); open the URL yourself"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "http://127.0.0.1:49153/lab?token=0123";

    fn far_away() -> Surroundings {
        Surroundings {
            browser: None,
            ssh_connection: Some("192.0.2.7 51000 198.51.100.4 22".into()),
            display: true,
            user: Some("jane".into()),
            host: "login1".into(),
        }
    }

    #[test]
    fn over_ssh_the_tunnel_is_named() {
        assert_eq!(
            far_away().advice(URL).unwrap(),
            "There is no browser here. On your own computer run `ssh -N -L 49153:127.0.0.1:49153 jane@198.51.100.4`, then open the URL there"
        );
    }

    #[test]
    fn without_a_display_the_host_is_named() {
        let here = Surroundings { ssh_connection: None, display: false, ..far_away() };
        assert!(here.advice(URL).unwrap().contains("49153:127.0.0.1:49153 jane@login1`"));
        assert_eq!(
            here.advice("https://renkulab.example.org/sessions/x").unwrap(),
            "There is no browser here; open the URL on your own computer"
        );
    }

    #[test]
    fn a_display_or_a_chosen_browser_opens() {
        let local = Surroundings { ssh_connection: None, ..far_away() };
        assert_eq!(local.advice(URL), None);
        let chosen = Surroundings { browser: Some("firefox".into()), ..far_away() };
        assert_eq!(chosen.advice(URL), None);
    }
}
