//! How long an engine may be silent.

use std::time::Duration;

/// How long an ordinary request may take. An engine answers a start or a removal when it is
/// done, and says nothing until then: on a busy machine or a slow disk that takes a minute.
/// Whoever waits can end it at any moment.
pub(crate) const REQUEST: Duration = Duration::from_secs(120);
