//! The files of a repository: HEAD, references, configuration, `.git` that is a file. Input:
//! their contents, divided by zero bytes.

use std::fs;
use std::path::Path;

use renku_session_project::Project;

use super::parts;

/// In the order of the input.
const FILES: [&str; 5] = ["HEAD", "packed-refs", "refs/heads/main", "config", "commondir"];

pub(super) fn check(bytes: &[u8]) {
    let place = tempfile::tempdir().expect("a folder");
    let (root, mut parts) = (place.path().join("project"), parts(bytes));
    fs::create_dir(&root).expect("a folder");
    let folder = root.join(".git");
    match parts.next() {
        Some(file) if !file.is_empty() => fs::write(&folder, file).expect("a file"),
        _ => repository(&folder, parts),
    }
    let Ok(project) = Project::locate(&root) else { return };
    assert!(!project.name().is_empty(), "a project without a name");
    let slug = project.slug();
    let is_plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    assert!(!slug.is_empty() && slug.len() <= 30 && slug.chars().all(is_plain), "{slug}");
    if let Ok(Some(commit)) = project.commit() {
        assert!(commit.bytes().all(|it| it.is_ascii_hexdigit()), "{commit}");
    }
    if let Ok(Some(branch)) = project.branch() {
        assert!(!branch.contains("..") && !branch.starts_with('/'), "{branch}");
    }
}

fn repository<'a>(folder: &Path, parts: impl Iterator<Item = &'a [u8]>) {
    for inner in ["objects", "refs/heads"] {
        fs::create_dir_all(folder.join(inner)).expect("a folder");
    }
    for (name, content) in FILES.into_iter().zip(parts) {
        if !content.is_empty() || name == "HEAD" {
            fs::write(folder.join(name), content).expect("a file");
        }
    }
}
