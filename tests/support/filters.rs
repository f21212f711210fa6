//! Replaces what differs from run to run.

use std::path::Path;

use regex_lite::Regex;

/// The text with folders, ports, names, times, tokens and ids replaced.
#[must_use]
pub fn filter(text: &str, folder: &Path) -> String {
    let mut text = text.to_owned();
    let canonical = folder.canonicalize().unwrap_or_else(|_| folder.into());
    for folder in [&canonical, folder] {
        let root = regex_escape(&folder.display().to_string());
        text = replace(&text, &format!(r"{root}/p[A-Za-z0-9]{{6}}"), "[PROJECTS]");
        text = replace(&text, &root, "[TEST]");
    }
    let fixtures = regex_escape(&crate::fixtures().display().to_string());
    text = replace(&text, &fixtures, "[FIXTURES]");
    for name in projects(&canonical) {
        text = replace(&text, &format!(r"\b{name}-[a-z0-9]{{5}}\b"), &format!("{name}-[ID]"));
    }
    let rules: [(&str, &str); 21] = [
        (r"renku:session/([a-z-]+)@[0-9.]+", "renku:session/$1@[API]"),
        (r#"\bapi = "[0-9.]+""#, "api = \"[API]\""),
        (r"its exports are of [0-9.]+", "its exports are of [API]"),
        (r"\b[0-9]+\.[0-9]+\.[0-9]+  (bundled|installed)", "[API]  $1"),
        (r"\b[0-9a-f]{64}\.wasm", "[BLOB].wasm"),
        (r#"session\.owner": "[0-9a-f]{32}"#, "session.owner\": \"[OWNER]"),
        (r"sha256:[0-9a-f]{64}", "sha256:[DIGEST]"),
        (r"\bjane-doe-[0-9a-f]{12}\b", "jane-doe-[ID]"),
        (r"\b01[0-9A-HJKMNP-TV-Z]{24}\b", "[ULID]"),
        (r"detached at `[0-9a-f]{7}`", "detached at `[COMMIT7]`"),
        (r"host: [0-9]{2,5}\b", "host: [PORT]"),
        (r"-L [0-9]{2,5}:", "-L [PORT]:"),
        (r"token=[0-9a-f]{48}", "token=[TOKEN]"),
        (r"\b127\.0\.0\.1:[0-9]{2,5}", "127.0.0.1:[PORT]"),
        (r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)", "[TIME]"),
        (r"\b[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?", "[TIME]"),
        (r"\b[0-9a-f]{40}\b", "[COMMIT]"),
        (r":[0-9a-f]{7}-[0-9a-f]{7}\b", ":[DIRTY]"),
        (r":[0-9a-f]{7}\b", ":[COMMIT7]"),
        (r"file:[0-9a-f]{12}", "file:[DIGEST]"),
        (r"\b[0-9]+\.[0-9] s\b", "[SECONDS]"),
    ];
    for (pattern, replacement) in rules {
        text = replace(&text, pattern, replacement);
    }
    text
}

/// The names of the test's projects as they stand in names of sessions. Only
/// those are replaced: `session-start` looks like a name, too.
fn projects(folder: &Path) -> Vec<String> {
    let folders = |path: &Path| {
        std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path())
    };
    folders(folder)
        .filter(|parent| parent.file_name().is_some_and(|name| name.len() == 7))
        .flat_map(|parent| folders(&parent))
        .filter_map(|project| Some(slug(project.file_name()?.to_str()?)))
        .collect()
}

fn slug(name: &str) -> String {
    let words: Vec<String> = name
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("-")
}

fn replace(text: &str, pattern: &str, replacement: &str) -> String {
    Regex::new(pattern).unwrap().replace_all(text, replacement).into_owned()
}

fn regex_escape(text: &str) -> String {
    text.chars()
        .flat_map(|character| {
            let special = !character.is_alphanumeric() && character != '/' && character != '_';
            special.then_some('\\').into_iter().chain([character])
        })
        .collect()
}
