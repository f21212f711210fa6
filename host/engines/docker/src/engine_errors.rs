//! What bollard reports, turned into one clean line. Raw JSON of the engine
//! never reaches the user.

use bollard::errors::Error;

use crate::contract::ContainersError;
use crate::domain::{innermost, text};
use crate::limits::REQUEST;

/// The most characters of an engine message that are shown.
const LONGEST_MESSAGE: usize = 600;

/// The engine's own words on one line.
pub(crate) fn message(error: &Error) -> String {
    match error {
        Error::DockerResponseServerError { status_code, message } => {
            let line = text::one_line(message, LONGEST_MESSAGE);
            if line.is_empty() || line.starts_with('{') || line.starts_with('<') {
                format!("it answered with status {status_code}")
            } else {
                line
            }
        }
        Error::DockerStreamError { error } => text::one_line(error, LONGEST_MESSAGE),
        Error::RequestTimeoutError => {
            format!("it did not answer within {} s", REQUEST.as_secs())
        }
        Error::JsonDataError { .. } | Error::JsonSerdeError { .. } => {
            "its answer could not be understood".to_owned()
        }
        other => text::one_line(&innermost(other), LONGEST_MESSAGE),
    }
}

/// The HTTP status of the engine's answer, when it answered.
pub(crate) fn status(error: &Error) -> Option<u16> {
    match error {
        Error::DockerResponseServerError { status_code, .. } => Some(*status_code),
        _ => None,
    }
}

/// Whether nobody knows what the engine did: it did not answer, answered something else,
/// or failed. Who asked for a change looks at what became of it then.
pub(crate) fn is_unclear(error: &Error) -> bool {
    status(error).is_none_or(|status| status >= 500)
}

/// An error without a more precise name. `action` completes `failed to …`.
pub(crate) fn other(action: &'static str) -> impl FnOnce(Error) -> ContainersError {
    move |error| ContainersError::Engine { action, message: message(&error) }
}

/// Whether the engine's disk is full.
pub(crate) fn disk_is_full(error: &Error) -> bool {
    text::says_disk_is_full(&message(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(message: &str) -> Error {
        Error::DockerResponseServerError { status_code: 500, message: message.into() }
    }

    #[test]
    fn json_and_html_answers_are_not_shown() {
        assert_eq!(message(&server("{\"cause\":\"x\"}")), "it answered with status 500");
        assert_eq!(message(&server("<html>")), "it answered with status 500");
        assert_eq!(message(&server("")), "it answered with status 500");
    }

    #[test]
    fn an_engine_that_did_not_answer_is_told_with_the_time_it_had() {
        assert_eq!(message(&Error::RequestTimeoutError), "it did not answer within 120 s");
    }

    #[test]
    fn messages_become_one_clean_line() {
        assert_eq!(message(&server("no\n  such \u{1b}[31mthing\n")), "no such thing");
    }
}
