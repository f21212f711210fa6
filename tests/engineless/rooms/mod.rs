//! The rooms of the host keep to `docs/architecture.md`: which imports which, how
//! large one is, and that no files of a room go round in a circle.

mod circles;
mod manifests;
mod modules;
mod names;
mod tokens;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use circles::circles;
use manifests::{Manifest, against, table};
use modules::Crate;

/// The most lines of a room, its tests included.
const LINES: usize = 10_000;

/// Rooms that still have to become smaller.
const LARGE: [&str; 0] = [];

/// Libraries that one room alone knows.
const OWN: [(&str, &[&str]); 9] = [
    ("bollard", &["docker"]),
    ("clap", &["cli"]),
    ("hyper", &["docker", "web"]),
    ("minisign", &["providers"]),
    ("oci-client", &["registry"]),
    ("reqwest", &["web"]),
    ("saphyr-parser", &["config"]),
    ("serde_yaml", &["config"]),
    ("wasmtime", &["sandbox"]),
];

fn host() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../host")
}

/// Every file below a folder with this end of its name, by its path from there.
fn files(folder: &Path, end: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(end) {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, std::fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

/// The folders of the rooms. What `provider new` writes is none.
fn rooms() -> Vec<PathBuf> {
    let manifests = files(&host(), "/Cargo.toml");
    let rooms = manifests.keys().filter(|name| !name.contains("templates/"));
    rooms.map(|name| host().join(name.trim_end_matches("/Cargo.toml"))).collect()
}

fn shown(room: &Path) -> String {
    format!("host/{}", room.strip_prefix(host()).unwrap().display())
}

fn manifests() -> Vec<Manifest> {
    let read = |room: &PathBuf| std::fs::read_to_string(room.join("Cargo.toml")).unwrap();
    rooms().iter().map(|room| Manifest::read(&read(room))).collect()
}

#[test]
fn every_room_imports_what_the_architecture_allows() {
    let document = host().join("../docs/architecture.md");
    let table = table(&std::fs::read_to_string(document).unwrap());
    let manifests = manifests();
    assert_eq!(against(&table, &manifests), Vec::<String>::new());
    let without_a_room: Vec<&String> = table
        .keys()
        .filter(|room| manifests.iter().all(|manifest| manifest.room != **room))
        .collect();
    assert_eq!(without_a_room, Vec::<&String>::new());
}

#[test]
fn an_import_against_the_table_is_found() {
    let table = table(
        "| room | imports | what it is |\n|---|---|---|\n\
         | `domain` | – | |\n| `web` | `domain`, `files` | |\n\n| `other` | `table` | |\n",
    );
    let manifest = |text: &str| against(&table, &[Manifest::read(text)]);
    let web = "[package]\nname = \"renku-session-web\"\n[dependencies]\n";
    let fine = format!("{web}renku-session-domain.workspace = true\nurl = \"2\"\n");
    assert_eq!(manifest(&fine), Vec::<String>::new());
    let tests = format!("{fine}[dev-dependencies]\nrenku-session-testing.workspace = true\n");
    assert_eq!(manifest(&tests), Vec::<String>::new());
    let upward = format!("{fine}renku-session-sandbox = {{ path = \"../sandbox\" }}\n");
    assert_eq!(manifest(&upward), ["web → sandbox"]);
    let hidden = format!("{fine}s = {{ package = \"renku-session-sandbox\" }}\n");
    assert_eq!(manifest(&hidden), ["web → sandbox"]);
    let in_tests = format!("{fine}[dev-dependencies]\nrenku-session-sandbox.workspace = true\n");
    assert_eq!(manifest(&in_tests), ["web → sandbox (in tests)"]);
    assert_eq!(manifest("[package]\nname = \"renku-session-new\"\n"), ["new has no row"]);
}

#[test]
fn a_library_that_belongs_to_a_room_is_known_to_no_other() {
    for manifest in manifests().iter().filter(|manifest| manifest.room != "testing") {
        for (library, rooms) in OWN {
            let room = manifest.room.as_str();
            let known = manifest.libraries.contains(library);
            assert!(!known || rooms.contains(&room), "{room} knows {library}");
        }
    }
}

/// Else the tests of one room compile libraries again that the program has. That
/// `workspace-features` lacks none of their features is a test of `xtask`.
#[test]
fn the_tests_of_every_room_ask_for_the_libraries_of_all() {
    let manifests = manifests();
    let testing = manifests.iter().find(|manifest| manifest.room == "testing").unwrap();
    assert!(testing.libraries.contains("workspace-features"), "{:?}", testing.libraries);
    for manifest in manifests.iter().filter(|manifest| manifest.room != "testing") {
        assert!(manifest.for_tests.contains("testing"), "{}", manifest.room);
    }
}

#[test]
fn no_room_is_too_large_to_know() {
    let lines = |room: &Path| -> usize {
        let files = files(room, ".rs");
        let own = files.iter().filter(|(name, _)| !name.starts_with("templates/"));
        own.map(|(_, text)| text.lines().count()).sum()
    };
    let large: Vec<String> =
        rooms().iter().filter(|room| lines(room) > LINES).map(|room| shown(room)).collect();
    assert_eq!(large, LARGE);
}

/// A circle: the folder of all its files, and their paths from there.
fn in_words(room: &str, circle: &[String]) -> String {
    let mut folder = String::new();
    for part in circle[0].split('/') {
        let longer = format!("{folder}{part}/");
        if !circle.iter().all(|file| file.starts_with(&longer)) {
            break;
        }
        folder = longer;
    }
    let names: Vec<&str> = circle.iter().map(|file| &file[folder.len()..]).collect();
    format!("{room}/src/{folder}: {}", names.join(" "))
}

#[test]
fn no_files_of_a_room_go_round_in_a_circle() {
    let mut found = Vec::new();
    for room in rooms() {
        let sources = files(&room.join("src"), ".rs");
        let circles = circles(&Crate::read(&sources).arrows());
        found.extend(circles.iter().map(|circle| in_words(&shown(&room), circle)));
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// The circles of a crate of these files.
fn circles_of(sources: &[(&str, &str)]) -> Vec<Vec<String>> {
    let sources = sources.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    circles(&Crate::read(&sources.collect()).arrows())
}

#[test]
fn a_circle_of_files_is_found() {
    let found = circles_of(&[
        ("lib.rs", "mod a;\nmod b;\nmod c;\npub use b::{B, inner::Deep};\n"),
        ("a.rs", "use crate::{B as Other};\npub struct A(Other);\n"),
        ("b/mod.rs", "pub mod inner;\nuse super::c;\npub struct B;\nfn f() { c::call::<u8>() }\n"),
        ("b/inner.rs", "pub struct Deep;\n"),
        ("c.rs", "use crate::*;\npub fn call<T>() -> Deep { let _ = a::A; }\n"),
    ]);
    assert_eq!(found, [["a.rs", "b/mod.rs", "c.rs"]]);
}

#[test]
fn a_trait_that_is_used_without_its_name_is_an_arrow() {
    let found = circles_of(&[
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::Act as _; pub struct A;"),
        ("b.rs", "pub trait Act {} impl Act for super::a::A {}"),
    ]);
    assert_eq!(found, [["a.rs", "b.rs"]]);
}

#[test]
fn a_module_is_told_from_a_function_of_its_name() {
    let found = circles_of(&[
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod b;\nmod name;\npub fn name(_: b::B) {}"),
        ("a/b.rs", "use super::name::Name;\npub struct B(Name);"),
        ("a/name.rs", "pub struct Name;"),
    ]);
    assert_eq!(found, Vec::<Vec<String>>::new());
}

#[test]
fn declarations_exports_and_tests_are_no_arrows() {
    let found = circles_of(&[
        ("lib.rs", "pub mod a;\nmod tests_of_b;\npub use a::A;\npub struct Root;\n"),
        (
            "a.rs",
            "//! See [`crate::b::B`].\npub struct A(crate::Root);\n\
             const TEXT: &str = r#\"crate::b::B\"#; const MARK: char = '\"';\n\
             #[cfg(test)]\nmod tests { use crate::b::B; }\n#[cfg(test)]\nmod more;\n",
        ),
        ("a/more.rs", "use crate::b::B; fn f(_: B) {}"),
        ("b.rs", "use crate::a::A;\npub struct B(A);\n"),
        ("tests_of_b.rs", "// crate::b::B\n"),
    ]);
    assert_eq!(found, Vec::<Vec<String>>::new());
}

#[test]
fn a_module_with_files_of_its_own_is_a_folder_with_a_file_mod() {
    let root = host().join("..");
    let mut wrong = Vec::new();
    for part in ["host", "xtask", "tests", "components"] {
        let all = files(&root.join(part), ".rs");
        for (name, text) in &all {
            let folder = format!("{}/", name.trim_end_matches(".rs"));
            if all.keys().any(|other| other.starts_with(&folder)) {
                wrong.push(format!("{part}/{name}"));
            }
            if text.lines().any(|line| line.trim_start().starts_with("#[path")) {
                wrong.push(format!("{part}/{name}: `path`"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
