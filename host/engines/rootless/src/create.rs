//! A session before it starts: its folder, whole or not at all.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::contract::{ContainersError, Created, ImageError, MountedFiles, Reach, RunSpec};
use crate::domain::EngineCommands;
use crate::error::failed;
use crate::files::below::{Folder as Opened, Kind};
use crate::files::{OwnFolder, ProjectTree, Readers};
use crate::folder::{self, Folder, broken};
use crate::record::{Limits, Record, Volume, WantedPort};
use crate::rootless::Rootless;
use crate::runtime::Runtime;
use crate::store::Tree;
use crate::users::{self, User};
use crate::{home, image, scope};

/// Where the home is when the image has none of use.
const HOME: &str = "/home/renku";
const CREATE: &str = "create the session";

/// Makes the folder of a session, whole or not at all.
pub(crate) fn create(run: &RunSpec, runtime: Runtime) -> Result<Created, ContainersError> {
    let sessions = Rootless::sessions()?;
    let missing =
        || ImageError::ImageMissing { image: run.image.clone(), client: EngineCommands::default() };
    let tree = image::find(&run.image)?.ok_or_else(missing)?;
    let passwd = image_users(&tree);
    let record = record(run, &tree, runtime, passwd.as_deref());
    let new = sessions.new_folder().map_err(broken(CREATE))?;
    let text = |error: std::io::Error| failed(CREATE, error);
    let name = folder::HOME.as_ref();
    for name in [folder::HOME, folder::FILES, folder::SCRATCH] {
        new.folder().make_folder(name.as_ref(), 0o700).map_err(text)?;
    }
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
fn record(run: &RunSpec, tree: &Tree, runtime: Runtime, passwd: Option<&str>) -> Record {
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
    let (project, own_folder) = match run.project.as_ref().map(|it| (&it.files, &it.target)) {
        Some((MountedFiles::Folder(folder), target)) => {
            (Some((folder.clone(), target.clone())), None)
        }
        Some((MountedFiles::Volume(_) | MountedFiles::Nowhere, target)) => {
            (None, Some(target.clone()))
        }
        None => (None, None),
    };
    let volumes = run.options.volume.iter().map(|volume| Volume {
        source: PathBuf::from(&volume.source),
        target: volume.target.clone(),
        is_writable: !volume.mode.as_deref().is_some_and(is_for_reading),
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
        own_folder,
        volumes: volumes.collect(),
        temporary: run.options.tmpfs.keys().cloned().collect(),
        home,
        has_users: passwd.is_some(),
        ports: ports.collect(),
        runtime: runtime.name().to_owned(),
        is_offline: Reach::of(run.options.network.as_deref()) == Reach::Nowhere,
        limits: Limits { cpu: run.resources.cpu, memory: run.resources.memory },
        is_in_scope: scope::is_here(),
        created_at: Timestamp::now().to_string(),
    }
}

/// `ro,z`.
pub(crate) fn is_for_reading(mode: &str) -> bool {
    mode.split(',').any(|word| word == "ro")
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
