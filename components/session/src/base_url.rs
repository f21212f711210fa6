//! The path below which everything of a Jupyter server lies (`base_url`).

/// Options of Jupyter that set it; the second is that of Notebook 6 and of the
/// images of the Python `renku`.
const OPTIONS: [&str; 2] = ["--ServerApp.base_url", "--NotebookApp.base_url"];

/// What a command line says, also when it is one line for a shell; none when it
/// says nothing. Normalised as [`normalise`] does.
pub(crate) fn of_command<'a>(words: impl IntoIterator<Item = &'a String>) -> Option<String> {
    let mut words = words
        .into_iter()
        .flat_map(|word| word.split_whitespace())
        .map(|word| word.trim_matches(['"', '\'']));
    while let Some(word) = words.next() {
        let (option, value) = match word.split_once('=') {
            Some((option, value)) => (option, Some(value)),
            None => (word, None),
        };
        if OPTIONS.contains(&option) {
            let value = value.or_else(|| words.next())?;
            // What a shell would fill in is not known here.
            return (!value.contains('$')).then(|| normalise(value.trim_matches(['"', '\''])));
        }
    }
    None
}

/// With one slash before it and none behind it; the root is empty.
pub(crate) fn normalise(path: &str) -> String {
    match path.trim_matches('/') {
        "" => String::new(),
        path => format!("/{path}"),
    }
}

/// `path` below `base`; a path that lies there already stays.
pub(crate) fn below(base: &str, path: &str) -> String {
    let inside = path
        .strip_prefix(base)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
    if inside { path.to_owned() } else { format!("{base}{path}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &[&str]) -> Option<String> {
        let words: Vec<String> = line.iter().map(|word| (*word).to_owned()).collect();
        of_command(&words)
    }

    #[test]
    fn the_command_of_an_image_says_it() {
        assert_eq!(found(&["jupyter", "lab", "--ServerApp.base_url=/x/y/"]), Some("/x/y".into()));
        assert_eq!(found(&["jupyter", "lab", "--ServerApp.base_url", "x"]), Some("/x".into()));
        assert_eq!(
            found(&["/bin/sh", "-c", "exec jupyter lab --NotebookApp.base_url='/x/' --ip=0.0.0.0"]),
            Some("/x".into())
        );
        assert_eq!(found(&["jupyter", "lab", "--ServerApp.base_url=/"]), Some(String::new()));
        assert_eq!(found(&["sh", "-c", "jupyter lab --ServerApp.base_url=$PREFIX"]), None);
        assert_eq!(found(&["jupyter", "lab"]), None);
    }

    #[test]
    fn a_path_is_put_below_it_once() {
        assert_eq!(below("/x", "/lab"), "/x/lab");
        assert_eq!(below("/x", "/x/lab"), "/x/lab");
        assert_eq!(below("/x", "/xylophone"), "/x/xylophone");
        assert_eq!(below("", "/lab"), "/lab");
    }
}
