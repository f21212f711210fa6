//! What a user calls a web service, and providers know it by.

/// Whether this can be the name of an origin: lower-case letters, digits and
/// dashes, a letter first, at most 40.
#[must_use]
pub fn is_origin_name(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
}
