//! From an answer that is a refusal to an error for the person at the terminal.

use renku_session_sdk::{Error, ErrorKind};
use serde::Deserialize;

use crate::hub::Answer;

/// What a hub says beside the status.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    message: Option<String>,
}

/// What a status means; the hub's own words become the cause. `purpose` is what
/// could not be done: `start the session`.
pub(crate) fn of(base: &str, purpose: &str, answer: &Answer) -> Error {
    let said: Option<Said> = serde_json::from_str(&answer.body).ok();
    let message = said.as_ref().and_then(|said| said.message.clone()).unwrap_or_default();
    let error = match answer.status {
        404 if said.is_none() => {
            return not_understood(base, "HTTP status 404, and no word of the hub");
        }
        400 if message.starts_with("Named servers are not enabled") => {
            Error::unsupported(format!("{base} gives everybody one server only"))
                .help("use it with `default_server: true` in the file of `--config`")
        }
        400 | 403 if message.contains("maximum of") => Error::new(
            ErrorKind::ResourceExhausted,
            format!("{base} gives you no more servers"),
        )
        .help("stop a session that you do not need: `renku session ls`, `renku session stop NAME`"),
        400 | 409 if message.contains("already running") || message.contains("pending") => {
            Error::conflict(format!("{base} cannot {purpose} now"))
        }
        400 => Error::invalid_input(format!("{base} refuses to {purpose}")),
        401 | 403 => Error::new(ErrorKind::Denied, format!("{base} does not let you {purpose}"))
            .help("the token needs the scopes `servers` and `read:users:name` of its user"),
        404 => Error::not_found(format!("{base} cannot {purpose}")),
        409 => Error::conflict(format!("{base} cannot {purpose}")),
        429 => Error::new(ErrorKind::Unavailable, format!("{base} is starting too many servers"))
            .help(again(answer.retry_after.as_deref())),
        500.. => Error::new(ErrorKind::Unavailable, format!("{base} cannot {purpose}"))
            .help("try again in a minute; if it stays so, ask who runs the hub"),
        status => Error::other(format!("{base} answers with the unknown status {status}")),
    };
    match message.as_str() {
        "" => error.cause(format!("HTTP status {}", answer.status)),
        message => error.cause(message),
    }
}

/// The hub does not know the token of this origin.
pub(crate) fn unknown_token(base: &str, origin: &str) -> Error {
    Error::new(ErrorKind::Unauthenticated, format!("{base} does not know your token")).help(
        format!(
            "make one at {base}/hub/token, then run `renku session origin add {origin} {base} --credential bearer`, which asks for it"
        ),
    )
}

/// Whatever answers there is no JupyterHub.
pub(crate) fn not_understood(base: &str, reason: &str) -> Error {
    Error::new(
        ErrorKind::Unavailable,
        format!("{base} answers something that is not of a JupyterHub"),
    )
    .help("check the address with `renku session origin list`: it ends before `/hub`")
    .cause(reason)
}

fn again(retry_after: Option<&str>) -> String {
    match retry_after.and_then(|text| text.parse::<u32>().ok()) {
        Some(seconds) => format!("try again in {seconds} s"),
        None => "try again in a minute".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, message: &str) -> (ErrorKind, String) {
        let body = serde_json::json!({ "status": status, "message": message }).to_string();
        let answer = Answer { status, retry_after: Some("7".into()), body };
        let error = of("https://hub", "start the session", &answer);
        (error.kind, error.help.unwrap_or(error.message))
    }

    #[test]
    fn a_status_becomes_what_its_reader_can_do() {
        for (status, message, kind, text) in [
            (
                400,
                "Named servers are not enabled.",
                ErrorKind::Unsupported,
                "use it with `default_server: true` in the file of `--config`",
            ),
            (
                400,
                "ann already has the maximum of 2 named servers.  One must be deleted.",
                ErrorKind::ResourceExhausted,
                "stop a session that you do not need: `renku session ls`, `renku session stop NAME`",
            ),
            (
                400,
                "ann:x is already running",
                ErrorKind::Conflict,
                "https://hub cannot start the session now",
            ),
            (
                403,
                "",
                ErrorKind::Denied,
                "the token needs the scopes `servers` and `read:users:name` of its user",
            ),
            (429, "busy", ErrorKind::Unavailable, "try again in 7 s"),
            (
                503,
                "",
                ErrorKind::Unavailable,
                "try again in a minute; if it stays so, ask who runs the hub",
            ),
        ] {
            assert_eq!(refusal(status, message), (kind, text.to_owned()));
        }
    }

    #[test]
    fn a_page_of_something_else_is_no_answer() {
        let answer = Answer { status: 404, retry_after: None, body: "<html>".into() };
        let error = of("https://hub", "list your servers", &answer);
        assert_eq!(error.kind, ErrorKind::Unavailable);
        assert_eq!(error.message, "https://hub answers something that is not of a JupyterHub");
    }
}
