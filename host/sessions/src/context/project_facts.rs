//! Shows a project to providers, which know it only as facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::contract::built_from;
use crate::domain::ProjectFacts;
use crate::domain::ProviderError;
use crate::project::{Project, ProjectError};

/// What is built when nobody says otherwise.
const DESCRIPTOR: &str = "Dockerfile";

/// The project of this command.
pub(super) struct FactsOfProject(pub(super) Arc<Project>);

fn convert<T>(result: Result<T, ProjectError>) -> Result<T, ProviderError> {
    result.map_err(|error| ProviderError::from_diagnostic(&error))
}

impl ProjectFacts for FactsOfProject {
    fn name(&self) -> String {
        self.0.name().to_owned()
    }

    fn slug(&self) -> String {
        self.0.slug()
    }

    fn id(&self) -> String {
        self.0.id().to_owned()
    }

    fn branch(&self) -> Result<Option<String>, ProviderError> {
        convert(self.0.branch())
    }

    fn commit(&self) -> Result<Option<String>, ProviderError> {
        convert(self.0.commit())
    }

    fn dirty(&self) -> Result<bool, ProviderError> {
        convert(self.0.dirty())
    }

    fn candidate_image(&self) -> Result<Option<String>, ProviderError> {
        if !self.dirty()? {
            return convert(self.0.candidate_image(""));
        }
        // What has no Dockerfile has no image of its own.
        let commit = self.commit()?;
        let digest =
            built_from(self.0.root(), DESCRIPTOR, &BTreeMap::new(), commit.as_deref()).ok();
        digest.map_or(Ok(None), |digest| convert(self.0.candidate_image(&digest)))
    }

    fn remote_project(&self) -> Result<Option<String>, ProviderError> {
        Ok(convert(self.0.binding())?.map(|binding| binding.project))
    }

    fn author_name(&self) -> Option<String> {
        self.0.author_name()
    }

    fn author_email(&self) -> Option<String> {
        self.0.author_email()
    }
}
