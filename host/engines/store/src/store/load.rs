//! Images from archives and folders.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::make::{Cancelling, Turn, Unpacking, aside};
use super::tree::Tree;
use super::user::Store;
use crate::domain::{Reporter, sanitize};
use crate::error::StoreError;
use crate::registry::ImageReference;
use crate::source::{self, Files, Found};

/// An image that was loaded.
#[derive(Debug)]
pub struct Loaded {
    pub tree: Tree,
    /// What it is called here: nothing when the archive had no name for it.
    pub names: Vec<String>,
    /// Whether it was here before.
    pub known: bool,
}

impl Store {
    /// Loads the images for this computer in an archive (`docker save`, or an OCI layout;
    /// compressed or not) or in a folder of these formats. With `name` the one image gets that
    /// name alone.
    ///
    /// # Errors
    ///
    /// When there is none, it is not acceptable, or cannot be kept. Nothing of it stays then.
    pub async fn load(
        &self,
        path: &Path,
        name: Option<&ImageReference>,
        reporter: &dyn Reporter,
    ) -> Result<Vec<Loaded>, StoreError> {
        let (path, shown, limits) = (path.to_owned(), path.display().to_string(), self.limits);
        let open = move || source::at(&path, &shown, &limits).map(|files| (files, shown));
        let (files, shown) = aside(open).await?;
        self.load_all(files.into(), &shown, name, reporter).await
    }

    /// The same from a stream, such as what `docker save` prints or `GET /images/NAME/get` of an
    /// engine answers. `shown` is what messages call it.
    ///
    /// # Errors
    ///
    /// As [`Self::load`], and when there is no room to keep it meanwhile (`TMPDIR`).
    pub async fn load_stream(
        &self,
        stream: impl Read + Send + 'static,
        shown: &str,
        name: Option<&ImageReference>,
        reporter: &dyn Reporter,
    ) -> Result<Vec<Loaded>, StoreError> {
        let (called, limits) = (shown.to_owned(), self.limits);
        let files = aside(move || source::stream(stream, &called, &limits)).await?;
        self.load_all(files.into(), shown, name, reporter).await
    }

    async fn load_all(
        &self,
        files: Arc<dyn Files>,
        shown: &str,
        name: Option<&ImageReference>,
        reporter: &dyn Reporter,
    ) -> Result<Vec<Loaded>, StoreError> {
        let (called, limits, all) = (shown.to_owned(), self.limits, Arc::clone(&files));
        let found = aside(move || source::images(&*all, &called, &limits)).await?;
        if let (Some(_), count @ 2..) = (name, found.len()) {
            return Err(StoreError::Several { source_name: sanitize(shown), count });
        }
        let mut loaded = Vec::new();
        for image in found {
            let names = match name {
                Some(name) => vec![name.clone()],
                None => {
                    let names = image.names.iter().map(|name| ImageReference::parse(name));
                    names.collect::<Result<_, _>>()?
                }
            };
            loaded.push(self.load_one(Arc::clone(&files), image, &names, shown, reporter).await?);
        }
        reporter.finish();
        Ok(loaded)
    }

    async fn load_one(
        &self,
        files: Arc<dyn Files>,
        image: Found,
        names: &[ImageReference],
        shown: &str,
        reporter: &dyn Reporter,
    ) -> Result<Loaded, StoreError> {
        let digest = image.digest;
        let places = names.iter().map(|name| name.place().map(|place| place.to_string()));
        let places = places.collect::<Result<Vec<_>, _>>()?;
        let folder = self.folder()?;
        let (tree, known) = match self.turn(&folder, &digest, reporter).await? {
            Turn::There(tree) => (*tree, true),
            Turn::Ours(lock) => {
                reporter.phase("Unpacking the image");
                self.unpack(files, image, shown, reporter).await?;
                (self.made(&folder, &digest, lock)?, false)
            }
        };
        self.names().set(&places, digest)?;
        Ok(Loaded { tree, names: names.iter().map(ToString::to_string).collect(), known })
    }

    async fn unpack(
        &self,
        files: Arc<dyn Files>,
        image: Found,
        shown: &str,
        reporter: &dyn Reporter,
    ) -> Result<(), StoreError> {
        let cancelling = Cancelling::default();
        let folder = self.folder()?;
        let mut unpacking =
            Unpacking::begin(&folder, shown, self.limits, Arc::clone(&cancelling.0))?;
        let total = image.layers.len() as u64;
        let image = Arc::new(image);
        for at in 0..image.layers.len() {
            reporter.amount(at as u64, total, "layers");
            let (files, image, shown) = (Arc::clone(&files), Arc::clone(&image), shown.to_owned());
            unpacking = aside(move || {
                let Some((stored, promised)) = image.promised().nth(at) else {
                    return Ok(unpacking);
                };
                let opened = files.open(&stored.file);
                let opened = opened.map_err(|error| StoreError::reading(&shown, error))?;
                let opened = opened.ok_or_else(|| {
                    let file = sanitize(&stored.file);
                    StoreError::no_image(&shown, format!("its layer `{file}` is not there"))
                })?;
                unpacking.lay(opened, &promised)?;
                Ok(unpacking)
            })
            .await?;
        }
        aside(move || unpacking.finish(&image.digest, &image.config)).await
    }
}
