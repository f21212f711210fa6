//! Names for sessions: readable, unique enough, valid everywhere.

use crate::invocation::random_bytes;

/// How many random characters a name ends with: 36⁵, sixty million names.
const RANDOM_CHARACTERS: usize = 5;

/// `<slug>-<5 characters a-z0-9>`. Starts with a letter when `slug` does not.
#[must_use]
pub fn readable_name(slug: &str) -> String {
    let mut suffix = String::new();
    while suffix.len() < RANDOM_CHARACTERS {
        let bytes = random_bytes(16);
        suffix
            .extend(bytes.into_iter().filter_map(character).take(RANDOM_CHARACTERS - suffix.len()));
    }
    format!("{}-{suffix}", starting_with_a_letter(slug))
}

/// One of 36 characters; none for the bytes that would make some likelier.
fn character(byte: u8) -> Option<char> {
    (byte < 252).then(|| match byte % 36 {
        letter @ 0..26 => char::from(b'a' + letter),
        digit => char::from(b'0' + (digit - 26)),
    })
}

fn starting_with_a_letter(slug: &str) -> String {
    if slug.starts_with(|first: char| first.is_ascii_alphabetic()) {
        slug.to_owned()
    } else {
        format!("session-{slug}").trim_end_matches('-').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_equally_likely() {
        let mut count = std::collections::BTreeMap::new();
        for letter in (0..=255).filter_map(character) {
            *count.entry(letter).or_insert(0) += 1;
        }
        let letters: String = count.keys().collect();
        assert_eq!(letters, "0123456789abcdefghijklmnopqrstuvwxyz");
        assert!(count.values().all(|times| *times == 7), "{count:?}");
    }

    #[test]
    fn a_name_starts_with_a_letter() {
        assert_eq!(starting_with_a_letter("analysis"), "analysis");
        assert_eq!(starting_with_a_letter("2026-data"), "session-2026-data");
        assert_eq!(starting_with_a_letter(""), "session");
    }
}
