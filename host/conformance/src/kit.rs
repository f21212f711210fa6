//! What all checks share: the provider, and how it is asked.

use std::path::Path;

use serde_json::{Map, Value};
use tempfile::TempDir;

use super::checks::Not;
use super::subject::{Answers, Subject};
use super::values;
use crate::domain::Diagnostic;
use crate::files::session_key::KeyFile;
use crate::sandbox::{Capability, Grants, Loaded, Sandbox, SandboxError};

/// The project is built from it.
const DOCKERFILE: &str = "FROM scratch\nCMD [\"jupyter\", \"lab\"]\n";

/// What all checks share.
pub(super) struct Kit<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) answers: &'a Answers,
    /// The configuration of an ordinary start.
    pub(super) config: Map<String, Value>,
    loaded: Result<Loaded, SandboxError>,
    /// For the key of session tokens, which must not be the user's.
    folder: TempDir,
    project: TempDir,
}

impl<'a> Kit<'a> {
    /// Loads the provider, with everything that it wants.
    ///
    /// # Errors
    ///
    /// When there is no room for a temporary key.
    pub(super) fn new(
        sandbox: &Sandbox,
        subject: &'a Subject<'a>,
        answers: &'a Answers,
    ) -> std::io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let project = tempfile::tempdir()?;
        crate::files::put(
            &project.path().join("Dockerfile"),
            crate::files::Readers::Everybody,
            DOCKERFILE.as_bytes(),
        )
        .map_err(std::io::Error::other)?;
        let grants = Grants::only(subject.sections.capabilities());
        let loaded = Loaded::new(sandbox, &subject.shown, subject.sections, subject.code, &grants);
        let config = values::ordinary(subject.schema, &answers.config);
        Ok(Self { subject, answers, config, loaded, folder, project })
    }

    /// The provider; skipped when there is nothing that could run.
    pub(super) fn loaded(&self) -> Result<&Loaded, Not> {
        let skipped = |_| Not::Skipped("it cannot be loaded, see `imports`".into());
        self.loaded.as_ref().map_err(skipped)
    }

    /// Why it cannot be loaded.
    pub(super) fn refusal(&self) -> Option<&SandboxError> {
        self.loaded.as_ref().err()
    }

    /// The folder of the project.
    pub(super) fn project(&self) -> &Path {
        self.project.path()
    }

    /// The key of session tokens.
    pub(super) fn key(&self) -> KeyFile {
        KeyFile::within(self.folder.path(), true)
    }

    /// Whether it imports a capability.
    pub(super) fn imports(&self, capability: Capability) -> bool {
        self.subject.sections.capabilities().contains(&capability)
    }
}

/// What the sandbox says about the provider, without saying which one.
pub(super) fn about_it(error: &SandboxError) -> String {
    let words = in_words(error);
    words.split_once("` ").map_or(words.as_str(), |(_, rest)| rest).to_owned()
}

/// An error in one line: message and causes.
pub(super) fn in_words(error: &dyn Diagnostic) -> String {
    match error.causes().join("; ") {
        causes if causes.is_empty() => error.to_string(),
        causes => format!("{error}: {causes}"),
    }
}
