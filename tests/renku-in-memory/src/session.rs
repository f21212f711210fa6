//! The program of a session: a process of its own, from its first to its last moment.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::Duration;

use renku_session_memory::Container;
use rustix::process::{Signal, getpgrp, kill_process_group};

use crate::environment::Environment;
use crate::page::Site;
use crate::server;

/// How often a session looks whether its engine is still there.
const LOOK: Duration = Duration::from_millis(100);
/// The file whose presence says that the program serves.
const SERVING: &str = "serving";

/// Runs the program of the container with this id.
pub(crate) fn run(environment: &Environment, id: &str) -> io::Result<ExitCode> {
    let folder = environment.program(id);
    let alive = File::options().create(true).append(true).open(folder.join("alive"))?;
    alive.lock()?;
    end_with(environment.clone(), folder.clone());
    let container = fs::read(folder.join("container.json"))?;
    let container: Container = serde_json::from_slice(&container)?;
    let Some(listeners) = listen(&container)? else { return Ok(ExitCode::FAILURE) };
    let site = Site::of(&container);
    for (listener, port) in listeners {
        let (site, serving) = (site.clone(), folder.join(SERVING));
        thread::spawn(move || server::serve(&listener, site.as_ref(), port, &serving));
    }
    let code = match site.filter(|_| !is_shell(&container)) {
        Some(site) => {
            site.greet();
            fs::write(folder.join(SERVING), "")?;
            loop {
                thread::park();
            }
        }
        None => execute(&container, &folder)?,
    };
    fs::write(folder.join("exit"), code.to_string())?;
    drop(alive);
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// Whether the program is a line for the shell, which may start a server.
fn is_shell(container: &Container) -> bool {
    let first = container.program.first().map(String::as_str).unwrap_or_default();
    matches!(first.rsplit('/').next(), Some("sh" | "bash"))
}

/// Listens at every port that is published, and says where on standard output. Also
/// where nobody will answer: an engine publishes ports without asking the program.
fn listen(container: &Container) -> io::Result<Option<Vec<(TcpListener, u16)>>> {
    let mut stdout = io::stdout();
    let mut listeners = Vec::new();
    let mut ports = Vec::new();
    for port in &container.ports {
        let wanted = port.wanted.unwrap_or_default();
        let Ok(listener) = TcpListener::bind((port.address, wanted)) else {
            writeln!(stdout, "taken {wanted}")?;
            return Ok(None);
        };
        ports.push(listener.local_addr()?.port());
        listeners.push((listener, port.container));
    }
    writeln!(stdout, "ports {}", serde_json::to_string(&ports)?)?;
    stdout.flush()?;
    Ok(Some(listeners))
}

/// Ends this process and what it has started as soon as nobody needs it any more.
fn end_with(environment: Environment, folder: PathBuf) {
    thread::spawn(move || {
        while environment.go_on(&folder) {
            thread::sleep(LOOK);
        }
        let _ = kill_process_group(getpgrp(), Signal::KILL);
    });
}

/// Runs a program on this machine: a line for the shell of a test.
fn execute(container: &Container, folder: &Path) -> io::Result<i32> {
    let Some((program, arguments)) = container.program.split_first() else { return Ok(0) };
    let output = || File::options().append(true).open(folder.join("output"));
    let project = container.project.as_ref().and_then(|(_, folder)| folder.clone());
    let path = std::env::var("PATH").unwrap_or_default();
    let servers = servers(folder)?;
    let status = Command::new(program.rsplit('/').next().unwrap_or(program))
        .args(arguments)
        .env_clear()
        .envs(&container.environment)
        .env("PATH", format!("{}:{path}", servers.display()))
        .current_dir(project.unwrap_or_else(|| folder.display().to_string()))
        .stdin(Stdio::null())
        .stdout(output()?)
        .stderr(output()?)
        .status();
    match status {
        Ok(status) => Ok(status.code().unwrap_or(137)),
        Err(error) => {
            let mut output = output()?;
            writeln!(output, "exec {program}: {error}")?;
            Ok(127)
        }
    }
}

/// A folder with the servers that a line for the shell can start. This process already
/// listens in their place, so they only say that it is time to answer.
fn servers(folder: &Path) -> io::Result<PathBuf> {
    let servers = folder.join("bin");
    fs::create_dir_all(&servers)?;
    let serving = folder.join(SERVING);
    let (serving, comment) = (serving.display(), "# `httpd` without `-f` goes into the background");
    let script = format!(
        "#!/bin/sh\n: > '{serving}'\n{comment}\n\
         case \"${{0##*/}} $*\" in 'httpd -f '*|jupyter*) exec sleep 1000000;; esac\n"
    );
    for name in ["httpd", "jupyter"] {
        fs::write(servers.join(name), &script)?;
        fs::set_permissions(servers.join(name), fs::Permissions::from_mode(0o755))?;
    }
    Ok(servers)
}
