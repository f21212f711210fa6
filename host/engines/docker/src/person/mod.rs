//! The session's user as a whole user of an image: an image like it, in which the image's
//! user has the number of the project's owner, and the home with it.
//!
//! It has a name that is made of the image and the numbers, so that a container is made
//! from it without a question; [`Docker::make_person`] comes only when the engine does
//! not have it. Containers say in labels what they were made from in truth.

mod accounts;
mod making;
mod rehome;

use std::collections::HashMap;

use bollard::query_parameters::{ListContainersOptions, ListImagesOptions, RemoveImageOptions};
use sha2::{Digest as _, Sha256};

use crate::contract::{ContainersError, Person};
use crate::domain::hexadecimal;
use crate::{Docker, engine_errors};

/// What such images are called, before the tag.
const REPOSITORY: &str = "renku-session-user";
/// Changes when they are made in another way.
const VERSION: &str = "1";
/// The id of the image that one was made from.
const DERIVED_FROM: &str = "io.renku.session.derived-from";
/// For whom it was made, by the key of the user.
const MADE_FOR: &str = "io.renku.session.derived-for";
/// What a container was made from, by name and id, as its user sees it.
pub(crate) const IMAGE: &str = "io.renku.session.image";
pub(crate) const IMAGE_ID: &str = "io.renku.session.image-id";

/// The name of the image with this user.
pub(crate) fn image_of(person: &Person) -> String {
    let Person { image_id, owner, home, project, made_for: _ } = person;
    let all = format!("{VERSION} {image_id} {} {} {home:?} {project:?}", owner.uid, owner.gid);
    let mut tag = hexadecimal(&Sha256::digest(all));
    tag.truncate(24);
    format!("{REPOSITORY}:{tag}")
}

/// Whether an image of this name is one with a user, on whatever engine.
pub(crate) fn is_image(name: &str) -> bool {
    name.split_once(':').is_some_and(|(repository, tag)| {
        repository.rsplit('/').next() == Some(REPOSITORY) && !tag.contains('/')
    })
}

/// Whether an answer to a request for a container says that the image of a user is missing.
pub(crate) fn is_missing(error: &bollard::errors::Error) -> bool {
    matches!(engine_errors::status(error), Some(404 | 500))
        && engine_errors::message(error).contains(REPOSITORY)
}

impl Docker {
    /// Removes the images with users that were made for the user `owner`, and that no
    /// container was made from.
    pub(crate) async fn prune_persons(&self, owner: &str) -> Result<(), ContainersError> {
        self.remove_persons(format!("{MADE_FOR}={owner}")).await
    }

    /// Removes the images with users of `image`, which would keep it.
    pub(crate) async fn remove_persons_of(&self, image: &str) -> Result<(), ContainersError> {
        let Some(image) = self.local_image(image).await? else { return Ok(()) };
        self.remove_persons(format!("{DERIVED_FROM}={}", image.id)).await
    }

    async fn remove_persons(&self, label: String) -> Result<(), ContainersError> {
        let docker = self.client().await?;
        let filters = Some(HashMap::from([("label".to_owned(), vec![label])]));
        let options = ListImagesOptions { filters, ..ListImagesOptions::default() };
        let images = docker.list_images(Some(options)).await;
        let images = images.map_err(engine_errors::other("list images"))?;
        let persons: Vec<String> = images
            .into_iter()
            .filter_map(|image| image.repo_tags.into_iter().find(|name| is_image(name)))
            .collect();
        if persons.is_empty() {
            return Ok(());
        }
        // An engine takes the name from one whose containers have ended.
        let rows = docker
            .list_containers(Some(ListContainersOptions { all: true, ..Default::default() }))
            .await
            .map_err(engine_errors::other("list containers"))?;
        let used: Vec<String> = rows.into_iter().filter_map(|row| row.image).collect();
        for name in persons.iter().filter(|name| !used.contains(name)) {
            // Its parent is an image of its own.
            let options = RemoveImageOptions { noprune: true, ..RemoveImageOptions::default() };
            if let Err(error) = docker.remove_image(name, Some(options), None).await {
                tracing::debug!("image `{name}` stays: {}", engine_errors::message(&error));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::Owner;

    #[test]
    fn an_image_of_a_user_is_known_by_its_name_alone() {
        let person = |image: &str, uid, project: Option<&str>| Person {
            image_id: image.into(),
            owner: Owner { uid, gid: 100 },
            home: None,
            project: project.map(str::to_owned),
            made_for: String::new(),
        };
        let all = [
            image_of(&person("sha256:1", 1, None)),
            image_of(&person("sha256:2", 1, None)),
            image_of(&person("sha256:1", 2, None)),
            image_of(&person("sha256:1", 1, Some("/data"))),
        ];
        let different: std::collections::BTreeSet<&String> = all.iter().collect();
        assert_eq!(different.len(), all.len());
        assert_eq!(all[0], image_of(&person("sha256:1", 1, None)));
        assert!(all.iter().all(|name| is_image(name)));
        assert!(is_image("localhost/renku-session-user:1"));
        for name in
            ["renku-session-user", "mine:1", "renku-session-user-2:1", "a:1/renku-session-user"]
        {
            assert!(!is_image(name), "{name}");
        }
    }
}
