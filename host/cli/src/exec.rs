//! `renku session exec` and `shell`.

use std::io::{self, Read as _};
use std::sync::Arc;

use tokio::sync::mpsc;

use super::app::App;
use super::args::{ExecArgs, NameArgs};
use super::error::{CommandError, Failure};
use crate::contract::{ExecInput, ExecOutput, ExecSpec, ExecStreams, TerminalSize};
use crate::output::raw_terminal::RawTerminal;
use crate::output::{PassedOn, raw_terminal};
use crate::sessions;

/// The exit status of what failed before the command ran, as of other programs that run
/// commands elsewhere.
const NOT_RUN: u8 = 125;
/// How much of standard input is read at once.
const PIECE: usize = 8192;
/// The image's shell: what it says it is, else the better one that it has.
const SHELL: &str = "for shell in \"$SHELL\" bash sh; do \
    if command -v \"${shell:-none}\" >/dev/null 2>&1; then exec \"$shell\"; fi; done";

/// Runs a command in a session. Its exit status becomes ours.
pub(super) async fn exec(app: &App, args: &ExecArgs) -> Result<(), Failure> {
    let variables: Result<Vec<_>, Failure> = args.env.iter().map(|it| variable(it)).collect();
    app.exit_status.set(Some(NOT_RUN));
    let spec = ExecSpec {
        command: args.command.clone(),
        environment: variables?.into_iter().flatten().collect(),
        working_directory: args.workdir.clone(),
        user: None,
        terminal: terminal(args.tty),
    };
    run(app, &args.session, spec).await
}

/// Opens a shell, with a terminal where there is one.
pub(super) async fn shell(app: &App, args: &NameArgs) -> Result<(), Failure> {
    app.exit_status.set(Some(NOT_RUN));
    let command = ["/bin/sh", "-c", SHELL].map(str::to_owned).into();
    run(app, args, ExecSpec { command, terminal: terminal(true), ..ExecSpec::default() }).await
}

async fn run(app: &App, session: &NameArgs, spec: ExecSpec) -> Result<(), Failure> {
    let (sender, input) = mpsc::channel(16);
    // It is the command's to end: Ctrl-C goes there.
    let _own_end = app.context.cancel().own_end();
    let raw = spec.terminal.and_then(|_| RawTerminal::begin());
    read_input(sender.clone());
    let signals = watch(app, sender, spec.terminal.is_some());
    let streams = ExecStreams { input, output: Arc::new(Outputs) };
    let running =
        sessions::exec(&app.context, &session.scope(), session.name.as_deref(), &spec, streams);
    let status = tokio::select! {
        status = running => status,
        never = signals => match never {},
    };
    drop(raw);
    app.exit_status.set(Some(u8::try_from(status? & 0xff).unwrap_or(1)));
    Ok(())
}

/// Both outputs of ours.
struct Outputs;

impl ExecOutput for Outputs {
    fn out(&self, bytes: &[u8]) -> io::Result<()> {
        PassedOn.out(bytes)
    }

    fn err(&self, bytes: &[u8]) -> io::Result<()> {
        PassedOn.err(bytes)
    }
}

/// Passes standard input on, on a thread of its own: reading waits.
fn read_input(to: mpsc::Sender<ExecInput>) {
    std::thread::spawn(move || {
        let mut piece = vec![0; PIECE];
        loop {
            let read = io::stdin().lock().read(&mut piece).unwrap_or_default();
            let bytes = piece.get(..read).unwrap_or_default().to_vec();
            // Nothing is the end of it.
            if to.blocking_send(ExecInput::Bytes(bytes)).is_err() || read == 0 {
                return;
            }
        }
    });
}

/// Passes on what happens to the terminal: Ctrl-C, and another size.
async fn watch(
    app: &App,
    to: mpsc::Sender<ExecInput>,
    has_terminal: bool,
) -> std::convert::Infallible {
    let interrupted = async {
        app.context.cancel().cancelled().await;
        let _ = to.send(ExecInput::Interrupt).await;
        std::future::pending().await
    };
    let resized = async {
        let changed = tokio::signal::unix::SignalKind::window_change();
        let Ok(mut changed) = tokio::signal::unix::signal(changed) else {
            return std::future::pending().await;
        };
        while has_terminal && changed.recv().await.is_some() {
            if let Some(size) = size() {
                let _ = to.send(ExecInput::Resized(size)).await;
            }
        }
        std::future::pending().await
    };
    tokio::select! {
        never = interrupted => never,
        never = resized => never,
    }
}

fn size() -> Option<TerminalSize> {
    raw_terminal::size().map(|(columns, rows)| TerminalSize { columns, rows })
}

/// The size of the terminal that a command gets; none where nobody sits at one.
fn terminal(wanted: bool) -> Option<TerminalSize> {
    let usual = TerminalSize { columns: 80, rows: 24 };
    (wanted && raw_terminal::is_interactive()).then(|| size().unwrap_or(usual))
}

/// `NAME=VALUE`; `NAME` alone is as it is here, and nothing where it is not set.
fn variable(text: &str) -> Result<Option<(String, String)>, Failure> {
    match text.split_once('=') {
        Some(("", _)) => Err(CommandError::NoVariable { text: text.to_owned() }.into()),
        Some((name, value)) => Ok(Some((name.to_owned(), value.to_owned()))),
        None if text.is_empty() => Err(CommandError::NoVariable { text: text.to_owned() }.into()),
        None => Ok(std::env::var(text).ok().map(|value| (text.to_owned(), value))),
    }
}
