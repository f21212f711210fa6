//! Whom a command asks when it names no provider.

use super::app::App;
use crate::providers::Package;
use crate::sandbox::Request;

impl App {
    /// Whether a provider can have an answer although nobody named it: a local
    /// one always; one whose sessions run elsewhere only where the project is
    /// bound to a project there. Who never used a service never waits for it.
    pub(super) fn concerns(&self, package: &Package, request: &Request) -> bool {
        !package.manifest.remote || is_bound(request)
    }
}

/// Whether the project of the command is bound to a project of a service. What
/// cannot be read binds nothing; a command that needs it says so.
fn is_bound(request: &Request) -> bool {
    request.project.as_ref().is_some_and(|project| matches!(project.remote_project(), Ok(Some(_))))
}
