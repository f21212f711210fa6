//! What is left when nothing should be.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use support::fixture;

use crate::bounds::shown;
use crate::ground::Ground;

/// How long what was killed may take to be gone.
const SOON: Duration = Duration::from_secs(5);

/// After this time without a change an engine has done what it was asked.
const SETTLED: Duration = Duration::from_millis(700);

/// How names of unfinished files begin, today and once.
const UNFINISHED: [&str; 3] = [".renku-new-", ".tmp", ".new-"];

/// The commands that read every state file.
const READERS: [&[&str]; 5] = [
    &["config", "list"],
    &["session", "origin", "list"],
    &["session", "provider", "list"],
    &["session", "ls"],
    &["session", "image"],
];

/// An engine goes on with what a command that was killed asked it for, and nobody can know
/// of a container before it is there. So its user, too, types the next command only when
/// that has come to an end: when two looks are the same.
pub fn settle(ground: &Ground<'_>) {
    let look = || (ground.project.containers(), ground.project.volumes());
    let mut before = look();
    for _ in 0..10 {
        std::thread::sleep(SETTLED);
        let now = look();
        if now == before {
            return;
        }
        before = now;
    }
}

/// Stops what runs, as a user does next, and gives all that is wrong then.
pub fn stopped(ground: &Ground<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    let stop = ground.run(&["session", "stop", "--all", "--yes"]);
    if stop.status != 0 {
        wrong.push(format!("the next `stop --all` failed\n{}", shown(&stop)));
    }
    wrong.extend(running(ground));
    wrong
}

/// The same, and every other command that comes next.
pub fn after(ground: &Ground<'_>) -> Vec<String> {
    let mut wrong = stopped(ground);
    let tool = fixture("asking");
    // Each writes in a folder where something unfinished may lie.
    for change in [
        &["session", "provider", "add", &tool, "--yes", "--name", "next"][..],
        &["session", "provider", "remove", "next", "--yes"],
        &["config", "set", "image", "next"],
        &["config", "unset", "image"],
        &["config", "set", "--global", "image", "next"],
        &["config", "unset", "--global", "image"],
        &["session", "origin", "add", "next", "https://next.example", "--credential", "none"],
        &["session", "origin", "remove", "next"],
    ] {
        let run = ground.run(change);
        if run.status != 0 {
            wrong.push(format!("the next command failed\n{}", shown(&run)));
        }
    }
    for reader in READERS {
        let run = ground.run(reader);
        if run.status != 0 || run.stderr.contains("warning: ") {
            wrong.push(format!("a state file is damaged\n{}", shown(&run)));
        }
    }
    wrong.extend(files_left(ground));
    wrong
}

/// What is left in the engine and among the processes.
fn running(ground: &Ground<'_>) -> Vec<String> {
    let project = &ground.project;
    let mut left = Vec::new();
    left.extend(project.containers().iter().map(|name| format!("the container {name} is left")));
    left.extend(project.volumes().iter().map(|name| format!("the volume {name} is left")));
    let begin = Instant::now();
    let mut processes = processes(&ground.home());
    while !processes.is_empty() && begin.elapsed() < SOON {
        std::thread::sleep(Duration::from_millis(100));
        processes = self::processes(&ground.home());
    }
    left.extend(processes.iter().map(|line| format!("the process `{line}` is left")));
    left
}

/// What is left on the disk.
fn files_left(ground: &Ground<'_>) -> Vec<String> {
    let mut left = files(&ground.temporary());
    for folder in [ground.home(), ground.cache(), ground.project.root().to_owned()] {
        left.extend(files(&folder).into_iter().filter(|path| is_unfinished(path)));
    }
    left.iter().map(|path| format!("the file `{}` is left", path.display())).collect()
}

/// The command lines of processes with this home.
fn processes(home: &Path) -> Vec<String> {
    let wanted = format!("HOME={}", home.display());
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let environment = fs::read(entry.path().join("environ")).unwrap_or_default();
        let is_ours = environment.split(|byte| *byte == 0).any(|it| it == wanted.as_bytes());
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        // One that has ended and was not waited for has no command line.
        if is_ours && !line.is_empty() {
            found.push(String::from_utf8_lossy(&line).replace('\0', " "));
        }
    }
    found
}

fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    UNFINISHED.iter().any(|begin| name.starts_with(begin))
}

/// Every file and empty folder below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_folder {
            found.push(path);
        } else if !path.ends_with(".git") {
            let inside = files(&path);
            let is_empty = inside.is_empty();
            found.extend(inside);
            if is_empty {
                found.push(path);
            }
        }
    }
    found
}
