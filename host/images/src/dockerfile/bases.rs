//! The images that a Dockerfile begins from, as far as they are images of an engine or a
//! registry and can be named without building.

use std::collections::{BTreeMap, BTreeSet};

/// Their names as they are written, ascending, with the values of arguments in them.
pub(super) fn bases(
    instructions: &[String],
    arguments: &BTreeMap<String, String>,
) -> BTreeSet<String> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut stages = BTreeSet::new();
    let mut bases = BTreeSet::new();
    let mut is_before_from = true;
    for instruction in instructions {
        let mut words = instruction.split_whitespace();
        let keyword = words.next().unwrap_or_default().to_ascii_uppercase();
        match keyword.as_str() {
            // Only those before the first FROM are known to one.
            "ARG" if is_before_from => {
                for word in words {
                    let (name, value) = word.split_once('=').unwrap_or((word, ""));
                    let value = arguments.get(name).map_or_else(
                        || filled(value.trim_matches(['"', '\'']), &known).unwrap_or_default(),
                        Clone::clone,
                    );
                    known.insert(name.to_owned(), value);
                }
            }
            "FROM" => {
                is_before_from = false;
                let words: Vec<&str> = words.filter(|word| !word.starts_with("--")).collect();
                let name = words.first().and_then(|name| filled(name, &known));
                if let Some(name) = name.filter(|name| {
                    !name.is_empty() && name != "scratch" && !stages.contains(&name.to_lowercase())
                }) {
                    bases.insert(name);
                }
                if let [_, between, stage, ..] = words.as_slice()
                    && between.eq_ignore_ascii_case("as")
                {
                    stages.insert(stage.to_lowercase());
                }
            }
            _ => {}
        }
    }
    bases
}

/// `$NAME`, `${NAME}` and `${NAME:-default}` filled in; none: only the builder can.
fn filled(text: &str, known: &BTreeMap<String, String>) -> Option<String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        filled.push_str(before);
        let (name, default, after) = match after.strip_prefix('{') {
            Some(inside) => {
                let (inside, after) = inside.split_once('}')?;
                let (name, default) = inside.split_once(":-").unwrap_or((inside, ""));
                (name, default, after)
            }
            None => {
                let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let end = after.find(|c| !is_part(c)).unwrap_or(after.len());
                let (name, after) = after.split_at_checked(end)?;
                (name, "", after)
            }
        };
        match known.get(name).filter(|value| !value.is_empty()) {
            Some(value) => filled.push_str(value),
            None if !default.is_empty() => filled.push_str(default),
            None => return None,
        }
        rest = after;
    }
    filled.push_str(rest);
    Some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let arguments = BTreeMap::from([("TAG".to_owned(), "2".to_owned())]);
        bases(&lines, &arguments).into_iter().collect()
    }

    #[test]
    fn stages_and_nothing_are_no_images() {
        assert_eq!(
            found("FROM --platform=linux/amd64 a:1 AS build\nFROM scratch\nfrom Build\nFROM b"),
            ["a:1", "b"]
        );
    }

    #[test]
    fn arguments_before_the_first_image_count() {
        assert_eq!(found("ARG TAG=1\nARG NAME=x\nFROM $NAME:${TAG}"), ["x:2"]);
        assert_eq!(found("FROM ${NONE:-y}:1"), ["y:1"]);
        assert_eq!(found("FROM a\nARG NAME=x\nFROM $NAME"), ["a"], "only the builder knows");
    }
}
