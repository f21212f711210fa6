//! What may follow a release, and what is noticed.

use std::fs;
use std::path::Path;

use super::released::{FILE, Sums};
use super::*;

const CONTRACT: &str = "
package renku:session@0.1.0;
interface types { enum kind { one, two } record session { name: string } }
interface engine { use types.{session}; find: func() -> list<session>; }
interface provider { use types.{kind}; look: func() -> kind; }
world session-provider { import engine; export provider; }
";

/// A workspace that released `CONTRACT` as 0.1.0 and has `current` in force.
fn workspace(current: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("wit/released/0.1.0/all.wit", CONTRACT);
    write("tests/fixtures/released/0.1.0/recording.wasm", "a component");
    write("wit/v0.1/all.wit", current);
    let sums = Sums::of(folder.path(), &[RELEASED, COMPONENTS]).unwrap();
    sums.write(&folder.path().join(RELEASED).join(FILE)).unwrap();
    folder
}

fn verdict(current: &str) -> Result<(), String> {
    check(workspace(current).path()).map_err(|error| format!("{error:#}"))
}

fn next(from: &str, to: &str) -> String {
    assert!(CONTRACT.contains(from));
    CONTRACT.replace("@0.1.0", "@0.1.1").replace(from, to)
}

#[test]
fn the_released_contract_may_stay_as_it_is() {
    assert_eq!(verdict(CONTRACT), Ok(()));
}

#[test]
fn a_changed_contract_needs_another_number() {
    let changed = CONTRACT.replace("world session-provider", "/// New.\nworld session-provider");
    assert_eq!(
        verdict(&changed),
        Err("the contract differs from 0.1.0, which was released: give it the next number".into())
    );
}

#[test]
fn new_functions_and_interfaces_to_import_are_compatible() {
    let function = "find: func() -> list<session>; stop: func(name: string);";
    assert_eq!(verdict(&next("find: func() -> list<session>;", function)), Ok(()));
    let interface =
        "interface http { get: func() -> string; }\nworld session-provider { import http;";
    assert_eq!(verdict(&next("world session-provider {", interface)), Ok(()));
}

#[test]
fn what_would_break_a_compiled_provider_needs_a_new_track() {
    for (from, to) in [
        ("enum kind { one, two }", "enum kind { one, two, three }"),
        ("record session { name: string }", "record session { name: string, age: option<u32> }"),
        ("look: func() -> kind;", "look: func() -> kind; pause: func();"),
        ("find: func() -> list<session>;", "find: func(all: bool) -> list<session>;"),
    ] {
        let error = verdict(&next(from, to)).unwrap_err();
        let begin = "the world `session-provider` of 0.1.1 is not compatible with 0.1.0: this needs \
                     a new track: ";
        assert!(error.starts_with(begin), "{to}: {error}");
    }
    let gone = next("world session-provider", "world provider-of-sessions");
    assert_eq!(
        verdict(&gone).unwrap_err(),
        "the world `session-provider` of 0.1.0 is gone in 0.1.1"
    );
}

#[test]
fn a_new_track_is_free() {
    let track = CONTRACT.replace("@0.1.0", "@0.2.0").replace("one, two", "one");
    assert_eq!(verdict(&track), Ok(()));
}

#[test]
fn released_files_are_never_edited_added_or_removed() {
    let edit = |change: fn(&Path)| {
        let folder = workspace(CONTRACT);
        change(folder.path());
        check(folder.path()).unwrap_err().to_string()
    };
    assert_eq!(
        edit(|root| fs::write(root.join("wit/released/0.1.0/all.wit"), "").unwrap()),
        "what was released never changes: `wit/released/0.1.0/all.wit` was changed"
    );
    assert_eq!(
        edit(|root| fs::write(root.join("wit/released/0.1.0/more.wit"), "").unwrap()),
        "what was released never changes: `wit/released/0.1.0/more.wit` was added"
    );
    assert_eq!(
        edit(|root| {
            fs::remove_file(root.join("tests/fixtures/released/0.1.0/recording.wasm")).unwrap();
        }),
        "what was released never changes: `tests/fixtures/released/0.1.0/recording.wasm` was removed"
    );
}

#[test]
fn the_contract_of_this_tree_keeps_its_promise() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    check(root).unwrap();
}
