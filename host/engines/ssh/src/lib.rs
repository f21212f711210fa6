//! Machines that `ssh` reaches: programs and ports there.
//!
//! Imports `domain` and `contract`.

use renku_session_contract as contract;
use renku_session_domain as domain;

mod host;
mod stream;
mod tunnel;

pub use host::SshHost;
pub use stream::SshStream;
pub use tunnel::SshTunnel;
