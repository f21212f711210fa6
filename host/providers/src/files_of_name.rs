//! Every file that has a name, and not only the one that the name means just now:
//! what is taken from a name is taken from all of them.

use super::catalogue::Catalogue;
use super::error::ProvidersError;
use super::name::{Name, Versions};
use super::provider::Provider;

impl Catalogue {
    /// The files of `name` in the project, the user's store and on this machine.
    /// What is broken is left out: it does not run.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn files_of(
        &self,
        name: &Name,
        versions: &Versions,
    ) -> Result<Vec<Provider>, ProvidersError> {
        let mut found: Vec<Provider> = Vec::new();
        found.extend(self.project_file(name).ok().flatten().map(Provider::from));
        let receipts = self.store()?.versions(name)?.receipts;
        found.extend(receipts.into_iter().map(|receipt| Provider::Installed(Box::new(receipt))));
        found.extend(self.system_file(name).ok().flatten().map(Provider::from));
        found.retain(|entry| match entry.version() {
            Some(version) => versions.allow(&version),
            None => *versions == Versions::Any,
        });
        Ok(found)
    }
}
