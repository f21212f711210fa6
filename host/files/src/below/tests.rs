//! Links that lead out, things that are no files, and what changes while we look.

use std::ffi::OsStr;
use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use std::fs::File;
use std::path::{Path, PathBuf};

use super::*;
use crate::domain::Diagnostic as _;
use crate::replace::TEMPORARY;

/// A project beside something private.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new() -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(project.at("")).unwrap();
        std::fs::create_dir(project.outside("")).unwrap();
        std::fs::write(project.outside("secret"), "secret").unwrap();
        project
    }

    /// A path in the project.
    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join("project").join(path)
    }

    /// A path beside it.
    fn outside(&self, path: &str) -> PathBuf {
        self.folder.path().join("outside").join(path)
    }

    fn write(&self, path: &str, text: &str) -> &Self {
        let file = self.at(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
        self
    }

    fn link(&self, target: impl AsRef<Path>, path: &str) -> &Self {
        symlink(target, self.at(path)).unwrap();
        self
    }

    fn tree(&self) -> ProjectTree {
        ProjectTree::open(&self.at("")).unwrap()
    }

    fn read(&self, path: &str) -> Result<Option<String>, String> {
        let read = self.tree().read_text(Path::new(path), 100);
        let here = format!("{}/", self.at("").display().to_string().trim_end_matches('/'));
        read.map_err(|error| error.to_string().replace(&here, ""))
    }
}

fn text(text: &str) -> Result<Option<String>, String> {
    Ok(Some(text.to_owned()))
}

#[test]
fn links_are_followed_as_long_as_they_stay_inside() {
    let project = Project::new();
    project.write("data/real", "inside").write("deep/er/file", "deep");
    project.link("data/real", "link").link("../data/real", "deep/up").link("link", "again");
    project.link("data", "folder").link(".", "here").link(project.at("data/real"), "absolute");
    project.link("deep/er/../../data", "dots");
    for path in
        ["link", "deep/up", "again", "folder/real", "here/here/link", "absolute", "dots/real"]
    {
        assert_eq!(project.read(path), text("inside"), "{path}");
    }
    let tree = project.tree();
    let real = |path: &str| tree.real_path(Path::new(path)).unwrap();
    assert_eq!(real("here/folder/real"), Some("data/real".into()));
    assert_eq!(real("dots"), Some("data".into()));
    for path in ["none", "data/none", "none/none", "data/real/none"] {
        assert_eq!(project.read(path), Ok(None), "{path}");
    }
}

#[test]
fn a_link_that_leads_out_is_named() {
    let project = Project::new();
    project.write("data/a", "");
    project.link(project.outside("secret"), "absolute").link("../outside/secret", "relative");
    project.link("../outside", "folder").link("data/../../project/data/a", "and-back");
    project.link("absolute", "through").link("/", "root").link("/proc/self/cwd", "magic");
    for path in ["absolute", "relative", "and-back", "root", "magic"] {
        let error = format!("`{path}` is a link that leads out of the project");
        assert_eq!(project.read(path), Err(error));
    }
    for (path, link) in [("folder/secret", "folder"), ("through", "absolute")] {
        let error =
            format!("`{path}` is outside the project: `{link}` is a link that leads out of it");
        assert_eq!(project.read(path), Err(error));
    }
    assert_eq!(
        project.read("../outside/secret"),
        Err("`../outside/secret` is outside the project".into())
    );
    let error = project.tree().read(Path::new("absolute"), 9).unwrap_err();
    let hint = format!(
        "put what it points to in its place; `rm {}` removes the link",
        project.at("absolute").display()
    );
    assert_eq!(error.hint(), Some(hint));
}

#[test]
fn what_is_no_file_is_neither_read_nor_waited_for() {
    let project = Project::new();
    project.write("folder/x", "").link("circle", "circle").link("/dev/zero", "zero");
    assert!(
        std::process::Command::new("mkfifo").arg(project.at("pipe")).status().unwrap().success()
    );
    drop(std::os::unix::net::UnixListener::bind(project.at("socket")).unwrap());
    for (path, error) in [
        ("pipe", "`pipe` is a named pipe, not a file"),
        ("socket", "`socket` is a socket, not a file"),
        ("folder", "`folder` is a folder, not a file"),
        ("circle", "`circle` is a link that leads in a circle"),
        ("zero", "`zero` is a link that leads out of the project"),
    ] {
        assert_eq!(project.read(path), Err(error.to_owned()));
    }
    // It may become one after it was looked at.
    let begin = Instant::now();
    assert!(project.tree().root.file(OsStr::new("pipe")).is_err());
    assert!(begin.elapsed() < Duration::from_secs(5));
    // Where there are devices, they are none either.
    let error =
        ProjectTree::open(Path::new("/dev")).unwrap().read(Path::new("zero"), 9).unwrap_err();
    assert_eq!(error.to_string(), "`/dev/zero` is a device, not a file");
}

#[test]
fn a_file_is_read_up_to_its_limit() {
    let project = Project::new();
    let huge = File::create(project.at("huge")).unwrap();
    huge.set_len(1 << 40).unwrap();
    assert_eq!(
        project.read("huge"),
        Err("`huge` is larger than 0 KiB, the most it may have".into())
    );
    project.write("binary", "").write("fits", &"x".repeat(100)).write("over", &"x".repeat(101));
    std::fs::write(project.at("binary"), [0xff]).unwrap();
    assert_eq!(project.read("binary"), Err("`binary` is not UTF-8 text".into()));
    assert!(project.read("fits").is_ok() && project.read("over").is_err());
}

#[test]
fn an_exact_path_goes_through_no_link_at_all() {
    let project = Project::new();
    project.write("data/a", "").link("data", "inside").link("../outside", "out");
    let tree = project.tree();
    assert!(tree.entry(Path::new("data/a")).unwrap().is_some());
    for path in ["inside/a", "out/secret", "none", "none/a"] {
        assert!(tree.entry(Path::new(path)).unwrap().is_none(), "{path}");
    }
    assert!(
        matches!(tree.reach(Path::new("out/x")).unwrap(), Reach::InTheWay(at) if at == Path::new("out"))
    );
    assert!(matches!(tree.reach(Path::new("data/x")).unwrap(), Reach::Missing));
    for path in ["..", "data/..", "../outside/secret", "/etc/passwd"] {
        assert!(tree.entry(Path::new(path)).is_err(), "{path}");
    }
    for name in ["..", ".", "", "a/b", "/"] {
        assert!(tree.root.look(OsStr::new(name)).is_err(), "{name}");
    }
}

#[test]
fn everything_below_is_seen_once_and_links_are_not_entered() {
    let project = Project::new();
    project.write("b/c/d", "").write("b/a", "").write("z", "").write("skipped/x", "");
    project.link("../outside", "out").link("b", "inside");
    let mut seen = Vec::new();
    let mut visit = |entry: &Entry, depth: &usize| {
        seen.push(format!("{} {depth}", entry.path().display()));
        Ok((entry.path() != Path::new("skipped")).then_some(depth + 1))
    };
    project.tree().walk(0, &mut visit).unwrap();
    assert_eq!(seen, ["b 0", "inside 0", "out 0", "skipped 0", "z 0", "b/a 1", "b/c 1", "b/c/d 2"]);
}

#[test]
fn files_are_replaced_inside_only_and_nothing_is_left_beside_them() {
    let project = Project::new();
    project.write("real/file", "old").link("real", "folder").link("real/file", "link");
    project.link("../outside/secret", "out").link("../outside", "away");
    let replace = |path: &str| project.tree().replace(Path::new(path), b"new");
    for path in ["link", "folder/file", "made/here/file"] {
        project.write("real/file", "old");
        replace(path).unwrap();
        assert_eq!(project.read(path), text("new"), "{path}");
    }
    assert!(project.at("link").is_symlink() && project.at("folder").is_symlink());
    for path in ["out", "away/secret", "away/new", "../outside/new", "real"] {
        assert!(replace(path).is_err(), "{path}");
    }
    assert_eq!(std::fs::read_to_string(project.outside("secret")).unwrap(), "secret");
    assert_eq!(project.outside("").read_dir().unwrap().count(), 1);
    assert_eq!(project.at("real").read_dir().unwrap().count(), 1);
}

#[test]
fn what_a_killed_program_left_is_swept_and_what_is_in_use_is_not() {
    let project = Project::new();
    let tree = project.tree();
    let left = format!("{TEMPORARY}0123");
    project.write(&left, "half");
    let mut in_use = tree.root.temporary(0o600).unwrap();
    std::io::Write::write_all(in_use.file(), b"whole").unwrap();
    tree.replace(Path::new("other"), b"").unwrap();
    assert!(!project.at(&left).exists());
    in_use.persist(OsStr::new("file")).unwrap();
    assert_eq!(project.read("file"), text("whole"));
    drop(tree.root.temporary(0o600).unwrap());
    assert_eq!(project.at("").read_dir().unwrap().count(), 2);
}

/// Ends the other thread, also when this one fails.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// As a session does it that knows when its files are read: as fast as it can, `data` is a
/// folder and then a link out of the project.
#[test]
fn a_folder_that_is_swapped_for_a_link_again_and_again_never_leads_out() {
    let project = Project::new();
    project.write("data/secret", "public").write("spare", "");
    std::fs::remove_file(project.at("spare")).unwrap();
    let (ended, reads) = (AtomicBool::new(false), 3000);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                std::fs::rename(project.at("data"), project.at("spare")).unwrap();
                symlink("../outside", project.at("data")).unwrap();
                std::fs::remove_file(project.at("data")).unwrap();
                std::fs::rename(project.at("spare"), project.at("data")).unwrap();
            }
        });
        let _ending = Ending(&ended);
        let tree = project.tree();
        let (mut followed, mut exact, mut walked) = (0, 0, 0);
        let path = Path::new("data/secret");
        let check = |file: File, count: &mut usize| {
            assert_ne!(std::io::read_to_string(file).unwrap(), "secret");
            *count += 1;
        };
        for round in 0..reads {
            if let Ok(Some(file)) = tree.open_regular(path) {
                check(file, &mut followed);
            }
            if let Ok(Some(entry)) = tree.entry(path)
                && let Ok(Some(file)) = entry.open()
            {
                check(file, &mut exact);
            }
            if round % 10 == 0 {
                let _ = tree.walk((), &mut |entry: &Entry, ()| {
                    if entry.seen().kind == Kind::File
                        && let Some(file) = entry.open()?
                    {
                        check(file, &mut walked);
                    }
                    Ok(Some(()))
                });
            }
            // What is written lands in the folder, or nowhere.
            if let Ok(Reach::Folder(folder)) = tree.reach(Path::new("data")) {
                folder.temporary(0o600).unwrap().persist(OsStr::new("new")).unwrap();
            }
        }
        assert!(followed > 0 && exact > 0 && walked > 0, "{followed} {exact} {walked}");
    });
    assert_eq!(project.outside("").read_dir().unwrap().count(), 1);
}
