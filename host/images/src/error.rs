//! Images that cannot be found, pulled or built.

use crate::domain::{Diagnostic, ErrorKind, text};
use crate::files::{FileError, Reason};
use crate::registry::ReferenceError;

/// What helps against a full disk.
const MAKE_ROOM: &str = "make room: `renku session image prune` removes images of this project \
     that no session uses, `docker system df` shows what takes space";

/// Why there is no image.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The image name cannot be one.
    #[error(transparent)]
    InvalidImageName(#[from] ReferenceError),
    /// The engine does not have the image.
    #[error("there is no image `{image}` on this engine")]
    ImageMissing { image: String },
    /// The name of the project's image is that of an image of somebody else.
    #[error(
        "the image `{image}` was not built by `renku session`, and nothing is built in its place"
    )]
    NotOurs { image: String },
    /// The registry does not have the image.
    #[error("the image `{image}` was not found in its registry")]
    PullNotFound {
        image: String,
        /// The engine's words.
        message: String,
    },
    /// The registry wants a login.
    #[error("the image `{image}` does not exist or needs a login")]
    PullDenied {
        image: String,
        /// The registry's host.
        registry: String,
        /// The engine's words.
        message: String,
    },
    /// The registry does not answer.
    #[error("the registry of the image `{image}` cannot be reached")]
    PullUnreachable {
        image: String,
        /// The engine's words.
        message: String,
    },
    /// Another failure of a pull.
    #[error("pulling the image `{image}` failed")]
    PullFailed {
        image: String,
        /// The engine's words.
        message: String,
    },
    /// A registry answers, but cannot say whether it has the image.
    #[error("the registry `{registry}` could not say whether it has the image `{image}`")]
    RegistryBroken {
        image: String,
        /// The registry's host.
        registry: String,
        /// The engine's words.
        message: String,
    },
    /// The engine has no room left.
    #[error("the disk of the container engine is full: {what} failed")]
    DiskFull {
        /// What was under way.
        what: String,
        /// The engine's words.
        message: String,
    },
    /// A step of the Dockerfile failed.
    #[error("building `{image}` failed at step {number}: `{step}`")]
    BuildStep {
        image: String,
        /// Which step, from 1. Without a total: the builder counts the labels
        /// of the host as steps, too.
        number: u64,
        step: String,
        /// Its last lines of output.
        output: Vec<String>,
        /// The engine's words.
        message: String,
    },
    /// The image that the Dockerfile begins from.
    #[error(
        "building `{image}` failed: the image `{base}` that its Dockerfile begins from cannot be had"
    )]
    BaseImage {
        /// The image that is built.
        image: String,
        /// The one it begins from.
        base: String,
        /// The engine's words.
        message: String,
    },
    /// The build failed before or between steps.
    #[error("building `{image}` failed")]
    BuildFailed {
        image: String,
        /// The engine's words.
        message: String,
    },
    /// The Dockerfile is not there.
    #[error("there is no Dockerfile `{descriptor}` in the project")]
    DockerfileMissing {
        /// The path, relative to the project.
        descriptor: String,
    },
    /// The Dockerfile is not in the project.
    #[error("the Dockerfile `{descriptor}` is outside the project")]
    DockerfileOutside {
        /// The path that was given.
        descriptor: String,
    },
    /// A file of the project cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// A line of `.dockerignore` that means nothing.
    #[error("`{file}` has an invalid pattern: `{pattern}`")]
    IgnorePattern {
        /// The file, relative to the project.
        file: String,
        pattern: String,
    },
}

impl Diagnostic for ImageError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::PullUnreachable { .. } | Self::RegistryBroken { .. } => ErrorKind::Unavailable,
            Self::ImageMissing { .. }
            | Self::PullNotFound { .. }
            | Self::DockerfileMissing { .. } => ErrorKind::NotFound,
            Self::InvalidImageName(_)
            | Self::DockerfileOutside { .. }
            | Self::IgnorePattern { .. } => ErrorKind::InvalidInput,
            Self::NotOurs { .. } => ErrorKind::Conflict,
            Self::PullDenied { .. } => ErrorKind::Unauthenticated,
            Self::DiskFull { .. } => ErrorKind::ResourceExhausted,
            Self::PullFailed { .. }
            | Self::BuildStep { .. }
            | Self::BaseImage { .. }
            | Self::BuildFailed { .. } => ErrorKind::Other,
            Self::File(error) => error.kind(),
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::InvalidImageName(error) => return error.hint(),
            Self::ImageMissing { image } => {
                format!("`docker pull {image}`, or name another image with `--image`")
            }
            Self::NotOurs { image } => format!(
                "`docker rmi {image}` frees the name; `docker tag {image} NAME` before keeps the image"
            ),
            Self::PullNotFound { .. } => "check the name and tag of the image".to_owned(),
            Self::PullDenied { registry, .. } => {
                format!("check the name of the image, or `docker login {registry}`")
            }
            Self::PullUnreachable { .. } => "check the network, then try again".to_owned(),
            Self::RegistryBroken { .. } => "try again later, or name another image with `--image`".to_owned(),
            Self::BaseImage { base, .. } => format!(
                "check the line `FROM {base}` and the network; a private image needs `docker login`"
            ),
            Self::DiskFull { .. } => MAKE_ROOM.to_owned(),
            Self::BuildStep { output, .. }
                if output.iter().any(|line| text::says_disk_is_full(line)) =>
            {
                MAKE_ROOM.to_owned()
            }
            Self::BuildStep { message, .. } if message.contains("BuildKit") => {
                "this build uses the classic builder: write the step without BuildKit options such as \
                 `RUN --mount`"
                    .to_owned()
            }
            Self::BuildStep { .. } => "correct this step of the Dockerfile, then start again".to_owned(),
            Self::DockerfileMissing { .. } => {
                "name it with `--file PATH`, or use an existing image with `--image IMAGE`".to_owned()
            }
            Self::DockerfileOutside { .. } => "`--file` takes a path inside the project".to_owned(),
            Self::IgnorePattern { file, .. } => format!("correct or remove the line in `{file}`"),
            Self::File(error) => match error.reason() {
                Reason::Unreadable(_) => {
                    let path = error.path().display();
                    format!("make it readable, or list `{path}` in `.dockerignore`")
                }
                _ => return error.hint(),
            },
            Self::PullFailed { .. } | Self::BuildFailed { .. } => return None,
        };
        Some(hint)
    }

    fn causes(&self) -> Vec<String> {
        match self {
            Self::PullNotFound { message, .. }
            | Self::PullDenied { message, .. }
            | Self::PullUnreachable { message, .. }
            | Self::PullFailed { message, .. }
            | Self::RegistryBroken { message, .. }
            | Self::BaseImage { message, .. }
            | Self::DiskFull { message, .. }
            | Self::BuildFailed { message, .. } => vec![message.clone()],
            Self::BuildStep { output, message, .. } => {
                output.iter().chain(std::iter::once(message)).cloned().collect()
            }
            Self::File(error) => error.causes(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_option_of_another_builder_gets_its_own_hint() {
        let error = ImageError::BuildStep {
            image: "p:1".into(),
            number: 2,
            step: "RUN --mount=type=cache true".into(),
            output: Vec::new(),
            message: "the --mount option requires BuildKit".into(),
        };
        assert_eq!(
            error.to_string(),
            "building `p:1` failed at step 2: `RUN --mount=type=cache true`"
        );
        assert!(error.hint().is_some_and(|hint| hint.contains("classic builder")));
    }
}
