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
    let desktop = Desktop::from_environment();
    match opening(&desktop, url) {
        Opening::Refuse => {
            printer.message("Not opened in the browser: its URL is not a web address")
        }
        Opening::Explain(text) => printer.message(&text),
        Opening::Run(command) => {
            if let Err(error) = run(&command, url) {
                printer.message(&format!("`{command}` of `$BROWSER` cannot be started: {error}"));
            }
        }
        Opening::Windows => {
            if let Err(error) = run(WINDOWS, url) {
                printer.message(&format!("No browser of Windows could be started: {error}"));
            }
        }
        Opening::Open => {
            let usual = open::commands(url).iter().map(programs::tamed).collect();
            if let Err(error) = first(usual, PATIENCE) {
                printer.message(&format!("No browser could be started: {error}"));
            }
        }
    }
}

/// Hands an address of our own to the program of this desktop that knows its scheme. Over
/// SSH, or without a display, nothing is opened.
pub fn hand_over(printer: &Printer, url: &str) {
    let desktop = Desktop::from_environment();
    if desktop.ssh.is_some() {
        return;
    }
    let opened = match (desktop.wsl, desktop.display) {
        (true, _) => run(WINDOWS, url).map_err(|error| error.to_string()),
        (false, true) => {
            let usual = open::commands(url).iter().map(programs::tamed).collect();
            first(usual, PATIENCE).map_err(|error| error.to_string())
        }
        (false, false) => Ok(()),
    };
    if let Err(error) = opened {
        printer.message(&format!("Nothing that opens it could be started: {error}"));
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
struct Desktop {
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
enum Opening {
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

impl Desktop {
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

fn opening(desktop: &Desktop, url: &str) -> Opening {
    // The URL comes from a provider: `file:` and programs' own schemes are not
    // its to open.
    let written_out = url.starts_with("http://") || url.starts_with("https://");
    let Some(place) = WebPlace::of(url).filter(|_| written_out) else { return Opening::Refuse };
    if sanitize(url) != url || url.contains(char::is_whitespace) {
        return Opening::Refuse;
    }
    // Editors that work over SSH set it to a program that opens the browser on
    // the user's own computer.
    if let Some(browser) = &desktop.browser {
        return Opening::Run(browser.clone());
    }
    if desktop.ssh.is_none() && desktop.wsl {
        return Opening::Windows;
    }
    if desktop.ssh.is_none() && desktop.display {
        return Opening::Open;
    }
    Opening::Explain(match place.is_loopback() {
        true => tunnel(desktop, place.port),
        false => "There is no browser here; open the URL on your own computer".into(),
    })
}

/// How to bring the port to the user's own computer (ssh(1), `-L`).
fn tunnel(desktop: &Desktop, port: u16) -> String {
    // The address that the user's own computer reached is one it can reach.
    let address = desktop.ssh.as_deref().and_then(|ssh| ssh.split_whitespace().nth(2));
    let user = desktop.user.as_deref().map_or_else(String::new, |user| format!("{user}@"));
    let host = address.unwrap_or(&desktop.host);
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

    fn over_ssh() -> Desktop {
        Desktop {
            ssh: Some("203.0.113.9 51234 198.51.100.7 22".into()),
            display: true,
            user: Some("ada".into()),
            ..Desktop::default()
        }
    }

    #[test]
    fn a_desktop_opens_its_browser() {
        assert_eq!(opening(&Desktop { display: true, ..Desktop::default() }, URL), Opening::Open);
    }

    #[test]
    fn inside_of_windows_its_browser_is_used_with_or_without_a_display() {
        for display in [true, false] {
            let desktop = Desktop { display, wsl: true, ..Desktop::default() };
            assert_eq!(opening(&desktop, URL), Opening::Windows);
        }
        assert_ne!(opening(&Desktop { wsl: true, ..over_ssh() }, URL), Opening::Windows);
    }

    #[test]
    fn over_ssh_the_tunnel_is_explained_with_the_real_port_and_address() {
        let text = "There is no browser here. On your own computer run `ssh -N -L 49153:127.0.0.1:49153 ada@198.51.100.7`, then open the URL there";
        assert_eq!(opening(&over_ssh(), URL), Opening::Explain(text.into()));
    }

    #[test]
    fn without_a_display_the_name_of_the_machine_is_used() {
        let desktop = Desktop { host: "lab-7".into(), ..Desktop::default() };
        let text = "There is no browser here. On your own computer run `ssh -N -L 8888:127.0.0.1:8888 lab-7`, then open the URL there";
        assert_eq!(opening(&desktop, "http://[::1]:8888/"), Opening::Explain(text.into()));
    }

    #[test]
    fn a_session_elsewhere_needs_no_tunnel() {
        let text = "There is no browser here; open the URL on your own computer";
        assert_eq!(
            opening(&over_ssh(), "https://renkulab.example/sessions/a"),
            Opening::Explain(text.into())
        );
    }

    #[test]
    fn the_users_own_browser_is_used_even_over_ssh() {
        let desktop = Desktop { browser: Some("code --openExternal".into()), ..over_ssh() };
        assert_eq!(opening(&desktop, URL), Opening::Run("code --openExternal".into()));
    }

    #[test]
    fn a_provider_cannot_open_files_or_programs() {
        let desktop =
            Desktop { browser: Some("firefox".into()), display: true, ..Desktop::default() };
        for url in ["file:///etc/passwd", "calc:", "-headless", "http://a b", "http://a\u{1b}[2J"] {
            assert_eq!(opening(&desktop, url), Opening::Refuse, "{url}");
        }
    }

    #[test]
    fn only_this_machine_is_tunnelled_to() {
        for url in ["https://localhost/", "http://127.0.0.1/", "http://[::1]/"] {
            let Opening::Explain(text) = opening(&over_ssh(), url) else { panic!("{url}") };
            assert!(text.contains("`ssh -N -L "), "{url}: {text}");
        }
        for url in ["http://example.org:8888/", "http://127.evil.example/"] {
            let Opening::Explain(text) = opening(&over_ssh(), url) else { panic!("{url}") };
            assert!(!text.contains("ssh"), "{url}: {text}");
        }
    }

    #[test]
    fn what_stands_before_the_host_cannot_pass_for_it() {
        let desktop =
            Desktop { browser: Some("firefox".into()), display: true, ..Desktop::default() };
        for url in [
            "http://trusted@evil.example/",
            "https://trusted.example:443@evil.example/",
            "http://:x@evil.example/",
            "http://127.0.0.1:port/",
        ] {
            assert_eq!(opening(&desktop, url), Opening::Refuse, "{url}");
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
