//! The process beside each session: it starts the runtime, keeps the output and the exit
//! status, and ends the session when it is told so through a pipe. It is this very
//! program, in a session (setsid) of its own, and holds a lock as long as it lives.

mod control;
mod inside;
mod output;

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::process::WaitOptions;
use tokio::process::Child;
use tokio::signal::unix::{SignalKind, signal};

pub(crate) use control::{Order, send};

use crate::domain::Diagnostic as _;
use crate::files::{FileError, Lock};
use crate::folder::{self, Folder};
use crate::group::{Delegated, Group};
use crate::ports;
use crate::program::Program;
use crate::record::{End, Limits, Record, Started};
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
    runtime: Runtime,
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
        let runtime = Runtime::named(&record.runtime).ok_or("its runtime is not known")?;
        let store = Rootless::store().map_err(|error| error.to_string())?;
        let tree = store.get(&record.digest).map_err(|error| error.to_string())?;
        let tree = tree.ok_or("its image is gone")?;
        Ok(Self { folder, record, runtime, tree, _alive: alive })
    }

    /// Starts its program. Nothing of the start before is left then.
    async fn begin(&self) -> Result<Running, String> {
        let text = |error: io::Error| error.to_string();
        let ports = ports::chosen(&self.record)?;
        let scratch = self.folder.path().join(folder::SCRATCH);
        self.runtime.end_left(&scratch).await;
        self.folder.forget_start().map_err(|error| shown(&error))?;
        self.folder.empty(folder::SCRATCH).map_err(|error| shown(&error))?;
        let control = Control::make(&self.folder).map_err(text)?;
        let is_root = self.runtime.is_root_inside();
        let program = Program::of(&self.record, &self.folder, &self.tree.root, is_root, &ports);
        let group = self.group()?;
        let (read, write) = io::pipe().map_err(text)?;
        let start = || self.runtime.start(&program, &scratch, write);
        let begun = match &group {
            Some(group) => group.inside(start),
            None => start(),
        };
        let begun = begun.map_err(text)?;
        let output = output::keep(read, self.folder.opened().map_err(text)?).map_err(text)?;
        let runtime = begun.child.id().and_then(|id| i32::try_from(id).ok());
        let inside = tokio::task::spawn_blocking(move || Inside::of(runtime?, begun.way)).await;
        let inside = inside.map_err(|error| error.to_string())?;
        let started = Started { ports, can_pause: group.is_some() };
        self.folder.write(folder::STARTED, &started).map_err(|error| shown(&error))?;
        Ok(Running { child: begun.child, output, inside, group, control })
    }

    /// A control group, where there can be one. Without one nothing is limited, so a limit
    /// that systemd does not keep needs one.
    fn group(&self) -> Result<Option<Group>, String> {
        let limits = match self.record.is_in_scope {
            true => Limits::default(),
            false => self.record.limits,
        };
        let made = Delegated::own().map(|own| own.group(&self.record.name, &limits));
        match made {
            Some(Ok(group)) => Ok(Some(group)),
            Some(Err(error)) if limits.are_some() => Err(format!("no limits can be set: {error}")),
            None if limits.are_some() => Err("no limits can be set here".to_owned()),
            Some(Err(_)) | None => Ok(None),
        }
    }
}

/// A program in its box.
struct Running {
    child: Child,
    output: JoinHandle<()>,
    inside: Option<Inside>,
    group: Option<Group>,
    control: Control,
}

async fn run(path: &Path) -> Result<(), String> {
    let session = Session::open(path)?;
    let before = session.folder.started().ok().flatten();
    let mut running = match session.begin().await {
        Ok(running) => running,
        Err(reason) => {
            // One that ran once is one that ended, and not one that was never started.
            before.map(|before| session.folder.write(folder::STARTED, &before));
            return Err(reason);
        }
    };
    say(STARTED);
    let ended = running.watch(&session.folder).await;
    // Nothing of it is left when its end is noted.
    running.kill_all();
    inside::kill_children();
    while matches!(rustix::process::wait(WaitOptions::empty()), Ok(Some(_))) {
        inside::kill_children();
    }
    let Running { output, group, .. } = running;
    drop(group);
    let _ = tokio::task::spawn_blocking(move || output.join()).await;
    let status = ended.map_err(|error| error.to_string())?;
    session.folder.write(folder::END, &End { status }).map_err(|error| shown(&error))?;
    session.folder.set_paused(false).map_err(|error| shown(&error))
}

impl Running {
    /// Waits until the session ends, and ends it when it is told to.
    async fn watch(&mut self, folder: &Folder) -> io::Result<i32> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        // Who logs out ends no session.
        let _hang_up = signal(SignalKind::hangup())?;
        let far = || tokio::time::Instant::now() + Duration::from_secs(60 * 60 * 24 * 365);
        let mut deadline = far();
        loop {
            let order = tokio::select! {
                ended = self.child.wait() => return Ok(status_of(ended?)),
                order = self.control.next() => order,
                _ = terminate.recv() => Order::Stop(GRACE),
                _ = interrupt.recv() => Order::Stop(GRACE),
                () = tokio::time::sleep_until(deadline) => Order::Kill,
            };
            match order {
                Order::Stop(grace) => {
                    deadline = deadline.min(tokio::time::Instant::now() + grace);
                    self.terminate()?;
                }
                Order::Kill => {
                    deadline = far();
                    self.kill_all();
                    // A runtime that waits for others to end gets no second word.
                    self.child.start_kill()?;
                }
                Order::Pause => self.freeze(folder, true),
                Order::Resume => self.freeze(folder, false),
            }
        }
    }

    /// Asks the program to end; one that is not there yet is killed.
    fn terminate(&mut self) -> io::Result<()> {
        match self.inside.as_ref().is_some_and(Inside::terminate) {
            true => Ok(()),
            false => self.child.start_kill(),
        }
    }

    fn kill_all(&self) {
        if let Some(group) = &self.group {
            group.kill();
        }
    }

    /// Who wants to know whether that was done looks at the session.
    fn freeze(&self, folder: &Folder, is_frozen: bool) {
        if let Some(group) = &self.group
            && group.freeze(is_frozen).is_ok()
        {
            let _ = folder.set_paused(is_frozen);
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

/// One line to who started this; nobody may listen any more.
fn say(line: &str) {
    let mut output = io::stdout().lock();
    let _ = writeln!(output, "{line}").and_then(|()| output.flush());
}
