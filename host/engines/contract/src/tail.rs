//! The end of a log, for engines that keep it as a file of their own.

/// The last so many lines; without a number all of them.
#[must_use]
pub fn last_lines(output: &[u8], tail: Option<u32>) -> &[u8] {
    let Some(count) = tail.and_then(|lines| usize::try_from(lines).ok()) else { return output };
    let ended = output.strip_suffix(b"\n").unwrap_or(output);
    let mut breaks = ended.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n');
    match count.checked_sub(1) {
        None => &[],
        Some(before) => match breaks.nth(before) {
            Some((at, _)) => output.get(at + 1..).unwrap_or_default(),
            None => output,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_of_the_output_is_whole_lines() {
        let output = b"one\ntwo\nthree\n";
        assert_eq!(last_lines(output, None), output);
        assert_eq!(last_lines(output, Some(0)), b"");
        assert_eq!(last_lines(output, Some(1)), b"three\n");
        assert_eq!(last_lines(output, Some(2)), b"two\nthree\n");
        assert_eq!(last_lines(output, Some(9)), output);
        assert_eq!(last_lines(b"one\ntwo", Some(1)), b"two");
    }
}
