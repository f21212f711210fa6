//! Sessions: made, started, looked at, ended and removed.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use jiff::Timestamp;

use crate::contract::{
    ContainerRef, ContainerState, ContainersError, Created, Filter, Found, ImageError,
    MountedFiles, NotCreated, Reach, RunSpec, Schedule,
};
use crate::domain::programs::program;
use crate::domain::{EngineCommands, Port, Transport};
use crate::error::failed;
use crate::files::below::{Folder as Opened, Kind};
use crate::files::{OwnFolder, ProjectTree, Readers, directories};
use crate::folder::{self, Folder, broken};
use crate::ports::PORT_TAKEN;
use crate::record::{Record, WantedPort};
use crate::rootless::Rootless;
use crate::runtime::Runtime;
use crate::store::Tree;
use crate::supervisor::{self, Order, SUPERVISE};
use crate::users::{self, User};
use crate::{home, image};

/// How often it is looked whether a session has ended.
const LOOK: Duration = Duration::from_millis(20);
/// How long what was killed may take to be gone.
const PATIENCE: Duration = Duration::from_secs(10);
/// Where the home is when the image has none of use.
const HOME: &str = "/home/renku";
const CREATE: &str = "create the session";
const START: &str = "start the session";
const STOP: &str = "stop the session";

impl Rootless {
    pub(crate) async fn create_session(&self, run: &RunSpec) -> Result<Created, NotCreated> {
        let certain = |error| NotCreated { error, is_certain: true };
        Runtime::find().await.map_err(|error| certain(error.into()))?;
        let run = run.clone();
        let made = tokio::task::spawn_blocking(move || create(&run)).await;
        made.map_err(|error| certain(failed(CREATE, error)))?.map_err(certain)
    }

    pub(crate) async fn start_session(&self, of: &ContainerRef) -> Result<(), ContainersError> {
        let folder = self.existing(&of.name)?;
        let mut command = program(&self.program.to_string_lossy());
        command.arg(SUPERVISE).arg(folder.path()).envs(directories::variables());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let said = tokio::task::spawn_blocking(move || first_line(command)).await;
        let said = said.map_err(|error| failed(START, error))?;
        let said = said.map_err(|error| failed(START, error))?;
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
                (ContainerState::Running, _) => tokio::time::sleep(LOOK).await,
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

    pub(crate) async fn remove_session(&self, of: &ContainerRef) -> Result<(), ContainersError> {
        let sessions = Self::sessions()?;
        let Some(folder) = sessions.find(&of.name).map_err(broken(STOP))? else { return Ok(()) };
        self.end(&folder, Order::Kill, PATIENCE).await?;
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

/// Makes the folder of a session, whole or not at all.
fn create(run: &RunSpec) -> Result<Created, ContainersError> {
    let sessions = Rootless::sessions()?;
    let missing =
        || ImageError::ImageMissing { image: run.image.clone(), client: EngineCommands::default() };
    let tree = image::find(&run.image)?.ok_or_else(missing)?;
    let passwd = image_users(&tree);
    let record = record(run, &tree, passwd.as_deref());
    let new = sessions.new_folder().map_err(broken(CREATE))?;
    let text = |error: std::io::Error| failed(CREATE, error);
    let name = folder::HOME.as_ref();
    new.folder().make_folder(name, 0o700).map_err(text)?;
    if let Some(of_image) = home_in(&tree, &record.home).map_err(text)? {
        home::copy(&of_image, &new.folder().folder(name).map_err(text)?).map_err(text)?;
    }
    let open = OwnFolder::open(new.path()).map_err(broken(CREATE))?;
    let folder = Folder(open.ok_or_else(|| failed(CREATE, "its folder is gone"))?);
    if let Some(passwd) = passwd {
        let (uid, gid) = (rustix::process::getuid().as_raw(), rustix::process::getgid().as_raw());
        let user = User { uid, gid, home: &record.home };
        let list = users::list(&passwd, &tree.config.user, &user);
        let put = folder.0.put(folder::USERS, Readers::Owner, list.as_bytes());
        put.map_err(broken(CREATE))?;
    }
    folder.write(folder::SESSION, &record).map_err(broken(CREATE))?;
    match new.persist(record.name.as_ref()).map_err(broken(CREATE))? {
        true => Ok(Created { id: record.name, ..Created::default() }),
        false => Err(ContainersError::NameTaken { name: run.name.clone() }),
    }
}

/// The session, from what the host decided and the image has.
fn record(run: &RunSpec, tree: &Tree, passwd: Option<&str>) -> Record {
    let image = &tree.config;
    let entrypoint = run.entrypoint.as_ref();
    // As in `docker run`: with another entrypoint the image's command does not fit.
    let command = match (&run.command, entrypoint) {
        (Some(command), _) => command.clone(),
        (None, Some(_)) => Vec::new(),
        (None, None) => image.command.clone(),
    };
    let program = entrypoint.unwrap_or(&image.entrypoint).iter().cloned().chain(command).collect();
    let mut environment = image.environment.clone();
    environment.extend(run.environment.clone());
    let home = environment.get("HOME").cloned();
    let home = home.or_else(|| users::home_of(passwd?, &image.user).map(str::to_owned));
    let home = home.filter(|home| is_place_of_a_home(home)).unwrap_or_else(|| HOME.to_owned());
    environment.insert("HOME".to_owned(), home.clone());
    let mut labels = image.labels.clone();
    labels.extend(run.labels.clone());
    let project = run.project.as_ref().and_then(|project| match &project.files {
        MountedFiles::Folder(folder) => Some((folder.clone(), project.target.clone())),
        MountedFiles::Volume(_) | MountedFiles::Nowhere => None,
    });
    let directory =
        run.working_directory.clone().unwrap_or_else(|| image.working_directory.clone());
    let ports = run.ports.iter().map(|port| WantedPort {
        container: port.container,
        address: port.host.address,
        host: port.host.port,
    });
    Record {
        name: run.name.clone(),
        image: run.image.clone(),
        digest: tree.digest,
        labels,
        environment,
        program,
        directory: if directory.is_empty() { "/".to_owned() } else { directory },
        project,
        home,
        has_users: passwd.is_some(),
        ports: ports.collect(),
        created_at: Timestamp::now().to_string(),
    }
}

/// In its shortest form, and nothing that the system of the image needs.
fn is_place_of_a_home(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let is_system = ["bin", "dev", "etc", "lib", "lib64", "proc", "sbin", "tmp", "usr"];
    path.starts_with('/')
        && parts.iter().all(|part| !matches!(*part, "" | "." | ".."))
        && parts.first().is_some_and(|first| !is_system.contains(first))
}

/// A folder of the image, when no link is on the way there.
fn home_in(tree: &Tree, path: &str) -> std::io::Result<Option<Opened>> {
    let mut folder = Opened::at(&tree.root)?;
    for name in path.split('/').filter(|name| !name.is_empty()) {
        match folder.look(name.as_ref())? {
            Some(seen) if seen.kind == Kind::Folder => folder = folder.folder(name.as_ref())?,
            _ => return Ok(None),
        }
    }
    Ok(Some(folder))
}

/// The image's list of users, when there is a place to put a list of our own.
fn image_users(tree: &Tree) -> Option<String> {
    let root = ProjectTree::open(&tree.root).ok()?;
    let etc = root.entry(Path::new("etc")).ok()??;
    let list = root.read_text(Path::new("etc/passwd"), users::LIMIT).ok()?;
    list.filter(|_| etc.seen().kind == Kind::Folder)
}

/// A session as the host knows it.
fn found(folder: &Folder) -> Result<Found, ContainersError> {
    const ACTION: &str = "read a session";
    let record = folder.record().map_err(broken(ACTION))?;
    let (state, exit_code) = folder.state().map_err(broken(ACTION))?;
    let started = folder.started().map_err(broken(ACTION))?;
    let is_up = state == ContainerState::Running;
    let ports = started.filter(|_| is_up).map(|started| started.ports).unwrap_or_default();
    let ports = ports.into_iter().map(|(container, host)| Port {
        container,
        host: Some(host),
        host_ip: Some("127.0.0.1".to_owned()),
        protocol: Transport::Tcp,
    });
    Ok(Found {
        container: ContainerRef { id: record.name.clone(), name: record.name },
        image: record.image,
        image_id: Some(record.digest.to_string()),
        state,
        labels: record.labels,
        ports: ports.collect(),
        reach: Reach::Published,
        mounts: record.project.into_iter().map(|(path, _)| path.display().to_string()).collect(),
        created_at: Some(record.created_at),
        exit_code,
        out_of_memory: false,
        environment: record.environment.into_iter().collect(),
        schedule: Schedule::default(),
        user: String::new(),
        working_directory: String::new(),
    })
}

/// The first line that a command prints; it goes on.
fn first_line(mut command: Command) -> std::io::Result<String> {
    let mut process = command.spawn()?;
    let mut line = String::new();
    if let Some(output) = process.stdout.take() {
        BufReader::new(output).read_line(&mut line)?;
    }
    // Where this command ends first, somebody else waits for it.
    std::thread::spawn(move || process.wait());
    Ok(line.trim().to_owned())
}
