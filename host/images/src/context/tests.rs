//! What the engine is sent of a project.

use std::io::Read as _;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::*;

/// Path, type and mode, link or content of every entry.
fn entries(root: &Path, dockerfile: &str) -> Vec<String> {
    let tree = ProjectTree::open(root).expect("tree");
    let ignore = IgnoreFile::read(&tree, dockerfile).expect("rules");
    let mut bytes = Vec::new();
    write_archive(&tree, &ignore, &mut bytes).expect("archive");
    tar::Archive::new(bytes.as_slice())
        .entries()
        .expect("entries")
        .map(|entry| {
            let mut entry = entry.expect("entry");
            let path = entry.path().expect("path").display().to_string();
            let link = entry.link_name().expect("link").map(|link| link.display().to_string());
            let header = entry.header().clone();
            assert_eq!((header.uid().ok(), header.gid().ok()), (Some(0), Some(0)));
            let mut content = String::new();
            entry.read_to_string(&mut content).expect("content");
            let path = path.trim_end_matches('/');
            match header.entry_type() {
                tar::EntryType::Directory => format!("{path}/"),
                tar::EntryType::Symlink => format!("{path} -> {}", link.unwrap_or_default()),
                _ => format!("{path} {:o} {content:?}", header.mode().expect("mode")),
            }
        })
        .collect()
}

fn write(path: &Path, content: &str, mode: u32) {
    std::fs::create_dir_all(path.parent().expect("parent")).expect("mkdir");
    std::fs::write(path, content).expect("write");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("chmod");
}

#[test]
fn files_links_and_modes_are_sent_and_ignored_ones_are_not() {
    let root = tempfile::tempdir().expect("tempdir");
    let at = |path: &str| root.path().join(path);
    write(&at("Dockerfile"), "FROM scratch\n", 0o644);
    write(&at("bin/run"), "#!/bin/sh\n", 0o755);
    write(&at("data/big"), "x", 0o644);
    write(&at("data/keep"), "y", 0o644);
    write(&at(".git/HEAD"), "ref", 0o644);
    write(&at(".dockerignore"), "data\n!data/keep\nDockerfile\n", 0o644);
    symlink("../outside", at("link")).expect("symlink");
    drop(std::os::unix::net::UnixListener::bind(at("socket")).expect("socket"));
    assert_eq!(
        entries(root.path(), "Dockerfile"),
        [
            ".dockerignore 644 \"data\\n!data/keep\\nDockerfile\\n\"",
            ".git/",
            "Dockerfile 644 \"FROM scratch\\n\"",
            "bin/",
            "link -> ../outside",
            ".git/HEAD 644 \"ref\"",
            "bin/run 755 \"#!/bin/sh\\n\"",
            "data/keep 644 \"y\"",
        ]
    );
}

#[test]
fn long_paths_survive() {
    let root = tempfile::tempdir().expect("tempdir");
    let long = format!("{}/{}", "d".repeat(120), "f".repeat(120));
    write(&root.path().join(&long), "x", 0o644);
    assert_eq!(
        entries(root.path(), "Dockerfile"),
        [format!("{}/", "d".repeat(120)), format!("{long} 644 \"x\"")]
    );
}

#[tokio::test]
async fn a_reader_that_goes_away_stops_the_reading_without_an_error() {
    let root = tempfile::tempdir().expect("tempdir");
    write(&root.path().join("big"), &"x".repeat(PIECE * WAITING * 4), 0o644);
    let tree = ProjectTree::open(root.path()).expect("tree");
    let mut context = Context::send(tree, IgnoreFile::default());
    drop(context.stream());
    context.finish().await.expect("no error");
}
