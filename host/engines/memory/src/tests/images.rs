//! Images: where they are, pulled, built, named and removed.

use std::collections::BTreeMap;

use super::{Ground, IMAGE};
use crate::contract::{ContainersError, ImageError, ImageOptions};
use crate::domain::ImageState;
use crate::image::{Access, Image, RemoteImage};

const REMOTE: &str = "registry.example.org/a/b:1";
const BUILT: &str = "analysis:1234567";

impl Ground {
    fn with_remote(access: Access) -> Self {
        let ground = Self::new();
        let remote = RemoteImage { image: Image::default(), access };
        ground.change(|state| state.registries.insert(REMOTE.to_owned(), remote));
        ground
    }

    async fn build(&self, dockerfile: &str) -> Result<(), ContainersError> {
        std::fs::write(self.root().join("Dockerfile"), dockerfile).expect("write");
        let built_from = Some("digest".to_owned());
        let containers = self.with_images(ImageOptions { built_from, ..ImageOptions::default() });
        containers.build(&self.root(), "Dockerfile", BUILT, &BTreeMap::new()).await
    }
}

#[tokio::test]
async fn images_are_here_in_a_registry_nowhere_or_out_of_reach() {
    for (access, expected) in [
        (Access::Open, Some(ImageState::Remote)),
        (Access::Private, Some(ImageState::Inaccessible)),
        (Access::Unreachable, None),
    ] {
        let containers = Ground::with_remote(access).containers();
        assert_eq!(containers.image_state(REMOTE).await.ok(), expected);
    }
    let containers = Ground::new().containers();
    assert_eq!(containers.image_state(IMAGE).await.ok(), Some(ImageState::Local));
    assert_eq!(containers.image_state(REMOTE).await.ok(), Some(ImageState::Absent));
}

#[tokio::test]
async fn an_image_is_here_once_it_was_pulled() {
    let containers = Ground::with_remote(Access::Open).containers();
    containers.pull(REMOTE).await.expect("pull");
    assert_eq!(containers.image_state(REMOTE).await.ok(), Some(ImageState::Local));
    let private = Ground::with_remote(Access::Private).containers().pull(REMOTE).await;
    assert!(
        matches!(private, Err(ContainersError::Image(ImageError::PullDenied { .. }))),
        "{private:?}"
    );
}

#[tokio::test]
async fn what_is_built_remembers_its_recipe_and_says_what_its_dockerfile_says() {
    let ground = Ground::new();
    let dockerfile = format!("FROM {IMAGE}\nEXPOSE 8888\n");
    ground.build(&dockerfile).await.expect("build");
    let config = ground.containers().image_config(BUILT).await.expect("config");
    assert_eq!((config.command, config.exposed_ports), (vec!["serve".to_owned()], vec![8888]));
    let built = ground.change(|state| state.image(BUILT).cloned()).expect("image");
    assert_eq!(built.built_of, Some((dockerfile, BTreeMap::new())));
    let own = ground.containers().project_images("analysis").await.expect("images");
    let own: Vec<_> = own.iter().map(|image| (image.names.concat(), image.in_use)).collect();
    assert_eq!(own, [(BUILT.to_owned(), false)]);
}

#[tokio::test]
async fn a_build_fails_at_its_step_or_without_what_it_begins_from() {
    let ground = Ground::new();
    let failed = ground.build(&format!("FROM {IMAGE}\nRUN echo no && exit 3\n")).await;
    let Err(ContainersError::Image(ImageError::BuildStep { number, output, .. })) = failed else {
        panic!("{failed:?}");
    };
    assert_eq!((number, output), (2, vec!["no".to_owned()]));
    let failed = ground.build("FROM nobody/has:it\n").await;
    assert!(
        matches!(failed, Err(ContainersError::Image(ImageError::BaseImage { .. }))),
        "{failed:?}"
    );
}

#[tokio::test]
async fn pruning_frees_what_no_container_uses() {
    let ground = Ground::new();
    ground.build(&format!("FROM {IMAGE}\n")).await.expect("build");
    let containers = ground.containers();
    let used = super::spec("a1");
    containers.start(used).await.expect("start");
    let images = containers.project_images("analysis").await.expect("images");
    assert!(containers.prune_project_images(&images).await.expect("prune") > 0);
    assert!(ground.change(|state| state.image(BUILT).is_none() && state.image(IMAGE).is_some()));
}
