//! Doors for `tests/fuzz`: what a registry answers, read as it is after a request.

use oci_client::client::TagResponse;
use oci_client::manifest::{OciImageIndex, OciManifest};

use super::challenge::Challenge;
use super::link;
use super::tags::Tags;

/// Whether these bytes are a manifest, of one thing or of several.
#[must_use]
pub fn is_manifest(bytes: &[u8]) -> bool {
    serde_json::from_slice::<OciManifest>(bytes).is_ok()
}

/// Whether these bytes are a list of what refers to a manifest.
#[must_use]
pub fn is_list_of_referrers(bytes: &[u8]) -> bool {
    serde_json::from_slice::<OciImageIndex>(bytes).is_ok()
}

/// The versions in a list of tags, newest first or not; none when it is no list.
#[must_use]
pub fn versions(bytes: &[u8]) -> Option<Vec<semver::Version>> {
    let page: TagResponse = serde_json::from_slice(bytes).ok()?;
    let mut tags = Tags::default();
    page.tags.into_iter().for_each(|tag| tags.add(tag));
    Some(tags.versions.into_keys().collect())
}

/// The next page that a header `Link` names.
#[must_use]
pub fn next_page(header: &str) -> Option<&str> {
    link::next([header].into_iter())
}

/// The places that a header `WWW-Authenticate` names for tokens.
#[must_use]
pub fn realms(header: &str) -> Vec<String> {
    let realm = |challenge| match challenge {
        Challenge::Basic => None,
        Challenge::Bearer { realm, .. } => Some(realm),
    };
    Challenge::all(header).into_iter().filter_map(realm).collect()
}
