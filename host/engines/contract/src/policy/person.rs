//! Whom a session's program runs as, where that is not simply the image's own user: a
//! whole user of the image, with a name, a home and its contents.
//!
//! An engine makes an image like the one that was asked for, where the image's user has
//! the number of the owner of the project and owns their home. It is made once for an
//! image and an owner; nothing but the engine knows of it.

use serde::Serialize;

use crate::images::{ImageConfig, Owner};

/// A home that is in no image.
pub(crate) const OWN_HOME: &str = "/home/renku";

/// The user of a session, who has to be made in its image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The image, by its id.
    pub image_id: String,
    /// Their numbers.
    pub owner: Owner,
    /// Their home; none: that of the image's user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home: Option<String>,
    /// Where the project is, when that is not below the image's working directory: no
    /// home may be there or above, and they must be able to go there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The user of `renku` for whom it is made, by their key.
    #[serde(skip)]
    pub made_for: String,
}

impl Person {
    /// The owner of the project in this image, whose project will be at `project`.
    pub(crate) fn new(
        image_id: &str,
        image: &ImageConfig,
        owner: Owner,
        project: Option<&str>,
    ) -> Self {
        Self {
            image_id: image_id.to_owned(),
            owner,
            home: None,
            project: project.filter(|target| !is_usual(target, image)).map(str::to_owned),
            made_for: String::new(),
        }
    }

    /// With a home of their own, whatever is in the image.
    pub(crate) fn with_own_home(mut self) -> Self {
        self.home = Some(OWN_HOME.to_owned());
        self
    }
}

/// Whether a folder lies where every session of this image has its project, whatever the
/// project is called. One image of a user then serves all projects.
fn is_usual(target: &str, image: &ImageConfig) -> bool {
    let base = image.working_directory.trim_end_matches('/');
    let below = target.strip_prefix(base).and_then(|rest| rest.strip_prefix("/work/"));
    below.is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_counts_only_where_it_is_at_an_unusual_place() {
        let image =
            ImageConfig { working_directory: "/home/jovyan".into(), ..ImageConfig::default() };
        let owner = Owner { uid: 1, gid: 1 };
        let project = |target: &str| Person::new("id", &image, owner, Some(target)).project;
        assert_eq!(project("/home/jovyan/work/analysis"), None);
        assert_eq!(project("/home/jovyan").as_deref(), Some("/home/jovyan"));
        assert_eq!(project("/data/x").as_deref(), Some("/data/x"));
        let plain = ImageConfig::default();
        assert_eq!(Person::new("id", &plain, owner, Some("/work/analysis")).project, None);
    }
}
