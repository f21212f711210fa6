//! From an answer that is a refusal to an error for the person at the terminal.

use renku_session_sdk::{Error, ErrorKind};

use crate::call::{Call, Response};
use crate::model::Refusal;

/// The longest text of the service that is passed on, in characters.
const LONGEST: usize = 400;

/// What a status means; the service's own words become the cause.
pub(crate) fn of(base: &str, call: &Call, answer: &Response) -> Error {
    let refusal = parse(&answer.body);
    let purpose = call.purpose;
    if answer.status == 404 && refusal.is_none() {
        // A page of whatever is there instead of the service.
        return not_understood(
            base,
            call,
            "HTTP status 404, without an explanation from the service",
        );
    }
    let error = match answer.status {
        401 => unauthenticated(base),
        403 => Error::new(ErrorKind::Denied, format!("{base} does not let you {purpose}")),
        404 => Error::not_found(format!("{base} cannot {purpose}")),
        409 => Error::conflict(format!("{base} cannot {purpose} now")),
        400 | 405 | 422 | 428 => {
            let error = Error::new(ErrorKind::InvalidInput, format!("{base} refuses to {purpose}"));
            exhausted(error, &answer.body)
        }
        429 => Error::new(ErrorKind::Unavailable, format!("{base} gets too many requests"))
            .help(again(answer.retry_after.as_deref())),
        300..=399 => Error::new(
            ErrorKind::Unavailable,
            format!("{base} sends requests to another host, and they are not sent there"),
        )
        .help("check the address of your RenkuLab with `renku whoami`"),
        500.. => Error::new(
            ErrorKind::Unavailable,
            format!("{base} cannot {purpose}: it reports an internal error"),
        )
        .help("try again in a minute"),
        status => Error::other(format!("{base} answers with the unknown status {status}")),
    };
    match refusal {
        Some(refusal) => causes(refusal).into_iter().fold(error, Error::cause),
        None if answer.status == 401 => error,
        None => error.cause(format!("HTTP status {}", answer.status)),
    }
}

/// Nobody is logged in, or not any more.
pub(crate) fn unauthenticated(base: &str) -> Error {
    Error::new(ErrorKind::Unauthenticated, format!("{base} does not know who you are"))
        .help(format!("run `renku login {base}`, or set a new `RENKU_CLI_ACCESS_TOKEN`"))
}

/// An answer of status 2xx that is none of the service.
pub(crate) fn not_understood(base: &str, call: &Call, reason: &str) -> Error {
    Error::new(
        ErrorKind::Unavailable,
        format!("{base} cannot {}: its answer is not one of RenkuLab", call.purpose),
    )
    .help("try again in a minute; if it stays so, check the address with `renku whoami`")
    .cause(reason)
}

/// Whether the service itself says that the place does not exist, which a
/// current one would know.
pub(crate) fn is_unknown_place(answer: &Response) -> bool {
    answer.status == 404
        && parse(&answer.body)
            .and_then(|refusal| refusal.error.message)
            .is_some_and(|message| message.starts_with("Requested URL"))
}

/// Whether the service itself says that the thing does not exist: a page of the
/// ingress would mean that the service is not there.
pub(crate) fn is_missing(answer: &Response) -> bool {
    answer.status == 404
        && !is_unknown_place(answer)
        && parse(&answer.body).is_some_and(|refusal| refusal.error.message.is_some())
}

fn parse(body: &str) -> Option<Refusal> {
    serde_json::from_str(body).ok()
}

fn causes(refusal: Refusal) -> Vec<String> {
    let text = refusal.error;
    // With it, who runs the service finds the request in its log.
    let trace = text.trace_id.map(|id| format!("trace id {id}"));
    [text.message.or(refusal.message), text.detail, trace]
        .into_iter()
        .flatten()
        .map(|text| shorten(&text))
        .collect()
}

fn shorten(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// Both are 422; a quota that is used up is no wrong input.
fn exhausted(error: Error, body: &str) -> Error {
    if body.contains("quota") && body.contains("exhausted") {
        return Error { kind: ErrorKind::ResourceExhausted, ..error }
            .help("take a class of another pool, or wait until the quota is renewed");
    }
    error
}

fn again(retry_after: Option<&str>) -> String {
    match retry_after.and_then(|text| text.parse::<u32>().ok()) {
        Some(seconds) => format!("try again in {seconds} s"),
        None => "try again in a minute".to_owned(),
    }
}
