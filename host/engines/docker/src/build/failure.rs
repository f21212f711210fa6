//! What a failed build is called.

use crate::contract::ImageError;
use crate::domain::{EngineCommands, text};
use crate::message::last_hole;

/// What builders put before what went wrong, and no user needs.
const PREAMBLES: [&str; 5] = [
    "failed to solve with frontend dockerfile.v0: ",
    "failed to solve with frontend gateway.v0: ",
    "failed to solve: ",
    "failed to create LLB definition: ",
    "rpc error: code = Unknown desc = ",
];

/// How builders report the exit status of a program: BuildKit of Docker Engine 20.10, BuildKit
/// since 0.9, the classic builder.
const ENDED: [&str; 3] = [
    "executor failed running [{}]: exit code: {}",
    "process \"{}\" did not complete successfully: exit code: {}",
    "The command '{}' returned a non-zero code: {}",
];

/// The error of a build of `image` that ended with `message`, at the step
/// `number` (none: before or between steps).
pub(super) fn of(
    image: &str,
    number: Option<u64>,
    step: String,
    output: Vec<String>,
    message: String,
) -> ImageError {
    let message = without_preamble(&message).to_owned();
    let client = EngineCommands::default();
    if text::says_disk_is_full(&message) {
        let message = if step.is_empty() { message } else { format!("`{step}`: {message}") };
        return ImageError::DiskFull { what: format!("building `{image}`"), message, client };
    }
    let image = image.to_owned();
    if let Some(syntax) = step.strip_prefix("resolve image config for ") {
        let syntax = syntax.trim_start_matches("docker-image://").to_owned();
        return ImageError::Syntax { image, syntax, message };
    }
    if let Some(base) = base(&step) {
        let base = base.to_owned();
        return ImageError::BaseImage { image, base, message, client };
    }
    match number {
        Some(number) => {
            let message = exit_status(&message).unwrap_or(message);
            ImageError::BuildStep { image, number, step, output, message, client }
        }
        None => ImageError::BuildFailed { image, message },
    }
}

/// The image that a step takes from a registry: `FROM a`, or BuildKit's
/// `[internal] load metadata for a`.
fn base(step: &str) -> Option<&str> {
    let named = step
        .strip_prefix("[internal] load metadata for ")
        .or_else(|| step.strip_prefix("FROM "))
        .or_else(|| step.strip_prefix("from "))?;
    named.split_whitespace().find(|word| !word.starts_with("--"))
}

/// That a program ended badly, without the program again, which every builder
/// repeats in its own way.
fn exit_status(message: &str) -> Option<String> {
    let status = ENDED.iter().find_map(|pattern| last_hole(pattern, message))?;
    let is_number = !status.is_empty() && status.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("it ended with exit status {status}"))
}

fn without_preamble(message: &str) -> &str {
    let mut rest = message;
    while let Some(shorter) = PREAMBLES.iter().find_map(|preamble| rest.strip_prefix(preamble)) {
        rest = shorter;
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Diagnostic, ErrorKind};

    fn at(step: &str, message: &str) -> ImageError {
        of("p:1", Some(1), step.into(), Vec::new(), message.into())
    }

    #[test]
    fn a_base_image_that_cannot_be_had_is_named() {
        for step in [
            "FROM a/b:1 AS build",
            "FROM --platform=linux/amd64 a/b:1",
            "[internal] load metadata for a/b:1",
        ] {
            let error = at(step, "failed to solve: no such host");
            assert_eq!(
                error.to_string(),
                "building `p:1` failed: its base image `a/b:1` cannot be fetched"
            );
            assert_eq!(error.causes(), ["no such host"]);
        }
    }

    #[test]
    fn a_builder_that_a_line_names_is_told_from_base_images() {
        let error = at("resolve image config for docker.io/docker/dockerfile:1", "no such host");
        assert_eq!(
            error.to_string(),
            "building `p:1` failed: the builder `docker.io/docker/dockerfile:1` cannot be had"
        );
        assert!(error.hint().is_some_and(|hint| hint.contains("# syntax=")));
    }

    #[test]
    fn all_builders_say_how_a_program_ended_in_the_same_words() {
        for message in [
            "executor failed running [/bin/sh -c make]: exit code: 2",
            "process \"/bin/sh -c make\" did not complete successfully: exit code: 2",
            "The command '/bin/sh -c make' returned a non-zero code: 2",
        ] {
            assert_eq!(at("RUN make", message).causes(), ["it ended with exit status 2"]);
        }
        assert_eq!(at("COPY a b", "not found").causes(), ["not found"]);
    }

    #[test]
    fn a_full_disk_is_no_mistake_in_the_dockerfile() {
        let error = at("RUN make", "write /x: no space left on device");
        assert_eq!(error.kind(), ErrorKind::ResourceExhausted);
        assert_eq!(
            error.to_string(),
            "the disk of the container engine is full: building `p:1` failed"
        );
        assert_eq!(error.causes(), ["`RUN make`: write /x: no space left on device"]);
        // What a step prints may be about a small disk of its own.
        let printed = of(
            "p:1",
            Some(2),
            "RUN cp a b".into(),
            vec!["cp: error writing 'b': No space left on device".into()],
            "exit code: 1".into(),
        );
        assert_eq!(printed.kind(), ErrorKind::Other);
        assert!(printed.hint().is_some_and(|hint| hint.contains("free some space")));
    }
}
