//! Versions and the tags that stand for them.

use std::collections::BTreeMap;

use semver::Version;

/// How many other tags are kept for a message.
const OTHERS: usize = 10;

/// The tags of a repository.
#[derive(Debug, Default)]
pub(super) struct Tags {
    /// The versions, each with its tag.
    pub(super) versions: BTreeMap<Version, String>,
    /// Some that are none, for a message.
    pub(super) others: Vec<String>,
}

impl Tags {
    pub(super) fn add(&mut self, tag: String) {
        let Some(version) = version_of(&tag) else {
            // Those name signatures and the like, not the provider.
            if self.others.len() < OTHERS && !tag.starts_with("sha256-") {
                self.others.push(tag);
            }
            return;
        };
        // A bare version goes before `v1.0.0`.
        let known = self.versions.entry(version).or_insert_with(|| tag.clone());
        if known.starts_with('v') {
            *known = tag;
        }
    }
}

/// The version that a tag stands for. `+` cannot stand in a tag: it is `_` there, as Helm
/// has it.
#[must_use]
pub fn version_of(tag: &str) -> Option<Version> {
    let bare = tag.strip_prefix('v').unwrap_or(tag);
    Version::parse(&bare.replacen('_', "+", 1)).ok()
}

/// The tag of a version.
#[must_use]
pub fn tag_of(version: &Version) -> String {
    version.to_string().replace('+', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_a_version_in_several_spellings() {
        for (tag, version) in [
            ("1.2.3", Some("1.2.3")),
            ("v1.2.3", Some("1.2.3")),
            ("1.2.3_build.5", Some("1.2.3+build.5")),
            ("1.2.3-rc.1_b", Some("1.2.3-rc.1+b")),
            ("latest", None),
            ("1.2", None),
            ("1.2.3_a_b", None),
            ("sha256-0a", None),
        ] {
            assert_eq!(version_of(tag).map(|it| it.to_string()).as_deref(), version, "{tag}");
        }
        assert_eq!(tag_of(&"1.2.3-rc.1+b.5".parse().unwrap()), "1.2.3-rc.1_b.5");
    }

    #[test]
    fn a_bare_version_goes_before_one_with_a_letter() {
        for both in [["v1.0.0", "1.0.0"], ["1.0.0", "v1.0.0"]] {
            let mut tags = Tags::default();
            both.into_iter().for_each(|tag| tags.add(tag.to_owned()));
            assert_eq!(tags.versions.into_values().collect::<Vec<_>>(), ["1.0.0"]);
        }
    }
}
