//! Sessions: started, looked at, frozen, ended and removed.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::contract::{
    ContainerRef, ContainerState, ContainersError, Created, Filter, Found, NotCreated, RunSpec,
};
use crate::create::create;
use crate::domain::programs::program;
use crate::error::failed;
use crate::files::directories;
use crate::folder::{self, Folder, broken};
use crate::found::found;
use crate::ports::PORT_TAKEN;
use crate::rootless::Rootless;
use crate::runtime::Runtime;
use crate::scope;
use crate::supervisor::{self, Order, SUPERVISE};

/// How often it is looked whether a session has ended.
const LOOK: Duration = Duration::from_millis(20);
/// How long what was killed may take to be gone, and what is frozen to stand still.
const PATIENCE: Duration = Duration::from_secs(10);
const CREATE: &str = "create the session";
const START: &str = "start the session";
const STOP: &str = "stop the session";

impl Rootless {
    pub(crate) async fn create_session(&self, run: &RunSpec) -> Result<Created, NotCreated> {
        let certain = |error| NotCreated { error, is_certain: true };
        let wanted = run.options.runtime.as_deref();
        let working = self.working(wanted).await.map_err(|error| certain(error.into()))?;
        let run = run.clone();
        let made = tokio::task::spawn_blocking(move || create(&run, working.runtime)).await;
        made.map_err(|error| certain(failed(CREATE, error)))?.map_err(certain)
    }

    pub(crate) async fn start_session(&self, of: &ContainerRef) -> Result<(), ContainersError> {
        let folder = self.existing(&of.name)?;
        let record = folder.record().map_err(broken(START))?;
        let mut command = program(&self.program.to_string_lossy());
        command.arg(SUPERVISE).arg(folder.path()).envs(directories::variables());
        let scope =
            record.is_in_scope.then(|| scope::around(&command, &record.name, &record.limits));
        let mut said = match scope {
            Some(scope) => first_line(scope).await?,
            None => String::new(),
        };
        // A systemd that is there and refuses ends no session, but keeps no limit, either.
        if said.is_empty() && !(record.is_in_scope && record.limits.are_some()) {
            said = first_line(command).await?;
        }
        if said == supervisor::STARTED {
            return Ok(());
        }
        if let Some(port) = said.strip_prefix(PORT_TAKEN).and_then(|port| port.trim().parse().ok())
        {
            return Err(ContainersError::PortTaken { port, message: said });
        }
        Err(failed(START, if said.is_empty() { "its supervisor ended".to_owned() } else { said }))
    }

    pub(crate) fn list_sessions(&self, filter: &Filter) -> Result<Vec<Found>, ContainersError> {
        let all = Self::sessions()?.all().map_err(broken("list the sessions"))?;
        // One that is broken hides no other.
        let found = all.iter().filter_map(|folder| found(folder).ok());
        let mut found: Vec<Found> = found.filter(|it| filter.passes(&it.labels)).collect();
        found.sort_by(|one, other| other.created_at.cmp(&one.created_at));
        found.iter_mut().for_each(|it| it.environment.clear());
        Ok(found)
    }

    pub(crate) fn inspect_session(&self, name: &str) -> Result<Option<Found>, ContainersError> {
        match Self::sessions()?.find(name).map_err(broken("inspect the session"))? {
            Some(folder) => found(&folder).map(Some),
            None => Ok(None),
        }
    }

    pub(crate) async fn wait_for_end(
        &self,
        of: &ContainerRef,
    ) -> Result<Option<i32>, ContainersError> {
        let action = "wait for the session";
        loop {
            let Some(folder) = Self::sessions()?.find(&of.name).map_err(broken(action))? else {
                return Ok(None);
            };
            match folder.state().map_err(broken(action))? {
                (ContainerState::Running | ContainerState::Paused, _) => {
                    tokio::time::sleep(LOOK).await
                }
                (_, status) => return Ok(status),
            }
        }
    }

    pub(crate) async fn stop_session(
        &self,
        of: &ContainerRef,
        grace_seconds: u32,
    ) -> Result<(), ContainersError> {
        let Some(folder) = Self::sessions()?.find(&of.name).map_err(broken(STOP))? else {
            return Ok(());
        };
        let grace = Duration::from_secs(u64::from(grace_seconds));
        self.end(&folder, Order::Stop(grace), grace + PATIENCE).await
    }

    pub(crate) async fn pause_session(&self, of: &ContainerRef) -> Result<(), ContainersError> {
        const PAUSE: &str = "pause the session";
        let folder = self.existing(&of.name)?;
        match folder.state().map_err(broken(PAUSE))?.0 {
            ContainerState::Running => {}
            ContainerState::Paused => return Ok(()),
            state => return Err(wrong_state(of, "paused", state)),
        }
        let started = folder.started().map_err(broken(PAUSE))?;
        if !started.is_some_and(|started| started.can_pause) {
            return Err(ContainersError::Unsupported {
                what: "be paused: this system lets you make no control group (cgroup v2)".into(),
                hint: "stop it, or leave it running".to_owned(),
            });
        }
        self.ordered(&folder, Order::Pause, ContainerState::Paused, PAUSE).await
    }

    /// Thaws a session; one that ended is started again.
    pub(crate) async fn resume_session(&self, of: &ContainerRef) -> Result<(), ContainersError> {
        const RESUME: &str = "resume the session";
        let folder = self.existing(&of.name)?;
        match folder.state().map_err(broken(RESUME))?.0 {
            ContainerState::Paused => {
                self.ordered(&folder, Order::Resume, ContainerState::Running, RESUME).await
            }
            ContainerState::Exited => self.start_session(of).await,
            state => Err(wrong_state(of, "resumed", state)),
        }
    }

    /// Sends an order, and waits for what becomes of it.
    async fn ordered(
        &self,
        folder: &Folder,
        order: Order,
        wanted: ContainerState,
        action: &'static str,
    ) -> Result<(), ContainersError> {
        supervisor::send(folder, order).map_err(|error| failed(action, error))?;
        let reached = async {
            while folder.state().map_err(broken(action))?.0 != wanted {
                tokio::time::sleep(LOOK).await;
            }
            Ok(())
        };
        match tokio::time::timeout(PATIENCE, reached).await {
            Ok(reached) => reached,
            Err(_) => Err(failed(action, "its supervisor does not do that")),
        }
    }

    pub(crate) async fn remove_session(&self, of: &ContainerRef) -> Result<(), ContainersError> {
        let sessions = Self::sessions()?;
        let Some(folder) = sessions.find(&of.name).map_err(broken(STOP))? else { return Ok(()) };
        self.end(&folder, Order::Kill, PATIENCE).await?;
        if let Some(runtime) = folder.record().ok().and_then(|it| Runtime::named(&it.runtime)) {
            runtime.end_left(&folder.path().join(folder::SCRATCH)).await;
        }
        let name = of.name.clone();
        let removed = tokio::task::spawn_blocking(move || sessions.remove(&name)).await;
        removed.map_err(|error| failed(STOP, error))?.map_err(broken(STOP))
    }

    /// Ends it, and waits until its supervisor is gone.
    async fn end(
        &self,
        folder: &Folder,
        order: Order,
        patience: Duration,
    ) -> Result<(), ContainersError> {
        let ended = async {
            // A supervisor that begins cannot hear yet.
            while folder.is_alive().map_err(broken(STOP))? {
                if supervisor::send(folder, order).map_err(|error| failed(STOP, error))? {
                    break;
                }
                tokio::time::sleep(LOOK).await;
            }
            while folder.is_alive().map_err(broken(STOP))? {
                tokio::time::sleep(LOOK).await;
            }
            Ok(())
        };
        match tokio::time::timeout(patience, ended).await {
            Ok(ended) => ended,
            Err(_) => Err(failed(STOP, "it does not end although it was killed")),
        }
    }

    pub(crate) fn existing(&self, name: &str) -> Result<Folder, ContainersError> {
        let found = Self::sessions()?.find(name).map_err(broken("find the session"))?;
        found.ok_or_else(|| ContainersError::NotFound { name: name.to_owned() })
    }
}

fn wrong_state(of: &ContainerRef, action: &'static str, state: ContainerState) -> ContainersError {
    let message = format!("it is {}", state.as_str());
    ContainersError::WrongState { name: of.name.clone(), action, message }
}

/// The first line that a command prints; it goes on.
async fn first_line(mut command: Command) -> Result<String, ContainersError> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let read = move || {
        let mut process = command.spawn()?;
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        // Where this command ends first, somebody else waits for it.
        std::thread::spawn(move || process.wait());
        Ok(line.trim().to_owned())
    };
    let read = tokio::task::spawn_blocking(read).await.map_err(|error| failed(START, error))?;
    read.map_err(|error: std::io::Error| failed(START, error))
}
