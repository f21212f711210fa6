//! What `-p` says, read before the command line is parsed: the options of that
//! provider become part of it.

use std::ffi::OsString;

/// What `-p` of `session start` says, before the rest is parsed: the options of
/// that provider become part of the command line.
///
/// `None` for another command, or without that option. A `-p` that cannot be
/// read here is left for the real parser to complain about.
pub(crate) fn provider_of_start(arguments: &[OsString]) -> Option<Option<String>> {
    let words: Vec<&str> =
        arguments.iter().skip(1).map(|word| word.to_str().unwrap_or_default()).collect();
    let mut commands = words.iter().filter(|word| !word.starts_with('-'));
    if commands.next() != Some(&"session") || commands.next() != Some(&"start") {
        return None;
    }
    let mut rest = words.iter().take_while(|word| **word != "--");
    while let Some(word) = rest.next() {
        if let Some(name) = word.strip_prefix("--provider=").or(word.strip_prefix("-p=")) {
            return Some(Some(name.into()));
        }
        if *word == "--provider" || *word == "-p" {
            return Some(rest.next().map(|name| (*name).into()));
        }
        if let Some(name) = word.strip_prefix("-p")
            && !name.is_empty()
        {
            return Some(Some(name.into()));
        }
    }
    Some(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(line: &str) -> Option<Option<String>> {
        provider_of_start(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn the_provider_is_read_before_the_rest() {
        let named = Some(Some("x".to_owned()));
        assert_eq!(provider("renku session start -p x --help"), named);
        assert_eq!(provider("renku session start --cpu 2 -px"), named);
        assert_eq!(provider("renku session start --provider=x"), named);
        assert_eq!(provider("renku session start --provider x"), named);
        assert_eq!(provider("renku session start --cpu 2"), Some(None));
        assert_eq!(provider("renku session start -- -p x"), Some(None));
        assert_eq!(provider("renku session ls -p x"), None);
        assert_eq!(provider("renku --help"), None);
    }
}
