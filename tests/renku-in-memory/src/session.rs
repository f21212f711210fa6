//! The program of a session: a process of its own, from its first to its last moment.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::Duration;

use renku_session_memory::Container;
use rustix::process::{Signal, getpgrp, kill_process_group};

use crate::environment::Environment;
use crate::page::Site;
use crate::server;

/// How often the surroundings are looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Runs the program of the container with this id.
pub(crate) fn run(environment: &Environment, id: &str) -> io::Result<ExitCode> {
    let folder = environment.program(id);
    let alive = File::options().create(true).append(true).open(folder.join("alive"))?;
    alive.lock()?;
    end_with(environment.clone(), folder.clone());
    let container = fs::read(folder.join("container.json"))?;
    let container: Container = serde_json::from_slice(&container)?;
    let Some(listeners) = listen(&container)? else { return Ok(ExitCode::FAILURE) };
    let code = match Site::of(&container) {
        Some(site) => {
            site.greet();
            for (listener, port) in listeners {
                let site = site.clone();
                thread::spawn(move || server::serve(&listener, &site, port));
            }
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
fn end_with(environment: Environment, folder: std::path::PathBuf) {
    thread::spawn(move || {
        while environment.go_on(&folder) {
            thread::sleep(LOOK);
        }
        let _ = kill_process_group(getpgrp(), Signal::KILL);
    });
}

/// A program that is no web server, on this machine: a line for the shell of a test.
fn execute(container: &Container, folder: &Path) -> io::Result<i32> {
    let Some((program, arguments)) = container.program.split_first() else { return Ok(0) };
    let output = || File::options().append(true).open(folder.join("output"));
    let project = container.project.as_ref().and_then(|(_, folder)| folder.clone());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let status = Command::new(program.rsplit('/').next().unwrap_or(program))
        .args(arguments)
        .env_clear()
        .envs(&container.environment)
        .env("PATH", path)
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
