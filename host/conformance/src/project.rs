//! A project that does not exist, its user who says yes, and who listens.

use std::sync::{Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use crate::domain::Asker;
use crate::domain::ProjectFacts;
use crate::domain::{ProviderError, Reporter, Said, Secret};
use crate::domain::{Repository, RepositoryStatus};
use crate::web::http::Login;

/// The image that belongs to the state of its tree.
pub(super) const IMAGE: &str = "analysis:0123456";

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// The project, and everything else that a user has.
pub(super) struct Analysis;

/// Another one, in a folder of the same name.
pub(super) struct Namesake;

/// A project that was just made: no commit, no branch, and a user of whom git knows
/// nothing.
pub(super) struct Bare;

impl ProjectFacts for Bare {
    fn name(&self) -> String {
        "Größte Übersicht (2026)".into()
    }
    fn slug(&self) -> String {
        "grosste-ubersicht-2026".into()
    }
    fn id(&self) -> String {
        "c".repeat(64)
    }
    fn branch(&self) -> Result<Option<String>, ProviderError> {
        Ok(None)
    }
    fn commit(&self) -> Result<Option<String>, ProviderError> {
        Ok(None)
    }
    fn dirty(&self) -> Result<bool, ProviderError> {
        Ok(true)
    }
    fn candidate_image(&self) -> Result<Option<String>, ProviderError> {
        Ok(None)
    }
    fn remote_project(&self) -> Result<Option<String>, ProviderError> {
        Ok(None)
    }
    fn author_name(&self) -> Option<String> {
        None
    }
    fn author_email(&self) -> Option<String> {
        None
    }
}

impl ProjectFacts for Analysis {
    fn name(&self) -> String {
        "analysis".into()
    }
    fn slug(&self) -> String {
        "analysis".into()
    }
    fn id(&self) -> String {
        "a".repeat(64)
    }
    fn branch(&self) -> Result<Option<String>, ProviderError> {
        Ok(Some("main".into()))
    }
    fn commit(&self) -> Result<Option<String>, ProviderError> {
        Ok(Some(COMMIT.into()))
    }
    fn dirty(&self) -> Result<bool, ProviderError> {
        Ok(false)
    }
    fn candidate_image(&self) -> Result<Option<String>, ProviderError> {
        Ok(Some(IMAGE.into()))
    }
    fn remote_project(&self) -> Result<Option<String>, ProviderError> {
        Ok(Some("conformance/analysis".into()))
    }
    fn author_name(&self) -> Option<String> {
        Some("Ada Lovelace".into())
    }
    fn author_email(&self) -> Option<String> {
        Some("ada@example.org".into())
    }
}

impl ProjectFacts for Namesake {
    fn name(&self) -> String {
        Analysis.name()
    }
    fn slug(&self) -> String {
        Analysis.slug()
    }
    fn id(&self) -> String {
        "b".repeat(64)
    }
    fn branch(&self) -> Result<Option<String>, ProviderError> {
        Analysis.branch()
    }
    fn commit(&self) -> Result<Option<String>, ProviderError> {
        Analysis.commit()
    }
    fn dirty(&self) -> Result<bool, ProviderError> {
        Analysis.dirty()
    }
    fn candidate_image(&self) -> Result<Option<String>, ProviderError> {
        Analysis.candidate_image()
    }
    fn remote_project(&self) -> Result<Option<String>, ProviderError> {
        Ok(Some("conformance/namesake".into()))
    }
    fn author_name(&self) -> Option<String> {
        Analysis.author_name()
    }
    fn author_email(&self) -> Option<String> {
        Analysis.author_email()
    }
}

impl Repository for Analysis {
    fn status(&self) -> Result<RepositoryStatus, ProviderError> {
        Ok(RepositoryStatus {
            branch: Some("main".into()),
            head: Some(COMMIT.into()),
            dirty: false,
            upstream: Some("origin/main".into()),
            ahead: Some(0),
            behind: Some(0),
            remote_urls: vec!["https://git.example.org/conformance/analysis.git".into()],
        })
    }

    fn default_branch(&self) -> BoxFuture<'_, Result<Option<String>, ProviderError>> {
        async { Ok(Some("origin/main".into())) }.boxed()
    }

    fn push(&self) -> BoxFuture<'_, Result<(), ProviderError>> {
        async { Ok(()) }.boxed()
    }
}

impl Asker for Analysis {
    fn confirm(&self, _: &str, _: &str, _: &str) -> Result<bool, ProviderError> {
        Ok(true)
    }

    fn ask(&self, _: &str, _: &str, _: &str, _: bool) -> Result<String, ProviderError> {
        Ok("conformance".into())
    }
}

impl Login for Analysis {
    fn access_token(&self) -> BoxFuture<'_, Result<Secret, ProviderError>> {
        async { Ok(Secret::new("conformance-access")) }.boxed()
    }

    fn refresh_token(&self) -> BoxFuture<'_, Result<Option<Secret>, ProviderError>> {
        async { Ok(Some(Secret::new("conformance-refresh"))) }.boxed()
    }
}

/// Keeps what the provider says, for the one who wonders why it ended.
#[derive(Default)]
pub(super) struct Heard(Mutex<Vec<String>>);

impl Heard {
    /// The last thing it said.
    pub(super) fn last(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).last().cloned()
    }
}

impl Reporter for Heard {
    fn phase(&self, _: &str) {}
    fn amount(&self, _: u64, _: u64, _: &str) {}
    fn note(&self, _: &str) {}
    fn message(&self, text: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
    }
    fn finish(&self) {}
    fn said(&self, speaker: &str, said: Said<'_>) {
        if let Said::Message(text) = said {
            self.message(&format!("{speaker}: {text}"));
        }
    }
}
