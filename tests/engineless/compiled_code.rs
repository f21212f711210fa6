//! Compiled code is a cache, and only what we alone can write is run.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
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
    let context = Context::without_engine();
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
    let context = Context::without_engine();
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

/// Lists, spoils the entry, lists again with `-vv`: the answer must be the same and the
/// entry sound again. Returns the log.
#[track_caller]
fn compiled_anew(spoil: impl FnOnce(&Path)) -> String {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let cache = context.folder().join("cache");
    let first = ls(&project, &cache);
    let entry = files(&cache).remove(0);
    spoil(&entry);
    let again = project
        .renku(&["session", "ls", "-vv", "-p", &fixture("hibernating")])
        .env("RENKU_CACHE_DIR", &cache)
        .run()
        .success();
    assert_eq!(again.stdout, first.stdout);
    let third = ls(&project, &cache);
    assert_eq!((third.stdout, third.stderr), (first.stdout, first.stderr));
    let metadata = fs::symlink_metadata(&entry).unwrap();
    assert!(metadata.is_file());
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    assert_eq!(metadata.uid(), cache.metadata().unwrap().uid());
    again.stderr
}

#[test]
fn a_damaged_entry_is_compiled_anew() {
    let flipped = |at: fn(usize) -> usize| {
        move |entry: &Path| {
            let mut bytes = fs::read(entry).unwrap();
            let at = at(bytes.len());
            bytes[at] ^= 1;
            // As a disk does it, without telling the file system.
            let modified = entry.metadata().unwrap().modified().unwrap();
            fs::write(entry, bytes).unwrap();
            fs::File::options().write(true).open(entry).unwrap().set_modified(modified).unwrap();
        }
    };
    for said in [
        compiled_anew(|entry| fs::write(entry, b"garbage").unwrap()),
        compiled_anew(|entry| fs::write(entry, b"").unwrap()),
        compiled_anew(|entry| {
            let bytes = fs::read(entry).unwrap();
            fs::write(entry, &bytes[..bytes.len() / 2]).unwrap();
        }),
        compiled_anew(flipped(|_| 40)),
        compiled_anew(flipped(|length| length / 4)),
        compiled_anew(flipped(|length| length / 2)),
        compiled_anew(flipped(|length| length - 100)),
        compiled_anew(flipped(|length| length - 1)),
    ] {
        assert!(said.contains("is not used: it is damaged"), "{said}");
    }
}

#[test]
fn an_entry_that_others_can_write_to_is_compiled_anew() {
    let said = compiled_anew(|entry| {
        fs::set_permissions(entry, fs::Permissions::from_mode(0o660)).unwrap();
    });
    assert!(said.contains("is not used: others can write to it"), "{said}");
}

#[test]
fn an_entry_of_somebody_else_is_compiled_anew() {
    // As root, which tests run as: another user's file in a directory of ours.
    let said = compiled_anew(|entry| std::os::unix::fs::chown(entry, Some(1234), None).unwrap());
    assert!(said.contains("is not used: it is not your own file"), "{said}");
}

#[test]
fn a_link_to_an_entry_is_compiled_anew() {
    let elsewhere = tempfile::NamedTempFile::new().unwrap();
    let said = compiled_anew(|entry| {
        fs::copy(entry, elsewhere.path()).unwrap();
        fs::remove_file(entry).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), entry).unwrap();
    });
    assert!(said.contains("is not used: it is not your own file"), "{said}");
}

#[test]
fn without_a_place_for_it_the_command_works() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let file = context.folder().join("file");
    fs::write(&file, "").unwrap();
    let run = ls(&project, &file.join("cache"));
    assert!(run.stdout.contains("hibernating-1"), "{}", run.stdout);
}
