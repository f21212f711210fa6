//! What happens when a provider panics: on wasm32 the message would be lost, so
//! it is logged before the component is ended.

use std::panic::PanicHookInfo;
use std::sync::Once;

use crate::invocation::{Level, log};

/// Makes every later panic an error in the log.
pub(crate) fn report_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|panic| log(Level::Error, &describe(panic))));
    });
}

/// In one line: what, and where for the provider's author.
fn describe(panic: &PanicHookInfo<'_>) -> String {
    let message = panic.payload_as_str().unwrap_or("no message");
    let place = panic.location().map(|place| format!(" ({place})")).unwrap_or_default();
    format!("the provider failed unexpectedly: {message}{place}")
}
