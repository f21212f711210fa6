//! Messages of engines, recognised as a whole: a pattern has holes, and `{}` stands for
//! whatever is different each time. A word somewhere in a message proves nothing: it may be
//! the name of an image.
//!
//! Programs in Go put causes behind each other, `reading manifest: dial tcp: no such host`.
//! Engines and their versions differ in what stands in front, so that of such a chain each
//! link is recognised as a whole.

const HOLE: &str = "{}";

/// Whether `message` is one of `pattern`: as a whole, not in part.
pub(crate) fn fits(pattern: &str, message: &str) -> bool {
    last_hole(pattern, message).is_some()
}

/// What stands in the last hole of `pattern`, where `message` is one of it; nothing where
/// the pattern has no hole.
pub(crate) fn last_hole<'a>(pattern: &str, message: &'a str) -> Option<&'a str> {
    let mut pieces = pattern.split(HOLE);
    let mut rest = message.strip_prefix(pieces.next().unwrap_or_default())?;
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty().then_some(rest) };
    for piece in pieces {
        rest = rest.split_once(piece)?.1;
    }
    rest.strip_suffix(last)
}

/// The links of a chain of causes, the innermost first.
pub(crate) fn links(message: &str) -> impl Iterator<Item = &str> {
    message.rsplit(": ").map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_fits_as_a_whole() {
        assert!(fits("as it is", "as it is"));
        assert!(!fits("as it is", "as it is not") && !fits("as it is", "and as it is"));
        assert!(fits("network {} not found", "network a b not found"));
        assert!(!fits("network {} not found", "network a not found at all"));
        assert!(fits("no {} of {}", "no end of it") && !fits("no {} of {}", "no end"));
        assert!(fits("{}: b: {}", "a: b: c") && !fits("{}: b: {}", "a: c"));
    }

    #[test]
    fn what_stands_in_the_last_hole_is_read() {
        assert_eq!(last_hole("{} ended with {}!", "make ended with 2!"), Some("2"));
        assert_eq!(last_hole("{} ended with {}!", "make ended"), None);
        assert_eq!(last_hole("done", "done"), Some(""));
    }

    #[test]
    fn a_chain_is_read_from_its_end() {
        let chain: Vec<&str> =
            links("Get \"https://r:5000/v2/\": dial tcp: no such host").collect();
        assert_eq!(chain, ["no such host", "dial tcp", "Get \"https://r:5000/v2/\""]);
    }
}
