//! The process beside each session: it starts the runtime, keeps the output and the exit
//! status, and ends the session when it is told so through a pipe. It is this very
//! program, in a session (setsid) of its own, and holds a lock as long as it lives.

mod control;
mod inside;
mod output;

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use tokio::process::Child;
use tokio::signal::unix::{SignalKind, signal};

pub(crate) use control::{Order, send};

use crate::domain::Diagnostic as _;
use crate::files::{FileError, Lock};
use crate::folder::{self, Folder};
use crate::ports;
use crate::program::Program;
use crate::record::{End, Record, Started};
use crate::rootless::Rootless;
use crate::runtime::Runtime;
use crate::store::Tree;
use control::Control;
use inside::Inside;

/// The word by which this program is started as a supervisor; a folder comes after it.
pub const SUPERVISE: &str = "supervise-session";
/// What is printed when the session has started.
pub(crate) const STARTED: &str = "started";
/// How long a session has when the computer goes down.
const GRACE: Duration = Duration::from_secs(10);

/// Supervises the session in this folder until it ends.
#[must_use]
pub fn supervise(folder: &Path) -> ExitCode {
    // Signals of the terminal are not for it. It fails only where that is so already.
    let _ = rustix::process::setsid();
    // What a runtime leaves when it is killed is waited for here.
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ran = match runtime {
        Ok(runtime) => runtime.block_on(run(folder)),
        Err(error) => Err(error.to_string()),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            say(&reason.replace('\n', " "));
            ExitCode::FAILURE
        }
    }
}

/// Everything that stays as it is while the session runs.
struct Session {
    folder: Folder,
    record: Record,
    /// The image is not removed meanwhile.
    tree: Tree,
    _alive: Lock,
}

impl Session {
    fn open(path: &Path) -> Result<Self, String> {
        let folder = Folder::open(path).map_err(|error| shown(&error))?;
        let folder = folder.ok_or("the session is gone")?;
        let alive = folder.0.lock_by(folder::ALIVE, || {}).map_err(|error| shown(&error))?;
        let record = folder.record().map_err(|error| shown(&error))?;
        let store = Rootless::store().map_err(|error| error.to_string())?;
        let tree = store.get(&record.digest).map_err(|error| error.to_string())?;
        let tree = tree.ok_or("its image is gone")?;
        Ok(Self { folder, record, tree, _alive: alive })
    }
}

async fn run(path: &Path) -> Result<(), String> {
    let session = Session::open(path)?;
    let runtime = Runtime::find().await.map_err(|error| error.tried.join("; "))?;
    let text = |error: io::Error| error.to_string();
    let ports = ports::chosen(&session.record)?;
    let started = Started { runtime: runtime.name().to_owned(), ports };
    let control = Control::make(&session.folder).map_err(text)?;
    let program = Program::of(&session.record, &session.folder, &session.tree.root, &started);
    let (read, write) = io::pipe().map_err(text)?;
    let begun = runtime.start(&program, write).map_err(text)?;
    let output = output::keep(read, session.folder.opened().map_err(text)?).map_err(text)?;
    let inside = tokio::task::spawn_blocking(move || Inside::read(begun.report)).await;
    let inside = inside.map_err(|error| error.to_string())?;
    session.folder.write(folder::STARTED, &started).map_err(|error| shown(&error))?;
    say(STARTED);
    let status = watch(begun.child, control, inside.as_ref()).await.map_err(text)?;
    // Nothing of it is left when its end is noted.
    while matches!(rustix::process::wait(rustix::process::WaitOptions::empty()), Ok(Some(_))) {}
    let _ = tokio::task::spawn_blocking(move || output.join()).await;
    session.folder.write(folder::END, &End { status }).map_err(|error| shown(&error))
}

/// Waits until the session ends, and ends it on request.
async fn watch(mut child: Child, mut control: Control, inside: Option<&Inside>) -> io::Result<i32> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    // Logging out does not end a session.
    let _hang_up = signal(SignalKind::hangup())?;
    let far = || tokio::time::Instant::now() + Duration::from_secs(60 * 60 * 24 * 365);
    let mut deadline = far();
    loop {
        let order = tokio::select! {
            ended = child.wait() => return Ok(status_of(ended?)),
            order = control.next() => order,
            _ = terminate.recv() => Order::Stop(GRACE),
            _ = interrupt.recv() => Order::Stop(GRACE),
            () = tokio::time::sleep_until(deadline) => Order::Kill,
        };
        match order {
            Order::Stop(grace) => {
                deadline = deadline.min(tokio::time::Instant::now() + grace);
                if !inside.is_some_and(Inside::terminate) {
                    child.start_kill()?;
                }
            }
            Order::Kill => {
                deadline = far();
                child.start_kill()?;
            }
        }
    }
}

/// As a shell has it: 128 and the number of the signal.
fn status_of(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt as _;
    status.code().or_else(|| status.signal().map(|it| 128 + it)).unwrap_or(-1)
}

fn shown(error: &FileError) -> String {
    std::iter::once(error.to_string()).chain(error.causes()).collect::<Vec<_>>().join(": ")
}

/// Writes one line to the starting command, which may be gone.
fn say(line: &str) {
    let mut output = io::stdout().lock();
    let _ = writeln!(output, "{line}").and_then(|()| output.flush());
}
