//! Sessions without a container engine: an ordinary user with an empty home, no engine,
//! and bubblewrap.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use support::{Context, Kernel, Project, Renku, get};

const USER: u32 = 4321;

/// A command of this user, for whom there is no engine.
fn renku<'a>(project: &Project<'a>, arguments: &[&str]) -> Renku<'a> {
    let words: Vec<&str> = std::iter::once("session").chain(arguments.iter().copied()).collect();
    project.renku(&words).as_login_of(USER, USER).env("DOCKER_HOST", "unix:///nowhere/engine.sock")
}

/// The command lines of all processes of this machine that have `text` in them.
fn command_lines_with(text: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|it| std::fs::read(it.path().join("cmdline")).ok());
    let lines = lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
    lines.filter(|line| line.contains(text)).collect()
}

/// Sessions of a project, until the end of a test.
struct Running<'a>(&'a Project<'a>);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let _ = renku(self.0, &["stop", "-p", "local", "--all", "--yes"]).run();
    }
}

fn sessions(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn jupyterlab_runs_for_an_ordinary_user_and_leaves_nothing() {
    let context = Context::docker();
    let project = context.project("without-docker");
    project.owned_by(USER, USER);
    let archive = context.folder().join("image.tar");
    let archive = archive.to_str().unwrap();
    let _ = support::docker_ok(&["save", &support::jupyter_image(), "-o", archive]);
    std::fs::set_permissions(archive, std::fs::Permissions::from_mode(0o644)).unwrap();
    renku(&project, &["image", "load", archive]).run().success();

    let image = support::jupyter_image();
    let start = ["start", "-p", "local", "--image", &image, "--format", "json"];
    let started = renku(&project, &start).run().success().json();
    let (name, url) = (&started["session"]["name"], &started["session"]["url"]);
    let (name, url) = (name.as_str().unwrap(), url.as_str().unwrap());
    let folder = context.home().join(".local/state/renku/sessions");
    // Also when an assertion fails, nothing goes on.
    let running = Running(&project);

    assert!(get(url).body.contains("jupyter-config-data"));
    let (bare, token) = url.split_once("?token=").unwrap();
    assert_eq!(get(&bare.replace("/lab", "/api/contents")).status, 403);
    assert_eq!(command_lines_with(token), Vec::<String>::new());

    Kernel::start(url).execute("open('answer.txt', 'w').write(str(6 * 7))");
    assert_eq!(project.read("answer.txt"), "42");
    let metadata = project.root().join("answer.txt").metadata().unwrap();
    assert_eq!((metadata.uid(), metadata.gid()), (USER, USER));

    let list = renku(&project, &["ls", "-p", "local", "--format", "json"]).run().success().json();
    let row = &list["sessions"][0];
    assert_eq!((row["name"].as_str(), row["status"].as_str()), (Some(name), Some("running")));
    let log = renku(&project, &["logs", "-p", "local", name]).run().success();
    assert!(log.stdout.contains("Jupyter Server"), "{}", log.stdout);

    let path = folder.join(name);
    assert_eq!(command_lines_with(path.to_str().unwrap()).len(), 1, "its supervisor");
    drop(running);
    assert_eq!(command_lines_with(path.to_str().unwrap()), Vec::<String>::new());
    assert_eq!(sessions(&folder), Vec::<String>::new());
    let port = bare.trim_start_matches("http://").split('/').next().unwrap();
    assert!(std::net::TcpStream::connect(port).is_err(), "{port} is free again");
}
