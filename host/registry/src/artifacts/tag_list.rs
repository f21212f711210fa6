//! The tags of a repository, page by page.

use oci_client::client::TagResponse;

use super::error::RegistryError;
use super::link;
use super::registry::Registry;
use super::tags::Tags;
use crate::web::http::Fetch;

/// How many tags are asked for at once; registries may give fewer.
const PAGE: usize = 1000;
/// More pages than this are no list of versions.
const PAGES: usize = 500;
/// More versions than this are no list of versions.
const VERSIONS: usize = 100_000;

impl Registry {
    /// All tags. A list that is cut off is an error: the newest version could be missing.
    ///
    /// # Errors
    ///
    /// When the registry does not say, or says too much.
    pub(super) async fn tags(&self) -> Result<Tags, RegistryError> {
        let place = self.place.place();
        let endless = || RegistryError::TooMuch {
            host: self.place.host.clone(),
            reason: format!(
                "a list of versions ends within {PAGES} pages of 1 MiB and {VERSIONS} versions"
            ),
        };
        let mut tags = Tags::default();
        let mut url = self.wire.url(&format!("tags/list?n={PAGE}"))?;
        for _ in 0..PAGES {
            let answer = self.wire.send(Fetch::get(url)).await?;
            let answer = self.wire.accepted(&place, answer).await?;
            let following = link::next(answer.headers("link")).map(|link| answer.url().join(link));
            let page: TagResponse = self.wire.json(answer, "list of versions").await?;
            let (count, last) = (page.tags.len(), page.tags.last().cloned());
            page.tags.into_iter().for_each(|tag| tags.add(tag));
            if tags.versions.len() > VERSIONS {
                return Err(endless());
            }
            url = match (following, last) {
                (Some(Ok(next)), _) if self.wire.is_own(&next) => next,
                (Some(_), _) => {
                    return Err(RegistryError::Forbidden {
                        host: self.place.host.clone(),
                        reason: "its list of versions goes on at another place".to_owned(),
                    });
                }
                // A full page without a link: some registries know `last` alone.
                (None, Some(last)) if count >= PAGE => {
                    let mut next = self.wire.url("tags/list")?;
                    let pairs = [("n", PAGE.to_string()), ("last", last)];
                    next.query_pairs_mut().extend_pairs(pairs);
                    next
                }
                (None, _) => return Ok(tags),
            };
        }
        Err(endless())
    }
}
