//! A message of an engine with holes: `{}` stands for whatever is different each time.

const HOLE: &str = "{}";

/// Whether `message` is one of `pattern`: as a whole, not in part.
pub(super) fn fits(pattern: &str, message: &str) -> bool {
    let mut pieces = pattern.split(HOLE);
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = message.strip_prefix(first) else { return false };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    for piece in pieces {
        let Some((_, after)) = rest.split_once(piece) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_message_fits_as_a_whole() {
        assert!(fits("as it is", "as it is"));
        assert!(!fits("as it is", "as it is not") && !fits("as it is", "and as it is"));
        assert!(fits("network {} not found", "network a b not found"));
        assert!(!fits("network {} not found", "network a not found at all"));
        assert!(fits("no {} of {}", "no end of it") && !fits("no {} of {}", "no end"));
        assert!(fits("{}: b: {}", "a: b: c") && !fits("{}: b: {}", "a: c"));
    }
}
