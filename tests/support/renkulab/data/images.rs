//! Whether an image can be pulled.

use serde_json::json;

use super::super::wire::{Request, Response};
use super::super::world::World;
use super::{Reply, check, error};

/// 200 also for images that do not exist.
pub(super) fn check(world: &World, request: &Request) -> Reply {
    let image = request.parameter("image_url").filter(|image| !image.is_empty());
    let image = image.ok_or_else(|| check::invalid("image_url", "Field required"))?;
    let valid =
        image.chars().all(|letter| letter.is_ascii_alphanumeric() || "./-_:@".contains(letter));
    if !valid {
        return Err(error(422, &format!("Cannot parse the image {image}")));
    }
    let answer = world.images.get(image).cloned().unwrap_or_else(
        || json!({"accessible": true, "platforms": [{"architecture": "amd64", "os": "linux"}]}),
    );
    Ok(Response::json(200, &answer))
}
