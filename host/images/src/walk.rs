//! Everything of the project that a build can see, in the order of names.

use std::io;

use crate::ImageError;
use crate::dockerfile::{Sources, escaped};
use crate::files::below::{Entry, Kind};
use crate::files::{FileError, ProjectTree, Reason};
use crate::ignore::{IgnoreFile, Matched};

/// Calls `visit` for everything in `tree` that is not ignored and that `sources` take,
/// with its path from the root as patterns see it.
///
/// # Errors
///
/// [`ImageError::File`], also for what `visit` fails with.
pub(crate) fn walk(
    tree: &ProjectTree,
    ignore: &IgnoreFile,
    sources: &Sources,
    visit: &mut dyn FnMut(&Entry, &str) -> io::Result<()>,
) -> Result<(), ImageError> {
    let mut look = |entry: &Entry, parent: &Matched| {
        let relative = entry.path().to_string_lossy();
        let (excluded, matched) = ignore.excludes(&relative, parent);
        if !excluded && sources.take(&relative) {
            visit(entry, &relative)?;
        }
        let is_of_interest = entry.seen().kind == Kind::Folder
            && (!excluded || ignore.may_contain_exception(&relative))
            && sources.may_take_below(&relative);
        Ok(is_of_interest.then_some(matched))
    };
    tree.walk(Matched::new(), &mut look).map_err(|error| unreadable(tree, ignore, error))
}

/// What cannot be read is named as `.dockerignore` names it, unless it is there already.
fn unreadable(tree: &ProjectTree, ignore: &IgnoreFile, error: FileError) -> ImageError {
    let relative = error.path().strip_prefix(tree.path()).ok();
    let relative = relative.map(|path| path.to_string_lossy().into_owned());
    let is_unreadable = matches!(error.reason(), Reason::Unreadable(_));
    match relative {
        Some(line) if is_unreadable && !line.is_empty() && !ignore.lists(&line) => {
            ImageError::Unlisted { line: escaped(&line), error }
        }
        _ => error.into(),
    }
}
