//! Comments of the code say something: `docs/style.md`.

use crate::documents::sources;

/// Words that say nothing about the item below them.
const EMPTY: [&str; 24] = [
    "a", "an", "the", "its", "of", "this", "that", "these", "those", "it", "one", "which", "who",
    "whom", "why", "what", "where", "how", "many", "is", "not", "as", "for", "with",
];

/// Whether a comment has no word beside [`EMPTY`] ones and those of the name below it.
/// Code and constants of others (`ENTRYPOINT`) are facts.
fn repeats(comment: &str, item: &str) -> bool {
    if comment.contains('`') || comment.chars().all(|it| it.is_uppercase() || !it.is_alphabetic()) {
        return false;
    }
    let name = item.split(['(', ':', '{', ',', '<', '=', ';']).next().unwrap_or_default();
    let name = name.to_lowercase().replace('_', "");
    let mut words = comment.split(|it: char| !it.is_alphabetic()).map(str::to_lowercase);
    words.all(|word| {
        EMPTY.contains(&word.as_str())
            || name.contains(&word)
            || word.strip_suffix('s').is_some_and(|word| name.contains(word))
    })
}

/// The doc comments of one line in a file that only repeat the name below them.
fn repetitions(source: &str) -> Vec<&str> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let mut found = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let Some(comment) = line.strip_prefix("/// ") else { continue };
        let (before, after) = lines.split_at(number);
        let mut after = after.iter().skip(1).skip_while(|line| line.starts_with("#["));
        let Some(item) = after.next() else { continue };
        let is_alone =
            !item.starts_with("///") && !before.last().is_some_and(|it| it.starts_with("///"));
        if is_alone && repeats(comment, item) {
            found.push(*line);
        }
    }
    found
}

#[test]
fn no_comment_repeats_the_name_below_it() {
    let mut wrong = Vec::new();
    for (path, source) in sources() {
        // The SDK documents every item; the comments of arguments are what `--help` prints.
        let apart = ["components/sdk/", "host/cli/src/args/", "/templates/", "/comments.rs"];
        if !apart.iter().any(|part| path.contains(part)) {
            wrong.extend(repetitions(&source).iter().map(|line| format!("{path}: {line}")));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_comment_that_repeats_the_name_below_it_is_found() {
    let source = "
        /// The version.
        version: String,
        /// Which.
        #[serde(default)]
        name: String,
        /// What it imports.
        pub imports: Vec<String>,
        /// Gigabytes.
        pub memory: u64,
        /// ENTRYPOINT.
        pub entrypoint: Vec<String>,
        /// `1.41`.
        fn api_version(text: &str) {}
        /// Where it is,
        /// in full.
        fn path() {}
    ";
    assert_eq!(repetitions(source), ["/// The version.", "/// Which.", "/// What it imports."]);
}
