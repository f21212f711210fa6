//! Stops a session and waits until it is gone.

use renku_session_sdk::invocation::{now, sleep};
use renku_session_sdk::{Error, ErrorKind, Result};

use crate::hub::Hub;
use crate::model::Server;
use crate::refusal;

/// Between two looks at a server that is about to end.
const PAUSE: u32 = 300;
/// Hubs give a server some minutes at most.
const LIMIT: u64 = 5 * 60 * 1000;

/// Stops one. That it is gone already is no error.
///
/// # Errors
///
/// When the hub refuses, or `timeout`.
pub(crate) fn stop(hub: &Hub, server: &Server) -> Result<()> {
    let session = server.session();
    let end = now().saturating_add(LIMIT);
    loop {
        match hub.server(session)? {
            None => return Ok(()),
            // A hub stops nothing that it is starting: that is waited for.
            Some(server) if server.pending.is_some() => {}
            Some(server) => {
                let answer = hub.stop(&server.name)?;
                match answer.status {
                    204 | 404 => return Ok(()),
                    202 => {}
                    // The hub has begun something else with it meanwhile.
                    400 if answer.body.contains("pending") => {}
                    _ => return Err(refusal::of(&hub.base, "stop the session", &answer)),
                }
            }
        }
        if now() >= end {
            return Err(Error::new(ErrorKind::Timeout, format!("`{session}` does not end")));
        }
        sleep(PAUSE)?;
    }
}
