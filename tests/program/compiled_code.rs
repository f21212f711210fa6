//! Compiled code is a cache, and only what we alone can write is run.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use support::{Context, Project, Run, fixture};

#[track_caller]
fn ls(project: &Project<'_>, cache: &Path) -> Run {
    project
        .renku(&["session", "ls", "-p", &fixture("hibernating")])
        .env("RENKU_CACHE_DIR", cache)
        .run()
        .success()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn it_is_kept_where_only_its_user_can_write() {
    let context = Context::new();
    let project = context.project("analysis");
    let cache = context.folder().join("cache");
    let run = ls(&project, &cache);
    assert_eq!(run.stderr, "");
    assert!(!files(&cache).is_empty());
    let mode = cache.join("compiled").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn a_directory_that_others_can_write_to_is_refused_and_the_command_works() {
    let context = Context::new();
    let project = context.project("analysis");
    let cache = context.folder().join("cache");
    let compiled = cache.join("compiled");
    fs::create_dir_all(&compiled).unwrap();
    fs::set_permissions(&compiled, fs::Permissions::from_mode(0o777)).unwrap();
    let run = ls(&project, &cache);
    assert!(run.stdout.contains("hibernating-1"), "{}", run.stdout);
    assert!(run.stderr.contains("others can write to"), "{}", run.stderr);
    assert_eq!(files(&cache), Vec::<PathBuf>::new());
}

#[test]
fn a_damaged_entry_is_compiled_anew() {
    let context = Context::new();
    let project = context.project("analysis");
    let cache = context.folder().join("cache");
    let first = ls(&project, &cache);
    for damage in [&b"garbage"[..], b"", b"\x7fELF\x02\x01\x01"] {
        for file in files(&cache) {
            fs::write(file, damage).unwrap();
        }
        let again = ls(&project, &cache);
        assert_eq!((again.stdout, again.stderr), (first.stdout.clone(), first.stderr.clone()));
    }
}

#[test]
fn without_a_place_for_it_the_command_works() {
    let context = Context::new();
    let project = context.project("analysis");
    let file = context.folder().join("file");
    fs::write(&file, "").unwrap();
    let run = ls(&project, &file.join("cache"));
    assert!(run.stdout.contains("hibernating-1"), "{}", run.stdout);
}
