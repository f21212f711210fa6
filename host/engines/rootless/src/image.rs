//! Images: those of the store, which is filled from registries and archives. Nothing is
//! built here.

use crate::contract::{ContainersError, ImageError, LocalImage, NamedImage};
use crate::domain::{EngineCommands, ErrorKind, ImageState, Phase, Reporter, Said};
use crate::error::io_failed;
use crate::registry::artifacts::{Purpose, Registry, RegistryError};
use crate::registry::{ImageReference, UsersLogins};
use crate::rootless::Rootless;
use crate::store::{StoreError, Tree};

/// The image of this name, with its files.
pub(crate) fn find(name: &str) -> Result<Option<Tree>, ContainersError> {
    let store = Rootless::store()?;
    let failed = |error: StoreError| io_failed("find the image", &error);
    if let Ok(digest) = name.parse() {
        return store.get(&digest).map_err(failed);
    }
    store.find(&ImageReference::parse(name)?).map_err(failed)
}

impl Rootless {
    pub(crate) fn find_image(&self, name: &str) -> Result<Option<LocalImage>, ContainersError> {
        Ok(find(name)?.map(|tree| LocalImage {
            id: tree.digest.to_string(),
            names: vec![name.to_owned()],
            config: tree.config.clone(),
            // Nothing is built here.
            triggers: Vec::new(),
        }))
    }

    pub(crate) async fn look_up_image(
        &self,
        image: NamedImage<'_>,
    ) -> Result<ImageState, ContainersError> {
        let asked = async {
            let place = image.reference.place()?;
            let registry = Registry::connect(&place, &UsersLogins, Purpose::Pull).await?;
            registry.image(&place.which).await?;
            Ok::<_, StoreError>(())
        };
        match asked.await {
            Ok(()) => Ok(ImageState::Remote),
            Err(StoreError::Registry(RegistryError::Missing { .. })) => Ok(ImageState::Absent),
            Err(StoreError::Registry(RegistryError::Denied { .. })) => Ok(ImageState::Inaccessible),
            Err(error) => Err(not_pulled(image, &error)),
        }
    }

    pub(crate) async fn pull_image(
        &self,
        image: NamedImage<'_>,
        phase: &Phase,
    ) -> Result<(), ContainersError> {
        let store = Self::store()?;
        let pulled = store.pull(image.reference, &UsersLogins, &Within(phase)).await;
        pulled.map(drop).map_err(|error| not_pulled(image, &error))
    }
}

/// Nothing is built here.
pub(crate) fn cannot_build() -> ContainersError {
    ContainersError::Unsupported {
        what: "build images".to_owned(),
        hint: "start an image that exists: `--image IMAGE`, or load one from an archive: \
               `renku session image load FILE`"
            .to_owned(),
    }
}

fn not_pulled(image: NamedImage<'_>, error: &StoreError) -> ContainersError {
    use crate::domain::Diagnostic as _;
    let (registry, name) = (image.reference.registry().to_owned(), image.name.to_owned());
    let message = std::iter::once(error.to_string()).chain(error.causes());
    let message = message.collect::<Vec<_>>().join(": ");
    match error {
        StoreError::Registry(RegistryError::Missing { .. }) => {
            ImageError::PullNotFound { image: name, message }
        }
        StoreError::Registry(RegistryError::Denied { .. }) => {
            let client = EngineCommands::default();
            ImageError::PullDenied { image: name, registry, message, client }
        }
        error if error.kind() == ErrorKind::Unavailable => {
            ImageError::PullUnreachable { image: name, message }
        }
        _ => ImageError::PullFailed { image: name, message },
    }
    .into()
}

/// The progress of a pull inside of a phase.
struct Within<'a>(&'a Phase);

impl Reporter for Within<'_> {
    fn phase(&self, _: &str) {}

    fn amount(&self, done: u64, total: u64, unit: &str) {
        self.0.amount(done, total, unit);
    }

    fn note(&self, text: &str) {
        self.0.note(text);
    }

    fn finish(&self) {}

    fn message(&self, text: &str) {
        self.0.note(text);
    }

    fn said(&self, _: &str, _: Said<'_>) {}
}
