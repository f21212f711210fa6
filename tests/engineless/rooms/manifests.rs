//! What the manifests of the rooms import.

use std::collections::{BTreeMap, BTreeSet};

/// What every package of the host is called, but for the program itself.
const PREFIX: &str = "renku-session-";

/// What a room imports.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) room: String,
    pub(super) imports: BTreeSet<String>,
    /// For its tests alone.
    pub(super) for_tests: BTreeSet<String>,
    /// What it uses of others.
    pub(super) libraries: BTreeSet<String>,
}

impl Manifest {
    /// Of the text of a `Cargo.toml`.
    pub(super) fn read(text: &str) -> Self {
        let mut manifest = Self::default();
        let mut section = "";
        for line in text.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('[') {
                section = name.trim_end_matches(']');
                continue;
            }
            let Some((key, value)) = line.split_once('=') else { continue };
            let key = key.trim().trim_matches('"');
            if section == "package" && key == "name" {
                manifest.room = room(value.trim().trim_matches('"'));
            }
            // `web = { package = "renku-session-web" }` imports it, too.
            let renamed = value.split('"').find(|word| word.starts_with(PREFIX));
            let name = renamed.unwrap_or_else(|| key.split('.').next().unwrap());
            // It makes the one file of a component, and is no room.
            let is_library = !name.starts_with(PREFIX) || name == "renku-session-package";
            match section {
                "dependencies" if is_library => {
                    manifest.libraries.insert(name.to_owned());
                }
                _ if is_library => {}
                section if section.ends_with("dev-dependencies") => {
                    manifest.for_tests.insert(room(name));
                }
                section if section.ends_with("dependencies") => {
                    manifest.imports.insert(room(name));
                }
                _ => {}
            }
        }
        manifest
    }
}

fn room(package: &str) -> String {
    package.strip_prefix(PREFIX).unwrap_or("cli").to_owned()
}

/// The table of rooms: `` | `web` | `domain`, `files` | … | ``.
pub(super) fn table(document: &str) -> BTreeMap<String, BTreeSet<String>> {
    let rows = document.lines().skip_while(|line| !line.starts_with("| room | imports |")).skip(2);
    let row = |line: &str| {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        let quoted = |cell: &str| -> BTreeSet<String> {
            cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
        };
        let (room, imports) = (cells.next().unwrap(), cells.next().unwrap());
        (room.trim_matches('`').to_owned(), quoted(imports))
    };
    rows.take_while(|line| line.starts_with('|')).map(row).collect()
}

/// What the manifests import against the table, and rooms without a row.
pub(super) fn against(
    table: &BTreeMap<String, BTreeSet<String>>,
    manifests: &[Manifest],
) -> Vec<String> {
    let mut wrong = Vec::new();
    for Manifest { room, imports, for_tests, .. } in manifests {
        let Some(allowed) = table.get(room) else {
            wrong.push(format!("{room} has no row"));
            continue;
        };
        for other in imports.difference(allowed) {
            wrong.push(format!("{room} → {other}"));
        }
        for other in for_tests.difference(allowed).filter(|other| *other != "testing") {
            wrong.push(format!("{room} → {other} (in tests)"));
        }
    }
    wrong
}
