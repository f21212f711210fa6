//! Waits for a server to start, with what the hub says meanwhile: server-sent
//! events (WHATWG HTML §9.2), one JSON object each.

use renku_session_sdk::invocation::{Progress, now, report, sleep};
use renku_session_sdk::{Error, ErrorKind, Result};

use crate::hub::Hub;
use crate::model::Event;

/// Between two looks at a server whose hub has nothing to tell.
const PAUSE: u32 = 500;

/// Waits until the session is ready, at most for so many seconds.
///
/// # Errors
///
/// When it does not start, or `timeout`.
pub(crate) fn wait(hub: &Hub, session: &str, server: &str, seconds: u32) -> Result<()> {
    let end = now().saturating_add(u64::from(seconds) * 1000);
    let late = || {
        Error::new(ErrorKind::Timeout, format!("`{session}` is not ready after {seconds} s"))
            .help("give it longer with `--wait-timeout`")
    };
    loop {
        match listen(hub, server, end) {
            Ok(Some(event)) if event.ready => return Ok(()),
            Ok(Some(event)) => return Err(failed(session).cause(event.message)),
            Ok(None) => {}
            // One answer takes a minute at most; a start may take longer.
            Err(error) if matches!(error.kind, ErrorKind::Timeout | ErrorKind::Unavailable) => {}
            Err(error) => return Err(error),
        }
        match hub.server(session)? {
            Some(server) if server.ready => return Ok(()),
            Some(server) if server.pending.is_some() => {}
            _ => return Err(failed(session)),
        }
        if now() >= end {
            return Err(late());
        }
        sleep(PAUSE)?;
    }
}

fn failed(session: &str) -> Error {
    Error::other(format!("the hub could not start `{session}`"))
}

/// Shows events until the one that decides; none when they end without it.
fn listen(hub: &Hub, server: &str, end: u64) -> Result<Option<Event>> {
    let response = hub.progress(server)?;
    if response.status() != 200 {
        return Ok(None);
    }
    let mut events = Events::default();
    while let Some(bytes) = response.read(4096)? {
        for event in events.more(&bytes) {
            if event.ready || event.failed {
                return Ok(Some(event));
            }
            report(&Progress::Note(event.message));
        }
        // The hub sends an empty line every few seconds.
        if now() >= end {
            break;
        }
    }
    Ok(None)
}

/// Takes a stream of bytes apart.
#[derive(Debug, Default)]
struct Events {
    /// The line that has not ended yet.
    begun: Vec<u8>,
}

impl Events {
    /// The events that are complete with these bytes.
    fn more(&mut self, bytes: &[u8]) -> Vec<Event> {
        self.begun.extend_from_slice(bytes);
        let mut events = Vec::new();
        while let Some(end) = self.begun.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.begun.drain(..=end).collect();
            let data = line.strip_prefix(b"data:");
            events.extend(data.and_then(|json| serde_json::from_slice(json).ok()));
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_however_they_are_cut() {
        let stream = "data: {\"progress\": 0, \"message\": \"Server requested\"}\n\n\
                      :keepalive\n\n\
                      data: {\"progress\": 100, \"ready\": true, \"message\": \"é\"}\n\n";
        let expected = [
            Event { message: "Server requested".into(), ..Event::default() },
            Event { message: "é".into(), ready: true, failed: false },
        ];
        for size in [1, 7, 1000] {
            let mut events = Events::default();
            let parts = stream.as_bytes().chunks(size);
            let found: Vec<Event> = parts.flat_map(|part| events.more(part)).collect();
            assert_eq!(found, expected, "{size}");
        }
    }
}
