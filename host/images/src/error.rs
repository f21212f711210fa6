//! Images that cannot be found, pulled or built.

use crate::domain::{Advice, Advised, ErrorKind, text};
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

impl Advised for ImageError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::InvalidImageName(error) => Advice::of(error),
            Self::ImageMissing { image } => ErrorKind::NotFound
                .hint(format!("`docker pull {image}`, or name another image with `--image`")),
            Self::NotOurs { image } => ErrorKind::Conflict.hint(format!(
                "`docker rmi {image}` frees the name; `docker tag {image} NAME` before keeps the image"
            )),
            Self::PullNotFound { message, .. } => ErrorKind::NotFound
                .hint("check the name and tag of the image")
                .causes([message]),
            Self::PullDenied { registry, message, .. } => ErrorKind::Unauthenticated
                .hint(format!("check the name of the image, or `docker login {registry}`"))
                .causes([message]),
            Self::PullUnreachable { message, .. } => ErrorKind::Unavailable
                .hint("check the network, then try again")
                .causes([message]),
            Self::RegistryBroken { message, .. } => ErrorKind::Unavailable
                .hint("try again later, or name another image with `--image`")
                .causes([message]),
            Self::BaseImage { base, message, .. } => ErrorKind::Other
                .hint(format!(
                    "check the line `FROM {base}` and the network; a private image needs `docker login`"
                ))
                .causes([message]),
            Self::DiskFull { message, .. } => {
                ErrorKind::ResourceExhausted.hint(MAKE_ROOM).causes([message])
            }
            Self::BuildStep { output, message, .. } => ErrorKind::Other
                .hint(match message {
                    _ if output.iter().any(|line| text::says_disk_is_full(line)) => MAKE_ROOM,
                    message if message.contains("BuildKit") => {
                        "this build uses the classic builder: write the step without BuildKit \
                         options such as `RUN --mount`"
                    }
                    _ => "correct this step of the Dockerfile, then start again",
                })
                .causes(output.iter().chain(std::iter::once(message))),
            Self::DockerfileMissing { .. } => ErrorKind::NotFound
                .hint("name it with `--file PATH`, or use an existing image with `--image IMAGE`"),
            Self::DockerfileOutside { .. } => {
                ErrorKind::InvalidInput.hint("`--file` takes a path inside the project")
            }
            Self::IgnorePattern { file, .. } => ErrorKind::InvalidInput
                .hint(format!("correct or remove the line in `{file}`")),
            Self::File(error) => match error.reason() {
                Reason::Unreadable(_) => {
                    let path = error.path().display();
                    Advice::of(error)
                        .hint(format!("make it readable, or list `{path}` in `.dockerignore`"))
                }
                _ => Advice::of(error),
            },
            Self::PullFailed { message, .. } | Self::BuildFailed { message, .. } => {
                ErrorKind::Other.causes([message])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Diagnostic as _;

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
