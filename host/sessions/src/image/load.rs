//! Images from an archive, for sessions without a container engine.

use std::path::Path;

use crate::context::Context;
use crate::domain::changes::Change;
use crate::error::SessionsError;
use crate::failure::Failure;
use crate::registry::ImageReference;
use crate::store::{Loaded, Store};

/// What stands for standard input, and what messages call it.
const STREAM: &str = "-";
const STREAM_SHOWN: &str = "standard input";

/// Loads the images in an archive or a folder; `-` is standard input. With `name` the one
/// image gets that name alone.
///
/// # Errors
///
/// When the name cannot be one, or the images cannot be had or kept.
pub async fn load_images(
    context: &Context,
    file: &Path,
    name: Option<&str>,
) -> Result<Vec<Loaded>, Failure> {
    let name = name.map(ImageReference::parse).transpose()?;
    context.may(|| Change::Load { file: file.display().to_string() })?;
    let store = Store::of_user()?;
    let (name, reporter) = (name.as_ref(), context.reporter());
    let load = async {
        if file == Path::new(STREAM) {
            store.load_stream(std::io::stdin(), STREAM_SHOWN, name, reporter).await
        } else {
            store.load(file, name, reporter).await
        }
    };
    tokio::select! {
        biased;
        () = context.cancel().cancelled() => Err(SessionsError::Interrupted.into()),
        loaded = load => Ok(loaded?),
    }
}
