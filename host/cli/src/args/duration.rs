//! Durations as people type them.

use std::time::Duration;

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    at_least_a_second(text, "wait at least 1s, or use `--no-wait`")
}

pub(super) fn list_duration(text: &str) -> Result<Duration, String> {
    at_least_a_second(text, "allow at least 1s")
}

/// A number of seconds, or with units as in `5min`.
fn at_least_a_second(text: &str, shorter: &str) -> Result<Duration, String> {
    let parsed = match text.parse::<u64>() {
        Ok(seconds) => Ok(Duration::from_secs(seconds)),
        Err(_) => humantime::parse_duration(text),
    };
    match parsed {
        Ok(duration) if duration >= Duration::from_secs(1) => Ok(duration),
        Ok(_) => Err(shorter.into()),
        Err(_) => Err("write it like 90s, 5min or 1h".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit_or_are_seconds() {
        assert_eq!(duration("90"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("2min"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("0").unwrap_err(), "wait at least 1s, or use `--no-wait`");
        assert_eq!(duration("soon").unwrap_err(), "write it like 90s, 5min or 1h");
    }
}
