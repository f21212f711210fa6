//! Opens a URL where there is a browser, and says how to reach it where there is
//! none.

use std::io;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::printer::Printer;
use crate::domain::{WebPlace, programs, sanitize};

/// Opens `url` in the user's browser, without waiting for it. The URL itself was
/// printed before.
///
/// `$BROWSER` is honoured. Over SSH, or without a display, says how to
/// open the URL on the user's own computer instead.
pub fn open(printer: &Printer, url: &str) {
    let here = Here::from_environment();
    match plan(&here, url) {
        Plan::Refuse => printer.message("Not opened in the browser: its URL is not one of the web"),
        Plan::Explain(text) => printer.message(&text),
        Plan::Run(command) => {
            if let Err(error) = run(&command, url) {
                printer.message(&format!("`{command}` of `$BROWSER` cannot be started: {error}"));
            }
        }
        Plan::Windows => {
            if let Err(error) = run(WINDOWS, url) {
                printer.message(&format!("No browser of Windows could be started: {error}"));
            }
        }
        Plan::Open => {
            let usual = open::commands(url).iter().map(programs::tamed).collect();
            if let Err(error) = first(usual, PATIENCE) {
                printer.message(&format!("No browser could be started: {error}"));
            }
        }
    }
}

/// What opens a URL with the browser of Windows, in the notation of `$BROWSER`: `wslview`
/// of the package wslu where it is installed, else a program that every Windows has
/// and that takes a URL as it is.
const WINDOWS: &str = "wslview:rundll32.exe url.dll,FileProtocolHandler";

/// How long a program of the system may take to say that it found no browser.
const PATIENCE: Duration = Duration::from_millis(250);
/// How often it is looked whether it has.
const PAUSE: Duration = Duration::from_millis(5);

/// What decides about browsers on this machine.
#[derive(Debug, Clone, Default)]
struct Here {
    /// `$BROWSER`
    browser: Option<String>,
    /// `$SSH_CONNECTION`: client address, client port, server address, server
    /// port (ssh(1)).
    ssh: Option<String>,
    /// Whether windows can be shown.
    display: bool,
    /// Whether this is Linux inside of Windows (WSL), which has no browser.
    wsl: bool,
    user: Option<String>,
    host: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Plan {
    /// With `$BROWSER`.
    Run(String),
    /// With the browser of the Windows around us.
    Windows,
    /// With whatever this system uses.
    Open,
    /// Nothing can be opened here.
    Explain(String),
    /// Nothing that a browser should get.
    Refuse,
}

impl Here {
    fn from_environment() -> Self {
        let get = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let displays = ["DISPLAY", "WAYLAND_DISPLAY"];
        Self {
            browser: get("BROWSER"),
            ssh: get("SSH_CONNECTION"),
            display: cfg!(any(target_os = "macos", windows))
                || displays.iter().any(|name| get(name).is_some()),
            wsl: get("WSL_DISTRO_NAME").is_some(),
            user: get("USER").or_else(|| get("LOGNAME")),
            host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
        }
    }
}

fn plan(here: &Here, url: &str) -> Plan {
    // The URL comes from a provider: `file:` and programs' own schemes are not
    // its to open.
    let written_out = url.starts_with("http://") || url.starts_with("https://");
    let Some(place) = WebPlace::of(url).filter(|_| written_out) else { return Plan::Refuse };
    if sanitize(url) != url || url.contains(char::is_whitespace) {
        return Plan::Refuse;
    }
    // Editors that work over SSH set it to a program that opens the browser on
    // the user's own computer.
    if let Some(browser) = &here.browser {
        return Plan::Run(browser.clone());
    }
    if here.ssh.is_none() && here.wsl {
        return Plan::Windows;
    }
    if here.ssh.is_none() && here.display {
        return Plan::Open;
    }
    Plan::Explain(match place.is_loopback() {
        true => tunnel(here, place.port),
        false => "There is no browser here; open the URL on your own computer".into(),
    })
}

/// How to bring the port to the user's own computer (ssh(1), `-L`).
fn tunnel(here: &Here, port: u16) -> String {
    // The address that the user's own computer reached is one it can reach.
    let address = here.ssh.as_deref().and_then(|ssh| ssh.split_whitespace().nth(2));
    let user = here.user.as_deref().map_or_else(String::new, |user| format!("{user}@"));
    let host = address.unwrap_or(&here.host);
    format!(
        "There is no browser here. On your own computer run `ssh -N -L {port}:127.0.0.1:{port} {user}{host}`, then open the URL there"
    )
}

/// Runs the first command of `$BROWSER` that starts (they are separated by `:`);
/// `%s` in it stands for the URL, which else comes last.
fn run(browser: &str, url: &str) -> io::Result<()> {
    let all = browser.split(':').filter_map(|command| {
        let mut words = command.split_whitespace();
        let mut made = programs::program(words.next()?);
        made.args(words.map(|word| word.replace("%s", url)));
        if !command.contains("%s") {
            made.arg(url);
        }
        Some(made)
    });
    first(all.collect(), Duration::ZERO)
}

/// Runs the first of some commands that starts and does not fail within `patience`.
fn first(commands: Vec<Command>, patience: Duration) -> io::Result<()> {
    let mut result = Err(io::ErrorKind::NotFound.into());
    for mut command in commands {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // A group of its own: Ctrl-C here does not end the browser.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        result = command.spawn().and_then(|mut child| {
            let begin = Instant::now();
            while begin.elapsed() < patience {
                match child.try_wait()? {
                    Some(status) if status.success() => break,
                    Some(status) => return Err(io::Error::other(status.to_string())),
                    None => std::thread::sleep(PAUSE),
                }
            }
            Ok(())
        });
        if result.is_ok() {
            break;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "http://127.0.0.1:49153/lab?token=0f";

    fn over_ssh() -> Here {
        Here {
            ssh: Some("203.0.113.9 51234 198.51.100.7 22".into()),
            display: true,
            user: Some("ada".into()),
            ..Here::default()
        }
    }

    #[test]
    fn a_desktop_opens_its_browser() {
        assert_eq!(plan(&Here { display: true, ..Here::default() }, URL), Plan::Open);
    }

    #[test]
    fn inside_of_windows_its_browser_is_used_with_or_without_a_display() {
        for display in [true, false] {
            let here = Here { display, wsl: true, ..Here::default() };
            assert_eq!(plan(&here, URL), Plan::Windows);
        }
        assert_ne!(plan(&Here { wsl: true, ..over_ssh() }, URL), Plan::Windows);
    }

    #[test]
    fn over_ssh_the_tunnel_is_explained_with_the_real_port_and_address() {
        let text = "There is no browser here. On your own computer run `ssh -N -L 49153:127.0.0.1:49153 ada@198.51.100.7`, then open the URL there";
        assert_eq!(plan(&over_ssh(), URL), Plan::Explain(text.into()));
    }

    #[test]
    fn without_a_display_the_name_of_the_machine_is_used() {
        let here = Here { host: "lab-7".into(), ..Here::default() };
        let text = "There is no browser here. On your own computer run `ssh -N -L 8888:127.0.0.1:8888 lab-7`, then open the URL there";
        assert_eq!(plan(&here, "http://[::1]:8888/"), Plan::Explain(text.into()));
    }

    #[test]
    fn a_session_elsewhere_needs_no_tunnel() {
        let text = "There is no browser here; open the URL on your own computer";
        assert_eq!(
            plan(&over_ssh(), "https://renkulab.example/sessions/a"),
            Plan::Explain(text.into())
        );
    }

    #[test]
    fn the_users_own_browser_is_used_even_over_ssh() {
        let here = Here { browser: Some("code --openExternal".into()), ..over_ssh() };
        assert_eq!(plan(&here, URL), Plan::Run("code --openExternal".into()));
    }

    #[test]
    fn a_provider_cannot_open_files_or_programs() {
        let here = Here { browser: Some("firefox".into()), display: true, ..Here::default() };
        for url in ["file:///etc/passwd", "calc:", "-headless", "http://a b", "http://a\u{1b}[2J"] {
            assert_eq!(plan(&here, url), Plan::Refuse, "{url}");
        }
    }

    #[test]
    fn only_this_machine_is_tunnelled_to() {
        for url in ["https://localhost/", "http://127.0.0.1/", "http://[::1]/"] {
            let Plan::Explain(text) = plan(&over_ssh(), url) else { panic!("{url}") };
            assert!(text.contains("`ssh -N -L "), "{url}: {text}");
        }
        for url in ["http://example.org:8888/", "http://127.evil.example/"] {
            let Plan::Explain(text) = plan(&over_ssh(), url) else { panic!("{url}") };
            assert!(!text.contains("ssh"), "{url}: {text}");
        }
    }

    #[test]
    fn what_stands_before_the_host_cannot_pass_for_it() {
        let here = Here { browser: Some("firefox".into()), display: true, ..Here::default() };
        for url in [
            "http://trusted@evil.example/",
            "https://trusted.example:443@evil.example/",
            "http://:x@evil.example/",
            "http://127.0.0.1:port/",
        ] {
            assert_eq!(plan(&here, url), Plan::Refuse, "{url}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn the_first_browser_that_starts_gets_the_url() {
        let folder = tempfile::tempdir().unwrap();
        let seen = folder.path().join("seen");
        let browser = format!("/does/not/exist:touch {}/%s:false", folder.path().display());
        run(&browser, "seen").unwrap();
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while !seen.exists() && std::time::Instant::now() < deadline {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        assert!(seen.exists());
        assert_eq!(run("/does/not/exist", "x").unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
