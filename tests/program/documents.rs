//! What the documents name is there: tests, files, and every row of the table of
//! features.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn document(name: &str) -> String {
    std::fs::read_to_string(root().join("docs").join(name)).unwrap()
}

/// Every Rust file of the tree, by its path.
fn sources() -> BTreeMap<String, String> {
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
            let (file, test) = name.split_once("::").unwrap_or((name, ""));
            let nearby = format!("tests/program/{file}");
            let found = sources.get(&nearby).or_else(|| sources.get(file));
            if !found.is_some_and(|source| has_test(source, test)) {
                wrong.push(format!("row {number}: {name}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_source_that_the_security_table_names_exists() {
    let sources = sources();
    let text = document("security.md");
    let wrong: Vec<&str> = quoted(&text)
        .filter(|name| name.ends_with(".rs"))
        .filter(|name| {
            !sources.keys().any(|path| format!("/{path}").ends_with(&format!("/{name}")))
        })
        .collect();
    assert_eq!(wrong, Vec::<&str>::new());
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
