//! Checks the name of an image before an engine sees it: engines refuse capital
//! letters with a message that does not say so.

use renku_session_sdk::{Error, Result};

/// Fails when the repository of `image` holds capital letters; a registry's
/// host and a tag may.
///
/// # Errors
///
/// `invalid-input`, with the spelling that works.
pub(crate) fn check(image: &str) -> Result<()> {
    let lower = lower_case(image);
    if lower == image {
        return Ok(());
    }
    let error = Error::invalid_input(format!("the image name `{image}` has capital letters"));
    // Only what can be typed and is a name then.
    let is_name =
        |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:@".contains(c));
    Err(match is_name(&lower) {
        true => error.help(format!("run `renku session start --image {lower}`")),
        false => error,
    })
}

/// `image` with its repository in lower case. The first part is a registry's
/// host when it has a dot or a port or is `localhost`.
fn lower_case(image: &str) -> String {
    let (name, digest) = split_before(image, image.find('@'));
    let after_host = match name.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => host.len(),
        _ => 0,
    };
    let (host, path) = split_before(name, Some(after_host));
    let (repository, tag) = split_before(path, path.rfind(':'));
    format!("{host}{}{tag}{digest}", repository.to_lowercase())
}

fn split_before(text: &str, position: Option<usize>) -> (&str, &str) {
    position.and_then(|position| text.split_at_checked(position)).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capital_letters_are_refused_in_the_repository_only() {
        for image in ["a", "a/b:V1", "Registry.Example:5000/a:Tag", "localhost/a@sha256:AB"] {
            check(image).unwrap();
        }
        let error = check("Registry.Example:5000/My/Image:Tag").unwrap_err();
        assert_eq!(
            (error.message.as_str(), error.help.as_deref()),
            (
                "the image name `Registry.Example:5000/My/Image:Tag` has capital letters",
                Some("run `renku session start --image Registry.Example:5000/my/image:Tag`")
            )
        );
        assert_eq!(
            check("Project").unwrap_err().help.unwrap(),
            "run `renku session start --image project`"
        );
        assert_eq!(check("BAD image").unwrap_err().help, None);
    }
}
