//! The images that an image of the project was built on, as the engine had them then. One
//! that was built anew since, or whose ONBUILD takes other files now, makes it old.

use std::collections::BTreeMap;

use crate::driver::LocalImage;
use crate::images::Inputs;
use crate::policy::labels;
use crate::{Containers, ContainersError};

impl Containers {
    /// What an image that is built now says about what it is built on. Images that the
    /// engine does not have yet are not among it.
    pub(super) async fn base_labels(&self) -> Result<BTreeMap<String, String>, ContainersError> {
        let mut ids = Vec::new();
        let mut taken = Vec::new();
        for base in &self.0.images.bases {
            let Some(found) = self.0.driver.image(base).await? else { continue };
            ids.push(format!("{base}={}", found.id));
            taken.extend(self.taken_by(&found)?);
        }
        // Empty where there is nothing: an image inherits the labels of what it begins from.
        Ok(BTreeMap::from([
            (labels::BASES.to_owned(), ids.join(" ")),
            (labels::ONBUILD.to_owned(), taken.join(" ")),
        ]))
    }

    /// Whether an image with these labels was built on something else than the engine has
    /// now under the same names.
    pub(super) async fn is_outdated(
        &self,
        of: &BTreeMap<String, String>,
    ) -> Result<bool, ContainersError> {
        let bases = of.get(labels::BASES).map(String::as_str).unwrap_or_default();
        let mut taken = Vec::new();
        for (base, id) in bases.split_whitespace().filter_map(|it| it.rsplit_once('=')) {
            // One that is gone was not replaced.
            let Some(found) = self.0.driver.image(base).await? else { continue };
            if found.id != id {
                return Ok(true);
            }
            taken.extend(self.taken_by(&found)?);
        }
        let before = of.get(labels::ONBUILD).map(String::as_str).unwrap_or_default();
        Ok(!taken.is_empty() && taken.join(" ") != before)
    }

    /// The digest of the files of the project that ONBUILD of an image takes.
    fn taken_by(&self, base: &LocalImage) -> Result<Option<String>, ContainersError> {
        let (Some(project), Some(descriptor)) = (&self.0.scope.project, &self.0.images.descriptor)
        else {
            return Ok(None);
        };
        match base.triggers.is_empty() {
            true => Ok(None),
            false => Ok(Some(Inputs::taken_by(&project.root, descriptor, &base.triggers)?)),
        }
    }
}
