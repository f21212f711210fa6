//! What refers to a manifest (specification, "Listing Referrers"), also where the
//! registry is older and knows only tags ("Referrers Tag Schema").
//!
//! Unknown is not nothing: only an answer that says so means that nothing refers to it.

use oci_client::manifest::{
    ImageIndexEntry, OCI_IMAGE_INDEX_MEDIA_TYPE, OciImageIndex, OciManifest,
};

use super::error::RegistryError;
use super::link;
use super::registry::Registry;
use crate::web::http::Fetch;

/// Pages of a list of referrers. One has up to 1 MiB.
const PAGES: usize = 20;

/// The tag that lists what refers to `digest`.
pub(super) fn tag_of(digest: &str) -> String {
    digest.replace(':', "-")
}

impl Registry {
    /// What refers to the manifest `digest`, as the registry's own list has it; none
    /// when it keeps no such list.
    ///
    /// # Errors
    ///
    /// When it may keep one and does not give it.
    pub(super) async fn referrers(
        &self,
        digest: &str,
        kind: &str,
    ) -> Result<Option<Vec<ImageIndexEntry>>, RegistryError> {
        let shown = format!("{}@{digest}", self.place.place());
        let mut url = self.wire.url(&format!("referrers/{digest}"))?;
        url.query_pairs_mut().append_pair("artifactType", kind);
        let mut found = Vec::new();
        for page in 0..PAGES {
            let request = Fetch::get(url).accepting(&[OCI_IMAGE_INDEX_MEDIA_TYPE]);
            let answer = match self.wire.send(request).await {
                // To a page for people, such as a login.
                Err(RegistryError::Forbidden { .. }) if page == 0 => return Ok(None),
                other => other?,
            };
            match answer.status() {
                200 if answer.media_type() == OCI_IMAGE_INDEX_MEDIA_TYPE => {}
                // Whoever answers does not know the question.
                200 | 301..=308 | 400 | 401 | 403..=406 | 501 if page == 0 => return Ok(None),
                _ => return Err(self.wire.refused(&shown, answer).await),
            }
            let following = link::next(answer.headers("link")).map(|link| answer.url().join(link));
            let index: OciImageIndex = self.wire.json(answer, "list of signatures").await?;
            found.extend(index.manifests);
            match following {
                Some(Ok(next)) if self.wire.is_own(&next) => url = next,
                Some(_) => {
                    return Err(RegistryError::Forbidden {
                        host: self.place.host.clone(),
                        reason: "its list of signatures goes on at another place".to_owned(),
                    });
                }
                None => return Ok(Some(found)),
            }
        }
        Err(RegistryError::TooMuch {
            host: self.place.host.clone(),
            reason: format!("a list of signatures ends within {PAGES} pages of 1 MiB"),
        })
    }

    /// The list under the tag that stands for `digest`; none when there is no such tag.
    ///
    /// # Errors
    ///
    /// When the registry does not say whether there is one.
    pub(super) async fn tagged_referrers(
        &self,
        digest: &str,
    ) -> Result<Option<OciImageIndex>, RegistryError> {
        let shown = format!("{}@{digest}", self.place.place());
        let tag = tag_of(digest);
        match self.manifest(&shown, &tag).await {
            Err(RegistryError::Missing { .. }) => Ok(None),
            Err(error) => Err(error),
            Ok(manifest) => match manifest.parsed {
                OciManifest::ImageIndex(index) => Ok(Some(index)),
                OciManifest::Image(_) => Err(RegistryError::NotAProvider {
                    reference: shown,
                    reason: format!("the tag `{tag}` is not a list of signatures"),
                }),
            },
        }
    }
}
