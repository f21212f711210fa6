//! Images: found, pulled, named and removed.

use crate::call::Call;
use crate::contract::{ContainersError, Filter, ImageError, ListedImage, LocalImage, NamedImage};
use crate::domain::{EngineCommands, ImageState, Phase};
use crate::engine::{Memory, leave};
use crate::image::{Access, Image, RemoteImage};
use crate::registry::ImageReference;
use crate::state::{State, full_name};

/// In how many pieces an image is pulled.
const PIECES: u64 = 4;

impl Memory {
    pub(crate) async fn find_image(
        &self,
        name: &str,
    ) -> Result<Option<LocalImage>, ContainersError> {
        self.call(Call::Image, |state| {
            Ok(state.image(name).map(|image| LocalImage {
                id: image.id.clone(),
                names: image.names.iter().cloned().collect(),
                config: image.config(),
                triggers: Vec::new(),
            }))
        })
        .await
    }

    pub(crate) async fn registry_state(
        &self,
        image: NamedImage<'_>,
    ) -> Result<ImageState, ContainersError> {
        self.call(Call::LookUp, |state| {
            let found = state.registries.get(&full_name(image.name));
            match found.map(|it| it.access) {
                None => Ok(ImageState::Absent),
                Some(Access::Open) => Ok(ImageState::Remote),
                Some(Access::Private) => Ok(ImageState::Inaccessible),
                Some(Access::Unreachable) => Err(unreachable(image.name)),
            }
        })
        .await
    }

    pub(crate) async fn pull_image(
        &self,
        image: NamedImage<'_>,
        phase: &Phase,
    ) -> Result<(), ContainersError> {
        let effect = self.enter(Call::Pull).await?;
        let name = full_name(image.name);
        let found = self.at_once(Call::Pull, |state| Ok(state.registries.get(&name).cloned()))?;
        let (image, registry) = (image.name.to_owned(), image.reference.registry().to_owned());
        let content = match found {
            Some(RemoteImage { image, access: Access::Open }) => image,
            Some(RemoteImage { access: Access::Unreachable, .. }) => {
                return Err(unreachable(&image));
            }
            Some(RemoteImage { access: Access::Private, .. }) => {
                let message = "unauthorized: authentication required".to_owned();
                return Err(ImageError::PullDenied {
                    image,
                    registry,
                    message,
                    client: EngineCommands::default(),
                }
                .into());
            }
            None => {
                let message = "manifest unknown".to_owned();
                return Err(ImageError::PullNotFound { image, message }.into());
            }
        };
        phase.note("0 of 1 layers");
        for piece in 1..=PIECES {
            phase.amount(content.size / PIECES * piece, content.size, "bytes");
            tokio::task::yield_now().await;
        }
        phase.note("1 of 1 layers");
        self.at_once(Call::Pull, |state| {
            state.add_image(&name, content);
            Ok(())
        })?;
        leave(Call::Pull, effect.as_ref())
    }

    pub(crate) async fn list_images(
        &self,
        filter: &Filter,
    ) -> Result<Vec<ListedImage>, ContainersError> {
        self.call(Call::Images, |state| {
            let found = state.images.iter().filter(|image| filter.passes(&image.labels));
            let listed = found.map(|image| ListedImage {
                id: image.id.clone(),
                names: image.names.iter().cloned().collect(),
                labels: image.labels.clone(),
                created: image.created,
            });
            Ok(listed.collect())
        })
        .await
    }

    pub(crate) async fn name_image(
        &self,
        id: &str,
        name: &ImageReference,
    ) -> Result<(), ContainersError> {
        self.call(Call::Tag, |state| {
            let name = format!("{}:{}", name.repository, name.version);
            state.take_name(&name);
            match state.images.iter_mut().find(|image| image.id == id) {
                Some(image) => {
                    image.names.insert(name);
                    Ok(())
                }
                None => Err(ImageError::ImageMissing {
                    image: id.to_owned(),
                    client: EngineCommands::default(),
                }
                .into()),
            }
        })
        .await
    }

    pub(crate) async fn drop_image(
        &self,
        name: &str,
        keep_parents: bool,
    ) -> Result<(), ContainersError> {
        self.call(Call::RemoveImage, |state| {
            let Some(image) = state.image(name) else { return Ok(()) };
            let id = image.id.clone();
            if id != name {
                state.take_name(&full_name(name));
            }
            let is_named = state.image(&id).is_some_and(|image| !image.names.is_empty());
            if !is_named {
                remove(state, &id, keep_parents);
            }
            Ok(())
        })
        .await
    }

    pub(crate) async fn drop_unused_images(&self, filter: &Filter) -> Result<u64, ContainersError> {
        self.call(Call::PruneImages, |state| {
            let all = state.images.clone();
            let mut freed = 0;
            for image in all.iter().filter(|image| filter.passes(&image.labels)) {
                freed += remove(state, &image.id, false);
            }
            Ok(freed)
        })
        .await
    }
}

/// Removes an image that no container was made from and none stands on; how many bytes
/// that freed.
fn remove(state: &mut State, id: &str, keep_parents: bool) -> u64 {
    let is_used = state.containers.values().any(|container| container.image_id == id)
        || state.images.iter().any(|image| image.parent.as_deref() == Some(id));
    let Some(at) = state.images.iter().position(|image| image.id == id).filter(|_| !is_used) else {
        return 0;
    };
    let Image { size, parent, .. } = state.images.remove(at);
    // One without a name was only there for this.
    let orphan = parent.filter(|parent| {
        !keep_parents && state.image(parent).is_some_and(|image| image.names.is_empty())
    });
    size + orphan.map_or(0, |orphan| remove(state, &orphan, false))
}

fn unreachable(image: &str) -> ContainersError {
    let message = "no route to the registry".to_owned();
    ImageError::PullUnreachable { image: image.to_owned(), message }.into()
}
