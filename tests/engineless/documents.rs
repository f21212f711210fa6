//! What the documents name is there: tests, files, and every row of the table of
//! features.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn document(name: &str) -> String {
    std::fs::read_to_string(root().join("docs").join(name)).unwrap()
}

/// Every Rust file of the tree, by its path.
pub(crate) fn sources() -> BTreeMap<String, String> {
    let root = root();
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> =
        ["host", "components", "tests", "xtask"].iter().map(|room| root.join(room)).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                found.insert(name, std::fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

/// What stands between backticks in a text.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Whether `text` has a test of this name: the attribute may have others below it.
fn has_test(text: &str, name: &str) -> bool {
    let function = format!("fn {name}(");
    text.find(&function).is_some_and(|place| {
        let before = text.get(..place).unwrap_or_default();
        let lines = before.trim_end().lines().rev().take_while(|line| !line.trim().is_empty());
        lines.take(6).any(|line| line.contains("test]") || line.contains("::test("))
    })
}

/// Whether there is this test, `file.rs::name`: in a folder of whole-program tests (one
/// behaviour may have a file in both), or at a path.
pub(crate) fn is_test(sources: &BTreeMap<String, String>, test: &str) -> bool {
    let (file, name) = test.split_once("::").unwrap_or((test, ""));
    let places = ["tests/engineless/", "tests/program/", "tests/authors/", ""];
    let found = places.iter().filter_map(|place| sources.get(&format!("{place}{file}")));
    found.into_iter().any(|source| has_test(source, name))
}

#[test]
fn every_row_of_the_features_has_a_test_that_exists() {
    let sources = sources();
    let text = document("features.md");
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| #"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    let numbers: Vec<String> = rows.iter().map(|row| row[0].to_owned()).collect();
    assert_eq!(numbers, (1..=52).map(|number| number.to_string()).collect::<Vec<_>>());

    let mut wrong = Vec::new();
    for row in &rows {
        let [number, _, _, _, shown_by] = row[..] else { panic!("not five columns: {row:?}") };
        // A dash says in words why there is nothing to test.
        if shown_by.starts_with("– ") {
            continue;
        }
        let names: Vec<&str> = quoted(shown_by).collect();
        assert!(!names.is_empty(), "row {number} names no test");
        for name in names {
            if !is_test(&sources, name) {
                wrong.push(format!("row {number}: {name}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_source_that_the_security_table_and_contributing_name_exists() {
    let sources = sources();
    let contributing = std::fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let security = document("security.md");
    let wrong: Vec<&str> = quoted(&security)
        .chain(quoted(&contributing))
        .filter(|name| name.ends_with(".rs"))
        .filter(|name| {
            !sources.keys().any(|path| format!("/{path}").ends_with(&format!("/{name}")))
        })
        .collect();
    assert_eq!(wrong, Vec::<&str>::new());
}

/// Folders and files as somebody would open them from the root of the tree.
#[test]
fn every_path_that_contributing_names_exists() {
    let text = std::fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let tops = ["wit/", "host/", "components/", "tests/", "xtask/", "docs/", ".ci/"];
    let paths = quoted(&text).filter(|word| tops.iter().any(|top| word.starts_with(top)));
    let (there, gone): (Vec<&str>, Vec<&str>) = paths.partition(|path| root().join(path).exists());
    assert_eq!(gone, Vec::<&str>::new());
    assert!(there.len() > 10, "{there:?}");
}

/// The way of one start: a list of steps, each in the files of one room.
#[test]
fn every_step_of_a_start_has_its_files_and_goes_back_to_a_room_once_at_most() {
    let architecture = document("architecture.md");
    let (_, way) = architecture.split_once("## One `session start`, step by step").unwrap();
    let (way, _) = way.split_once("\n## ").unwrap();
    let (mut wrong, mut rooms) = (Vec::new(), Vec::new());
    for line in way.lines() {
        let step = line.trim_start_matches(|it: char| it.is_ascii_digit());
        if let Some((room, _)) = step.strip_prefix(". **`").and_then(|rest| rest.split_once('`')) {
            rooms.push(room);
        }
        let engines = format!("engines/{}", rooms.last().unwrap_or(&""));
        let folders = rooms.last().map(|room| [*room, engines.as_str()]).into_iter().flatten();
        let places: Vec<_> =
            folders.map(|folder| root().join("host").join(folder).join("src")).collect();
        let is_path = |word: &&str| word.ends_with(".rs") || word.ends_with('/');
        for path in quoted(line).filter(is_path).filter(|_| !places.is_empty()) {
            let there = places.iter().any(|place| place.join(path).exists());
            if !there && !root().join(path).exists() {
                wrong.push(format!("{}: {path}", rooms.last().unwrap()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(rooms.len() > 8, "{rooms:?}");
    let often: Vec<&&str> =
        rooms.iter().filter(|room| rooms.iter().filter(|it| it == room).count() > 2).collect();
    assert_eq!(often, Vec::<&&str>::new());
}

#[test]
fn no_document_links_to_a_file_that_is_not_there() {
    let folder = root().join("docs");
    let mut wrong = Vec::new();
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    for file in files.filter(|file| file.extension().is_some_and(|ext| ext == "md")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            if !path.is_empty() && !path.contains("://") && !folder.join(path).exists() {
                wrong.push(format!("{}: {link}", file.display()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// What opens a file or changes a folder by a path.
const OPENERS: [&str; 21] = [
    "File::open",
    "File::create",
    "File::options",
    "OpenOptions::new",
    "DirBuilder::new",
    "fs::read",
    "fs::write",
    "fs::copy",
    "fs::rename",
    "fs::remove_",
    "fs::create_dir",
    "fs::set_permissions",
    "fs::hard_link",
    "fs::symlink(",
    "tokio::fs",
    ".read_dir(",
    ".read_link(",
    "tempfile_in(",
    "tempdir_in(",
    "make_in(",
    "NamedTempFile::new_in(",
];

/// Who does, and whose files they are. Files of a project are opened by `files` alone: a new
/// row is for files that no project and no session can have put there.
const WHO_OPENS: [(&str, &str); 32] = [
    ("web/http/certificates.rs", "the user's own certificates of a server"),
    ("files/regular.rs", "the room itself"),
    ("files/walk.rs", "the room itself"),
    ("files/lock.rs", "what the kernel says of locks"),
    ("sandbox/compiled/prune.rs", "the cache of compiled code"),
    ("sandbox/compiled/mod.rs", "the cache of compiled code"),
    ("providers/scaffold.rs", "a new folder that its user names"),
    ("providers/signing/key.rs", "the key that its user names"),
    ("providers/mirror/mod.rs", "the folder that its user names"),
    ("providers/pack/metadata.rs", "what its author packs"),
    ("providers/pack/mod.rs", "what its author packs"),
    ("registry/logins.rs", "the user's logins to registries"),
    ("docker/examine.rs", "folders of the system"),
    ("docker/docker_config.rs", "the user's settings of Docker"),
    ("options/caller.rs", "the file that an option names"),
    ("connect/context.rs", "the user's settings of Docker"),
    ("http/kept.rs", "the cache of answers"),
    ("copy/commits.rs", "a private git directory, see git/place.rs"),
    ("git/copy.rs", "the same"),
    ("git/place.rs", "folders that only their user can write"),
    ("git/private.rs", "a private git directory"),
    ("git/publish.rs", "what git made in one"),
    ("output/time_zone.rs", "the time zone of the system"),
    ("signals/ignored.rs", "what the kernel says of this process"),
    ("cli/man.rs", "the folder that its user names"),
    ("provider/pack.rs", "what its author packs"),
    ("provider/push.rs", "the key in the user's settings"),
    ("provider/trust.rs", "the key that its user names"),
    ("origin/script.rs", "what an author tests with"),
    ("memory/kept.rs", "the engine of a test"),
    ("supervisor/inside.rs", "what the kernel says of processes"),
    ("rootless/group.rs", "control groups, which are the kernel's"),
];

/// The code of a file without its tests and comments.
fn code(source: &str) -> String {
    let mut lines = Vec::new();
    let mut source = source.lines().peekable();
    while let Some(line) = source.next() {
        let begins_tests = line.starts_with("#[cfg(") && line.contains("test");
        if begins_tests && source.peek().is_some_and(|next| next.starts_with("mod tests {")) {
            break;
        }
        if !line.trim_start().starts_with("//") {
            lines.push(line);
        }
    }
    lines.join("\n")
}

#[test]
fn no_other_code_opens_paths_of_a_project() {
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for (path, source) in sources() {
        let is_test = ["/tests", "tests.rs", "/testing"].iter().any(|part| path.contains(part));
        if !path.starts_with("host/") || !path.contains("/src/") || is_test {
            continue;
        }
        let code = code(&source);
        let Some(opener) = OPENERS.iter().find(|opener| code.contains(**opener)) else { continue };
        // Rooms move; what a file is called within its room stays.
        let plain = format!("/{}", path.replace("/src/", "/"));
        let known = WHO_OPENS.iter().find(|(name, _)| plain.ends_with(&format!("/{name}")));
        match known {
            Some((name, _)) => {
                used.insert(*name);
            }
            None => wrong.push(format!("{path}: `{opener}`: open it below the project (`files`)")),
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    let unused: Vec<_> = WHO_OPENS.iter().filter(|(name, _)| !used.contains(name)).collect();
    assert_eq!(unused, Vec::<&(&str, &str)>::new(), "these open nothing any more");
}

/// `domain/programs.rs` decides where a program is looked for, where it begins and what it
/// gets of our environment.
#[test]
fn programs_are_started_in_one_place() {
    let mut wrong = Vec::new();
    for (path, source) in sources() {
        let is_test = ["/tests", "tests.rs", "/testing"].iter().any(|part| path.contains(part));
        if !path.starts_with("host/") || is_test || path.ends_with("domain/src/programs.rs") {
            continue;
        }
        let code = code(&source);
        for start in ["Command::new(", "open::that", "open::with"] {
            if code.contains(start) {
                wrong.push(format!("{path}: {start}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// What asks a container engine of this machine, in `tests/support/`.
const ASKS_AN_ENGINE: [&str; 9] = [
    "Context::docker",
    "docker_ok(",
    "docker(&",
    "Foreign::",
    "SmallEngine",
    "EngineProxy",
    "foreign_image",
    "second_docker",
    "podman()",
];

/// What runs a compiler, in `tests/support/`: minutes, and tools that not everybody has.
const COMPILES: [&str; 3] = ["cargo(&", "core_module(", "component(&folder"];

/// The tests of this folder are those that `cargo xtask test --fast` runs.
#[test]
fn no_test_of_this_folder_asks_a_container_engine_or_a_compiler() {
    let mut wrong = Vec::new();
    for (path, source) in sources() {
        if path.starts_with("tests/engineless/") && !path.ends_with("/documents.rs") {
            let asked = ASKS_AN_ENGINE.iter().chain(&COMPILES).filter(|it| source.contains(**it));
            wrong.extend(asked.map(|asked| format!("{path}: {asked}")));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
