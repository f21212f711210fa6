//! What happens when a provider panics: on wasm32 the message would be lost, so
//! it is logged before the component is ended.

use std::sync::Once;

use crate::invocation::{Level, log};

/// Logs panics as errors from now on.
pub(crate) fn report_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|information| {
            log(Level::Error, &format!("the provider failed unexpectedly: {information}"));
        }));
    });
}
