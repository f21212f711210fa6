//! A session on another machine: opened through a tunnel, until Ctrl-C.

use super::app::App;
use super::error::Failure;
use crate::output::browser;
use crate::sessions::{End, Location};

/// Makes `url` work on this machine until the user interrupts, which is how this ends
/// well.
pub(super) async fn forward(
    app: &App,
    location: &Location,
    url: &str,
    with_browser: bool,
) -> Result<(), Failure> {
    let _own_end = app.context.cancel().own_end();
    let Some(mut forwarded) = location.forward(&app.context, url).await? else { return Ok(()) };
    let (port, remote) = (forwarded.port, forwarded.remote_port);
    if port != remote {
        app.printer.message(&format!("Port {remote} is taken here; open {}", forwarded.url));
    }
    if with_browser {
        browser::open(&app.printer, &forwarded.url);
    }
    let destination = forwarded.destination.clone();
    app.printer.message(&format!(
        "Forwarding port {port} of this machine to `{destination}` until Ctrl-C"
    ));
    match forwarded.ended(&app.context).await {
        End::Interrupted => app.printer.interrupted(),
        End::Lost => {
            app.printer.message(&format!("The connection to `{destination}` has ended"));
        }
    }
    Ok(())
}
