//! Doors for `tests/fuzz`: parsers that no other room calls, as plain values.

use crate::dockerfile::Sources;
use crate::glob::Glob;
use crate::ignore::IgnoreFile;

/// Which of `paths` a `.dockerignore` leaves out; none when it is refused.
#[must_use]
pub fn left_out(ignore_file: &str, paths: &[&str]) -> Option<Vec<bool>> {
    let file = IgnoreFile::parse(ignore_file).ok()?;
    Some(paths.iter().map(|path| file.excludes(path, &[]).0).collect())
}

/// Whether a pattern matches a path; none when it means nothing.
#[must_use]
pub fn matches(pattern: &str, path: &str) -> Option<bool> {
    Glob::parse(pattern).map(|(glob, _)| glob.matches(path))
}

/// Whether a Dockerfile takes `path`, and whether it may take something below `folder`.
#[must_use]
pub fn takes(dockerfile: &str, path: &str, folder: &str) -> (bool, bool) {
    let sources = Sources::of(dockerfile);
    (sources.take(path), sources.may_take_below(folder))
}
