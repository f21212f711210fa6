//! Images that cannot be found, pulled or built.

use crate::domain::{Advice, Diagnostic, EngineCommand, EngineCommands, ErrorKind, text};
use crate::files::{FileError, Reason};
use crate::registry::ReferenceError;

/// What helps against a full disk.
fn make_room(client: EngineCommands) -> String {
    let own = "free some space: `renku session image prune` removes images of this project that no \
               session uses";
    match client.line(EngineCommand::ShowDisk) {
        Some(command) => format!("{own}, `{command}` shows what takes up space"),
        None => own.to_owned(),
    }
}

/// Whether a registry lets nobody have more for now (status 429).
fn is_rate_limit(message: &str) -> bool {
    let message = message.to_lowercase();
    ["429", "toomanyrequests", "too many requests", "rate limit", "pull limit"]
        .iter()
        .any(|words| message.contains(words))
}

fn wait_or_log_in(client: EngineCommands) -> String {
    let wait = "the registry gives out no more images for now: wait and try again later";
    match client.line(EngineCommand::LogIn(None)) {
        Some(log_in) => format!("{wait}, or `{log_in}` for a higher limit"),
        None => format!("{wait}, or log in for a higher limit"),
    }
}

/// Why there is no image.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The image name cannot be one.
    #[error(transparent)]
    InvalidImageName(#[from] ReferenceError),
    /// The engine does not have the image.
    #[error("there is no image `{image}` on this engine")]
    ImageMissing { image: String, client: EngineCommands },
    /// The name of the project's image is that of an image of somebody else.
    #[error(
        "the image `{image}` was not built by `renku session`, so it is not replaced by a new build"
    )]
    NotOurs { image: String, client: EngineCommands },
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
        client: EngineCommands,
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
    #[error("the registry `{registry}` did not report whether it has the image `{image}`")]
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
        client: EngineCommands,
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
        client: EngineCommands,
    },
    /// The image that the Dockerfile begins from.
    #[error("building `{image}` failed: its base image `{base}` cannot be fetched")]
    BaseImage {
        /// The image that is built.
        image: String,
        /// The one it begins from.
        base: String,
        /// The engine's words.
        message: String,
        client: EngineCommands,
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
    /// A file of the project that cannot be read, and need not be.
    #[error("{error}")]
    Unlisted {
        /// The line of `.dockerignore` that leaves it out.
        line: String,
        error: FileError,
    },
    /// The builder's own image, which a `# syntax=` line names.
    #[error("building `{image}` failed: the builder `{syntax}` cannot be had")]
    Syntax {
        /// The image that is built.
        image: String,
        /// The one that the line names.
        syntax: String,
        /// The engine's words.
        message: String,
    },
    /// A line of `.dockerignore` that means nothing.
    #[error("`{file}` has an invalid pattern: `{pattern}`")]
    IgnorePattern {
        /// The file, relative to the project.
        file: String,
        pattern: String,
    },
    /// A `.dockerignore` has so many patterns that comparing them takes minutes.
    #[error("`{file}` has more than {most} patterns")]
    IgnorePatterns {
        /// The file, relative to the project.
        file: String,
        most: usize,
    },
}

impl ImageError {
    /// The same with the commands of the engine that it is about.
    #[must_use]
    pub fn with_commands(mut self, commands: EngineCommands) -> Self {
        match &mut self {
            Self::ImageMissing { client, .. }
            | Self::NotOurs { client, .. }
            | Self::PullDenied { client, .. }
            | Self::DiskFull { client, .. }
            | Self::BuildStep { client, .. }
            | Self::BaseImage { client, .. } => *client = commands,
            Self::InvalidImageName(_)
            | Self::PullNotFound { .. }
            | Self::PullUnreachable { .. }
            | Self::PullFailed { .. }
            | Self::RegistryBroken { .. }
            | Self::BuildFailed { .. }
            | Self::DockerfileMissing { .. }
            | Self::DockerfileOutside { .. }
            | Self::File(_)
            | Self::Unlisted { .. }
            | Self::Syntax { .. }
            | Self::IgnorePattern { .. }
            | Self::IgnorePatterns { .. } => {}
        }
        self
    }
}

impl Diagnostic for ImageError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::InvalidImageName(error) => Advice::of(error),
            Self::ImageMissing { image, client } => {
                ErrorKind::NotFound.hint(match client.line(EngineCommand::PullImage(image)) {
                    Some(pull) => format!("`{pull}`, or name another image with `--image`"),
                    None => "name another image with `--image`".to_owned(),
                })
            }
            Self::NotOurs { image, client } => {
                let remove = client.line(EngineCommand::RemoveImage(image));
                match (remove, client.line(EngineCommand::NameImage(image))) {
                    (Some(remove), Some(name)) => ErrorKind::Conflict.hint(format!(
                        "`{remove}` frees the name; `{name}` before keeps the image"
                    )),
                    (Some(remove), None) => {
                        ErrorKind::Conflict.hint(format!("`{remove}` frees the name"))
                    }
                    (None, _) => ErrorKind::Conflict.alone(),
                }
            }
            Self::PullNotFound { message, .. } => ErrorKind::NotFound
                .hint("check the name and tag of the image")
                .causes([message]),
            Self::PullDenied { registry, message, client, .. } => ErrorKind::Unauthenticated
                .hint(match client.line(EngineCommand::LogIn(Some(registry))) {
                    Some(log_in) => format!("check the name of the image, or `{log_in}`"),
                    None => "check the name of the image".to_owned(),
                })
                .causes([message]),
            Self::PullUnreachable { message, .. } => ErrorKind::Unavailable
                .hint("check the network, then try again")
                .causes([message]),
            Self::RegistryBroken { message, .. } if is_rate_limit(message) => {
                ErrorKind::Unavailable
                    .hint(wait_or_log_in(EngineCommands::default()))
                    .causes([message])
            }
            Self::BaseImage { message, client, .. } if is_rate_limit(message) => {
                ErrorKind::Unavailable.hint(wait_or_log_in(*client)).causes([message])
            }
            Self::RegistryBroken { message, .. } => ErrorKind::Unavailable
                .hint("try again later, or name another image with `--image`")
                .causes([message]),
            Self::BaseImage { base, message, client, .. } => ErrorKind::Other
                .hint(match client.line(EngineCommand::LogIn(None)) {
                    Some(log_in) => format!(
                        "check the line `FROM {base}` and the network; a private image needs `{log_in}`"
                    ),
                    None => format!("check the line `FROM {base}` and the network"),
                })
                .causes([message]),
            Self::DiskFull { message, client, .. } => {
                ErrorKind::ResourceExhausted.hint(make_room(*client)).causes([message])
            }
            Self::BuildStep { output, message, client, .. } => ErrorKind::Other
                .hint(match message {
                    _ if output.iter().any(|line| text::says_disk_is_full(line)) => {
                        make_room(*client)
                    }
                    message if message.contains("BuildKit") => {
                        "this build uses the classic builder: write the step without BuildKit \
                         options such as `RUN --mount`"
                            .to_owned()
                    }
                    _ => "correct this step of the Dockerfile, then start again".to_owned(),
                })
                .causes(output.iter().chain(std::iter::once(message))),
            Self::DockerfileMissing { .. } => ErrorKind::NotFound
                .hint("name it with `--file PATH`, or use an existing image with `--image IMAGE`"),
            Self::DockerfileOutside { .. } => {
                ErrorKind::InvalidInput.hint("`--file` takes a path inside the project")
            }
            Self::IgnorePattern { file, .. } => ErrorKind::InvalidInput
                .hint(format!("correct or remove the line in `{file}`")),
            Self::IgnorePatterns { .. } => ErrorKind::InvalidInput
                .hint("name folders instead of the files in them, or use wildcards"),
            Self::File(error) => match error.reason() {
                Reason::Unreadable(_) => Advice::of(error).hint("make it readable"),
                _ => Advice::of(error),
            },
            Self::Unlisted { line, error } => Advice::of(error)
                .hint(format!("make it readable, or list `{line}` in `.dockerignore`")),
            Self::Syntax { message, .. } => ErrorKind::Unavailable
                .hint(
                    "the line `# syntax=…` of the Dockerfile has the builder fetched from a \
                     registry: check the network, or remove the line",
                )
                .causes([message]),
            Self::PullFailed { message, .. } if is_rate_limit(message) => ErrorKind::Unavailable
                .hint(wait_or_log_in(EngineCommands::default()))
                .causes([message]),
            Self::PullFailed { message, .. } | Self::BuildFailed { message, .. } => {
                ErrorKind::Other.causes([message])
            }
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
            client: EngineCommands::default(),
        };
        assert_eq!(
            error.to_string(),
            "building `p:1` failed at step 2: `RUN --mount=type=cache true`"
        );
        assert!(error.hint().is_some_and(|hint| hint.contains("classic builder")));
    }

    #[test]
    fn a_registry_that_gives_out_no_more_is_waited_for() {
        let error = ImageError::BaseImage {
            image: "p:1".into(),
            base: "a:1".into(),
            message: "toomanyrequests: You have reached your pull rate limit".into(),
            client: EngineCommands::default(),
        };
        assert_eq!(
            error.hint().as_deref(),
            Some(
                "the registry gives out no more images for now: wait and try again later, or log in \
                 for a higher limit"
            )
        );
        assert_eq!(error.kind(), ErrorKind::Unavailable);
    }

    #[test]
    fn commands_are_those_of_the_engine_or_none() {
        let missing =
            || ImageError::ImageMissing { image: "a:1".into(), client: EngineCommands::default() };
        assert_eq!(missing().hint().as_deref(), Some("name another image with `--image`"));
        let words = EngineCommands::new(|command| match command {
            EngineCommand::PullImage(image) => Some(format!("fetch {image}")),
            _ => None,
        });
        assert_eq!(
            missing().with_commands(words).hint().as_deref(),
            Some("`fetch a:1`, or name another image with `--image`")
        );
        let full = ImageError::DiskFull {
            what: "pulling `a:1`".into(),
            message: String::new(),
            client: words,
        };
        assert_eq!(
            full.hint().as_deref(),
            Some(
                "free some space: `renku session image prune` removes images of this project that no session uses"
            )
        );
    }
}
