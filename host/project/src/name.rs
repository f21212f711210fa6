//! The readable name of a project, and what engines accept in its place.

use std::path::Path;

use deunicode::deunicode;

use super::git::{Configuration, without_credentials};

/// The name when nothing better is left.
const FALLBACK: &str = "project";
/// Longest slug, as the contract promises.
const SLUG_LENGTH: usize = 30;
/// Longest image name we make. Shorter than 64, because engines take 64
/// hexadecimal digits for an image's id.
const REPOSITORY_LENGTH: usize = 63;

/// The last part of the remote's URL, else the name of the directory. `branch` is
/// asked for only where it matters.
pub(super) fn of(
    root: &Path,
    configuration: Option<&Configuration>,
    branch: impl FnOnce() -> Option<String>,
) -> String {
    let url = configuration.and_then(|configuration| remote_url(configuration, branch));
    if let Some(name) = url.as_deref().and_then(last_part) {
        return name;
    }
    let directory = root.file_name().map(|name| name.to_string_lossy().into_owned());
    directory.unwrap_or_else(|| FALLBACK.to_owned())
}

/// The URL of the only remote; of several, of the one the branch follows, else
/// of `origin`.
fn remote_url(
    configuration: &Configuration,
    branch: impl FnOnce() -> Option<String>,
) -> Option<String> {
    let remotes = configuration.remotes();
    if let [(_, url)] = remotes.as_slice() {
        return Some(without_credentials(url));
    }
    let url = |wanted: &str| remotes.iter().find(|(name, _)| *name == wanted).map(|(_, url)| *url);
    // A detached HEAD follows nothing.
    let upstream = branch().and_then(|branch| url(configuration.upstream(&branch)?));
    upstream.or_else(|| url("origin")).map(without_credentials)
}

/// The last part of a URL, of `host:path` (`git-clone(1)`, "Git URLs") or of a
/// path, without `.git`.
fn last_part(url: &str) -> Option<String> {
    let trimmed = url.trim_end_matches(['/', '\\']);
    let trimmed = trimmed.strip_suffix("/.git").unwrap_or(trimmed);
    let name = trimmed.rsplit(['/', '\\', ':']).next()?;
    let name = name.strip_suffix(".git").unwrap_or(name);
    (!name.is_empty() && name != "." && name != "..").then(|| name.to_owned())
}

/// A name for containers and hosts: lower-case letters, digits and single
/// dashes, a letter first, no dash last, at most 30 characters (a label of RFC
/// 1123 with room for a suffix).
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in deunicode(name).chars() {
        match character.to_ascii_lowercase() {
            letter @ 'a'..='z' => slug.push(letter),
            digit @ '0'..='9' => {
                // A digit cannot begin it, and is too much of the name to lose.
                if slug.is_empty() {
                    slug.push_str("p-");
                }
                slug.push(digit);
            }
            // An apostrophe joins: `jane's` is one word.
            '\'' => {}
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(SLUG_LENGTH);
    or_fallback(slug.trim_end_matches('-'))
}

/// A repository name for an image: one `path-component` of the OCI distribution
/// specification, `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`. What may stay as it is
/// does.
pub(super) fn repository(name: &str) -> String {
    let mut repository = String::new();
    let mut separator = String::new();
    for character in deunicode(name).chars() {
        match character.to_ascii_lowercase() {
            letter @ ('a'..='z' | '0'..='9') => {
                if !repository.is_empty() && !separator.is_empty() {
                    repository.push_str(allowed(&separator));
                }
                separator.clear();
                repository.push(letter);
            }
            '\'' => {}
            other => separator.push(other),
        }
    }
    repository.truncate(REPOSITORY_LENGTH);
    or_fallback(repository.trim_end_matches(['.', '_', '-']))
}

/// A separator that the specification allows, itself if it can be.
fn allowed(separator: &str) -> &str {
    let dashes = separator.bytes().all(|byte| byte == b'-');
    if dashes || matches!(separator, "." | "_" | "__") { separator } else { "-" }
}

fn or_fallback(name: &str) -> String {
    if name.is_empty() { FALLBACK.to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_last_part_of_any_kind_of_url() {
        for (url, expected) in [
            ("https://example.org/group/My-Project.git", Some("My-Project")),
            ("https://example.org/group/analysis/", Some("analysis")),
            ("git@example.org:group/analysis.git", Some("analysis")),
            ("example.org:analysis", Some("analysis")),
            ("/srv/git/analysis/.git", Some("analysis")),
            (r"C:\work\analysis.git", Some("analysis")),
            ("../analysis.v2", Some("analysis.v2")),
            ("..", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(last_part(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn any_name_becomes_a_slug() {
        for (name, expected) in [
            ("analysis", "analysis"),
            ("My Analysis (final)", "my-analysis-final"),
            ("Étude de Zürich", "etude-de-zurich"),
            ("北京", "bei-jing"),
            ("..hidden__x", "hidden-x"),
            ("2024 data", "p-2024-data"),
            ("-7-", "p-7"),
            ("Jane's", "janes"),
            ("a\n\u{1b}[31mb", "a-31mb"),
            ("an-unusually-long-project-name-indeed", "an-unusually-long-project-name"),
            ("twenty-nine-characters-long-xx-y", "twenty-nine-characters-long-xx"),
            ("exactly-thirty-with-a-dash-at-30", "exactly-thirty-with-a-dash-at"),
            ("…", "project"),
            ("", "project"),
        ] {
            let slug = slug(name);
            assert_eq!(slug, expected, "{name}");
            assert!(slug.len() <= SLUG_LENGTH);
        }
    }

    #[test]
    fn any_name_becomes_a_repository_of_an_image() {
        for (name, expected) in [
            ("analysis", "analysis"),
            ("My Analysis", "my-analysis"),
            ("a.b_c__d--e", "a.b_c__d--e"),
            ("a..b___c.-d", "a-b-c-d"),
            (".hidden.", "hidden"),
            ("2024", "2024"),
            ("Étude", "etude"),
            ("///", "project"),
        ] {
            assert_eq!(repository(name), expected, "{name}");
        }
        assert_eq!(repository(&"a".repeat(64)), "a".repeat(63));
        assert_eq!(repository(&format!("{}.b", "a".repeat(62))), "a".repeat(62));
    }
}
