//! Whether the cluster can pull an image.

use renku_session_sdk::{Error, ErrorKind, ImageState, Result};

use crate::call::Call;
use crate::model::ImageAnswer;
use crate::outside::Outside;
use crate::service;

/// Where an image is, as RenkuLab sees it.
///
/// # Errors
///
/// `denied` or `unauthenticated` with what can be done when it may not be
/// pulled, `not-found` when nobody knows it.
pub(crate) fn find(outside: &dyn Outside, image: &str) -> Result<ImageState> {
    let answer = look(outside, image)?;
    if answer.accessible {
        Ok(ImageState::Remote)
    } else {
        Err(why_not(&outside.base(), image, &answer))
    }
}

/// What RenkuLab knows of an image.
///
/// # Errors
///
/// When it refuses to say.
pub(crate) fn look(outside: &dyn Outside, image: &str) -> Result<ImageAnswer> {
    let call = Call::get(&["sessions", "images"], "look for the image").query("image_url", image);
    service::ask(outside, &call)
}

fn why_not(base: &str, image: &str, answer: &ImageAnswer) -> Error {
    let provider = answer.provider.as_ref();
    let registry = provider.and_then(|one| one.name.as_deref().or(one.id.as_deref()));
    let connect = format!("open {base}/integrations in the browser");
    let status = answer.connection.as_ref().map(|connection| connection.status.as_str());
    match (registry, status) {
        (Some(registry), None) => Error::new(
            ErrorKind::Denied,
            format!("RenkuLab cannot pull `{image}`: it does not have your account at {registry}"),
        )
        .help(format!("{connect} and connect {registry}")),
        (registry, Some("connected")) => Error::new(
            ErrorKind::NotFound,
            format!(
                "RenkuLab cannot pull `{image}`: with your account at {} it finds no such image",
                registry.unwrap_or("its registry")
            ),
        )
        .help("check the name, and whether your account may read it"),
        (registry, Some(status)) => Error::new(
            ErrorKind::Denied,
            format!(
                "RenkuLab cannot pull `{image}`: the connection to your account at {} does not work ({})",
                registry.unwrap_or("its registry"),
                status.replace('_', " ")
            ),
        )
        .help(format!("{connect} and connect it again")),
        (None, None) => Error::not_found(format!(
            "RenkuLab cannot pull `{image}`: there is no such image, it is not public, or its registry does not answer"
        ))
        .help("check the name, and whether everybody may read it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Script;

    fn found(answer: &str) -> Result<ImageState> {
        let request = "GET /api/data/sessions/images?image_url=x/y:1";
        find(&Script::new().answer(request, 200, answer), "x/y:1")
    }

    #[test]
    fn an_accessible_image_is_in_its_registry() {
        assert_eq!(found(r#"{"accessible":true,"platforms":[]}"#).unwrap(), ImageState::Remote);
    }

    #[test]
    fn why_an_image_is_not_accessible_is_said() {
        for (answer, expected) in [
            (
                r#"{"accessible":false}"#,
                "there is no such image, it is not public, or its registry does not answer",
            ),
            (
                r#"{"accessible":false,"provider":{"id":"gl","name":"GitLab","url":"https://gitlab.com"}}"#,
                "it does not have your account at GitLab",
            ),
            (
                r#"{"accessible":false,"provider":{"id":"gl","name":"GitLab"},"connection":{"id":"1","provider_id":"gl","status":"invalid_credentials"}}"#,
                "the connection to your account at GitLab does not work (invalid credentials)",
            ),
            (
                r#"{"accessible":false,"connection":{"id":"1","provider_id":"gl","status":"connected"}}"#,
                "with your account at its registry it finds no such image",
            ),
        ] {
            let error = found(answer).unwrap_err();
            assert_eq!(error.message, format!("RenkuLab cannot pull `x/y:1`: {expected}"));
        }
    }
}
