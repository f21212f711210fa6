//! Nobody names an engine but the rooms of engines: what a person types for one, and what it
//! is called, are its own words. Other engines could not serve in their place otherwise.

use super::{files, host};

/// The rooms that name engines.
const ENGINES: [&str; 2] = ["engines/docker/", "engines/choice/"];

/// Where an engine's name is right elsewhere: the file, what the line holds, and why.
const REASONS: &[(&str, &str, &str)] = &[
    (
        "cli/src/engine_options.rs",
        "those of `docker run`",
        "user documentation: the options are that command's",
    ),
    ("engines/store/", "`docker save", "the archive's form, called by the command that writes it"),
];

/// The text of the string literals in a line of code; nothing of comments and attributes.
fn literals(line: &str) -> String {
    let line = line.trim_start();
    if line.starts_with("//") || line.starts_with("#[") {
        return String::new();
    }
    // A string that goes on over lines has no quotes in its middle, and one at an end.
    match line.matches('"').count() {
        odd if odd % 2 == 1 => line.to_owned(),
        even if even > 0 => line.split('"').skip(1).step_by(2).collect::<Vec<_>>().join("\n"),
        _ if line.contains([';', '{', '}', '(', ')', ',']) => String::new(),
        _ => line.to_owned(),
    }
}

fn names_an_engine(text: &str) -> bool {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    ["docker ", "podman "].iter().any(|command| text.contains(command))
        || words.into_iter().any(|word| word == "Docker" || word == "Podman")
}

/// The lines of a file, up to its tests, that name an engine without a reason.
fn named<'a>(file: &str, text: &'a str) -> Vec<&'a str> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let allowed = |line: &str| {
        REASONS.iter().any(|(place, words, _)| file.starts_with(place) && line.contains(words))
    };
    code.lines().filter(|line| names_an_engine(&literals(line)) && !allowed(line)).collect()
}

#[test]
fn no_room_above_the_engines_names_one() {
    let all = files(&host(), ".rs");
    let mut found = Vec::new();
    for (file, text) in &all {
        let is_engine = ENGINES.iter().any(|room| file.starts_with(room));
        let is_test =
            file.contains("/tests/") || file.ends_with("tests.rs") || file.ends_with("testing.rs");
        if !is_engine && !is_test && !file.contains("templates/") {
            found.extend(named(file, text).iter().map(|line| format!("{file}: {}", line.trim())));
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_name_is_found_in_what_people_read_alone() {
    let text = "//! Like Docker.\nlet a = format!(\"run `docker rm -f {name}`\"); // Docker\n\
                let b = \"docker\";\nlet c = \"a \\\n    Podman engine\";\n\
                #[cfg(test)]\nlet d = \"docker pull\";\n";
    let expected =
        ["let a = format!(\"run `docker rm -f {name}`\"); // Docker", "    Podman engine\";"];
    assert_eq!(named("cli/src/a.rs", text), expected);
    assert!(named("engines/store/src/a.rs", "\"`docker save` wrote it\"").is_empty());
}
