//! The word that somebody probably meant.

/// Longer words are not compared: the effort grows with the square.
const LONGEST: usize = 64;

/// The one of `known` that is nearest to `typed`, if it is near enough to be a
/// slip: a third of its letters at most. Case and `-` for `_` do not count.
#[must_use]
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if typed.len() > LONGEST {
        return None;
    }
    let typed = folded(typed);
    known
        .into_iter()
        .filter(|word| word.len() <= LONGEST)
        .map(|word| (strsim::damerau_levenshtein(&typed, &folded(word)), word))
        .filter(|(distance, word)| *distance <= word.chars().count().div_ceil(3))
        .filter(|(distance, word)| *distance < word.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

fn folded(word: &str) -> String {
    word.to_lowercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 4] = ["command", "port", "default_url", "ready_path"];

    #[test]
    fn a_slip_finds_the_word() {
        assert_eq!(nearest("comand", KNOWN), Some("command"));
        assert_eq!(nearest("prot", KNOWN), Some("port"));
        assert_eq!(nearest("Default-URL", KNOWN), Some("default_url"));
    }

    #[test]
    fn another_word_finds_nothing() {
        assert_eq!(nearest("volumes", KNOWN), None);
        assert_eq!(nearest("", KNOWN), None);
        assert_eq!(nearest("b", ["a"]), None);
        assert_eq!(nearest(&"command".repeat(1000), KNOWN), None);
    }
}
