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
    let rules: [(&str, &str); 10] = [
        (r"token=[0-9a-f]{48}", "token=[TOKEN]"),
        (r"\b127\.0\.0\.1:[0-9]{2,5}", "127.0.0.1:[PORT]"),
        (r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)", "[TIME]"),
        (r"\b[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?", "[TIME]"),
        (r"\b[0-9a-f]{40}\b", "[COMMIT]"),
        (r":[0-9a-f]{7}-[0-9a-f]{7}\b", ":[DIRTY]"),
        (r":[0-9a-f]{7}\b", ":[COMMIT7]"),
        (r"file:[0-9a-f]{12}", "file:[DIGEST]"),
        (r"\b[0-9]+\.[0-9] s\b", "[SECONDS]"),
        (r"(\b[a-z][a-z0-9-]*)-[a-z0-9]{5}\b(?P<end>[`\s/,]|$)", "$1-[ID]$end"),
    ];
    for (pattern, replacement) in rules {
        text = replace(&text, pattern, replacement);
    }
    text
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
