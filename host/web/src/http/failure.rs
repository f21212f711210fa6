//! What went wrong with the network, in words.

use std::error::Error as StdError;
use std::time::Duration;

use super::client::Forbidden;
use super::error::HttpError;

/// The error of the TLS library in a cause. An I/O error does not name what it wraps
/// as its source, and may wrap another one.
fn tls_error<'a>(cause: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    match cause.downcast_ref::<std::io::Error>() {
        Some(wrapping) => wrapping.get_ref().and_then(|inner| tls_error(inner)),
        None => cause.downcast_ref::<rustls::Error>(),
    }
}

/// What the client says of a proxy, for people.
fn in_words(text: String) -> String {
    match text.strip_prefix("tunnel error: ") {
        Some("unsuccessful") => "the proxy of `HTTPS_PROXY` does not connect to it".to_owned(),
        Some("proxy authorization required") => {
            "the proxy of `HTTPS_PROXY` wants `http://USER:PASSWORD@HOST:PORT`".to_owned()
        }
        _ => text,
    }
}

/// How far an exchange had come.
#[derive(Clone, Copy)]
pub(super) enum Stage {
    /// The answer had not begun; a connection may take this long.
    Asking { connect: Duration },
    /// The answer had begun.
    Answering,
}

/// What went wrong with the network, in words.
pub(super) fn failure(url: &str, error: &reqwest::Error, stage: Stage) -> HttpError {
    let mut causes: Vec<String> = Vec::new();
    let (mut untrusted, mut plain) = (false, false);
    let mut next = error.source();
    while let Some(cause) = next {
        if let Some(forbidden) = cause.downcast_ref::<Forbidden>() {
            return HttpError::Forbidden { reason: forbidden.to_string() };
        }
        match tls_error(cause) {
            Some(rustls::Error::InvalidCertificate(_)) => untrusted = true,
            Some(rustls::Error::InvalidMessage(_)) => plain = true,
            _ => {}
        }
        let text = in_words(cause.to_string());
        // The layers of the client name themselves; only the last word helps.
        let layer = text.starts_with("client error (") || text == "tcp connect error";
        if !layer && !causes.iter().any(|known| known.contains(&text)) {
            causes.push(text);
        }
        next = cause.source();
    }
    let url = url.to_owned();
    match stage {
        _ if untrusted => HttpError::Certificate { url, causes },
        Stage::Asking { .. } if plain => HttpError::NotEncrypted { url },
        // The client has no other limit than this one.
        Stage::Asking { connect } if error.is_timeout() => {
            HttpError::Timeout { url, seconds: connect.as_secs() }
        }
        Stage::Asking { .. } if error.is_connect() => HttpError::Unreachable { url, causes },
        Stage::Asking { .. } | Stage::Answering => HttpError::BrokenOff { url, causes },
    }
}
