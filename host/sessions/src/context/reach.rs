//! Whom a command asks when it names no provider.

use super::Context;
use crate::providers::{FoundAt, ProviderFile};
use crate::sandbox::Request;

impl Context {
    /// Whether a provider whose sessions run elsewhere can have an answer although
    /// nobody named it: only where the project is bound to a project there, or
    /// where there is a login. Who never used a service never waits for it; to
    /// know that costs two looks at the file system.
    pub(crate) fn reaches_elsewhere(&self, request: &Request) -> bool {
        is_bound(request) || self.has_login()
    }

    /// Whether a remote provider can have an answer: one of ours does `elsewhere`,
    /// any other where its user gave it an origin.
    pub(crate) fn reaches(&self, provider: &ProviderFile, elsewhere: bool) -> bool {
        if provider.found_at == FoundAt::Bundled {
            return elsewhere;
        }
        // An origin that cannot be read is an error of who uses it.
        self.origin_store().load().map_or(true, |origins| {
            origins.values().any(|origin| origin.is_for(&provider.identity))
        })
    }

    fn has_login(&self) -> bool {
        let given = std::env::var_os("RENKU_CLI_ACCESS_TOKEN");
        given.is_some_and(|token| !token.is_empty()) || self.logins().exists()
    }
}

/// Whether the project of the command is bound to a project of a service. What
/// cannot be read binds nothing; a command that needs it says so.
fn is_bound(request: &Request) -> bool {
    request.project.as_ref().is_some_and(|project| matches!(project.remote_project(), Ok(Some(_))))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::ProjectFacts;
    use crate::domain::{ErrorKind, ProviderError};

    /// A project that is bound to this.
    struct Bound(Result<Option<String>, ProviderError>);

    impl ProjectFacts for Bound {
        fn name(&self) -> String {
            String::new()
        }
        fn slug(&self) -> String {
            String::new()
        }
        fn id(&self) -> String {
            String::new()
        }
        fn branch(&self) -> Result<Option<String>, ProviderError> {
            Ok(None)
        }
        fn commit(&self) -> Result<Option<String>, ProviderError> {
            Ok(None)
        }
        fn dirty(&self) -> Result<bool, ProviderError> {
            Ok(false)
        }
        fn candidate_image(&self) -> Result<Option<String>, ProviderError> {
            Ok(None)
        }
        fn remote_project(&self) -> Result<Option<String>, ProviderError> {
            self.0.clone()
        }
        fn author_name(&self) -> Option<String> {
            None
        }
        fn author_email(&self) -> Option<String> {
            None
        }
    }

    fn bound(answer: Result<Option<String>, ProviderError>) -> bool {
        is_bound(&Request { project: Some(Arc::new(Bound(answer))), ..Request::default() })
    }

    #[test]
    fn only_a_bound_project_makes_a_remote_provider_worth_asking() {
        assert!(bound(Ok(Some("group/analysis".into()))));
        assert!(!bound(Ok(None)));
        assert!(!bound(Err(ProviderError::new(ErrorKind::Other, "unreadable"))));
        assert!(!is_bound(&Request::default()));
    }
}
